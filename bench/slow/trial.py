"""The same feed twice, to those who keep up alone and with slow clients among them; what that cost whom."""

import asyncio
import ssl
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from bench.slow.house import House, kernel_tcp_bytes
from bench.slow.plan import MESSAGE_BYTES, Plan
from bench.slow.reader import Reader
from bench.slow.sluggard import Read, Sluggard
from bench.slow.tongue import Tongue

SAMPLE_S = 0.25
MIB = 1 << 20
CLOSED = ("unit", "board")
"""The kinds whose slow clients are closed: nothing of theirs may be left out."""
READ_AFTER_S = 1.5


class Round(Struct, kw_only=True):
    """One feed, as those who keep up saw it."""

    p50_s: float
    p99_s: float
    cpu_s: float
    """What the hub has worked: it tells of slow clients' cost where other programs make delays mean little."""
    deliveries: int
    lost: int
    """How many messages somebody did not get, or in the wrong order."""
    ended: Sequence[str]
    """Why those who should have kept up were closed."""
    growth_bytes: int
    """By how much the hub's resident memory was at most above what it was before."""
    kernel_bytes: int
    """By how much the TCP memory of the machine was at most above what it was before."""


class Slow(Struct, kw_only=True):
    """What became of one slow client."""

    kind: str
    read: Read
    dropped: int = 0
    """What the hub says it has dropped for it."""
    pending_bytes: int = 0
    """The most that the hub said to wait for it."""
    fed_bytes: int = 0


class Outcome(Struct, kw_only=True):
    """Both rounds."""

    plan: Plan
    alone: Round
    beside: Round
    slow: list[Slow]

    @property
    def ratio(self) -> float:
        """The p99 delay of those who keep up beside slow clients, against without."""
        return self.beside.p99_s / self.alone.p99_s

    @property
    def growth_each_bytes(self) -> float:
        """By how much more the hub grew beside slow clients than without, for each of them."""
        return max(0, self.beside.growth_bytes - self.alone.growth_bytes) / len(self.slow)


class Trial:
    """A hub with three devices, its good clients, its slow ones."""

    def __init__(self, plan: Plan, house: House) -> None:
        self._plan = plan
        self._house = house
        self._context = ssl.create_default_context()
        # The hub is this program's own, on loopback.
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE
        self._reads: list[tuple[str, asyncio.Task[Read]]] = []
        self.readers: dict[str, list[Reader]] = {}
        self.sluggards: dict[str, list[Sluggard]] = {}

    async def run(self, *, is_warmed: bool = True) -> Outcome:
        """Connect who keeps up, feed; connect the others, feed again."""
        plan = self._plan
        for kind, count in plan.good.items():
            self.readers[kind] = [await self._reader(kind) for _ in range(count)]
        if is_warmed:
            # A first feed makes the hub's memory as large as its own work needs it.
            await self._feed({})
        alone = await self._feed({})
        for kind, count in plan.slow.items():
            self.sluggards[kind] = [await asyncio.to_thread(self._sluggard, kind) for _ in range(count)]
        most: dict[int, Any] = {}  # Any: JSON
        beside = await self._feed(most)
        return Outcome(plan=plan, alone=alone, beside=beside, slow=self._became(most))

    def close(self) -> None:
        """Everybody goes."""
        for reader in (one for ones in self.readers.values() for one in ones):
            reader.close()
        for sluggard in (one for ones in self.sluggards.values() for one in ones):
            sluggard.close()

    async def _reader(self, kind: str) -> Reader:
        tongue = self._house.tongues[kind]
        reader = Reader(tongue)
        await reader.connect(*self._way(tongue))
        return reader

    def _sluggard(self, kind: str) -> Sluggard:
        tongue = self._house.tongues[kind]
        sluggard = Sluggard(tongue)
        sluggard.connect(*self._way(tongue))
        return sluggard

    def _way(self, tongue: Tongue) -> tuple[int, ssl.SSLContext | None]:
        return (self._house.tls, self._context) if tongue.is_tls else (self._house.plain, None)

    async def _feed(self, most: dict[int, Any]) -> Round:  # Any: JSON
        plan = self._plan
        readers = [one for ones in self.readers.values() for one in ones]
        for reader in readers:
            reader.expect()
        resident, kernel = self._house.hub.resident_bytes, kernel_tcp_bytes()
        growth = kernel_growth = 0
        worked_s = self._house.hub.cpu_s
        for kind in plan.good:
            await asyncio.to_thread(self._house.burst, kind, plan.messages(kind))
        began = time.monotonic()
        deadline = began + max(plan.feed_s.values()) * 2 + 5
        silent = set(plan.good)
        closed_at = 0.0
        while silent and time.monotonic() < deadline:
            await asyncio.sleep(SAMPLE_S)
            growth = max(growth, self._house.hub.resident_bytes - resident)
            kernel_growth = max(kernel_growth, kernel_tcp_bytes() - kernel)
            await self._remember(most)
            # Whoever is closed has a few seconds to read why, however long the others are still fed.
            closing = sum(one["is_closing"] for one in most.values())
            if closing and not closed_at and closing >= sum(map(plan.slow.__getitem__, CLOSED)):
                closed_at = time.monotonic()
            is_late = closed_at > 0 and time.monotonic() > closed_at + READ_AFTER_S
            for kind in list(silent):
                if all(one.next == plan.messages(kind) for one in self.readers[kind]) or (is_late and kind in CLOSED):
                    silent.discard(kind)
                    self._resume(kind)
        while not self._have_all() and time.monotonic() < deadline:  # noqa: ASYNC110  # as in bench.hub
            await asyncio.sleep(SAMPLE_S)
        for kind in silent:
            self._resume(kind)
        for _, task in self._reads:
            await task
        await self._remember(most)
        delays = sorted(delay for reader in readers for delay in reader.delays_s)
        lost = sum(reader.gaps for reader in readers) + sum(
            plan.messages(kind) - one.next for kind, ones in self.readers.items() for one in ones
        )
        return Round(
            p50_s=statistics.median(delays),
            p99_s=delays[len(delays) * 99 // 100],
            cpu_s=self._house.hub.cpu_s - worked_s,
            deliveries=len(delays),
            lost=lost,
            ended=sorted(
                {f"{kind}: {one.closed}" for kind, ones in self.readers.items() for one in ones if one.closed}
            ),
            growth_bytes=growth,
            kernel_bytes=kernel_growth,
        )

    def _have_all(self) -> bool:
        return all(one.next == self._plan.messages(kind) for kind, ones in self.readers.items() for one in ones)

    def _resume(self, kind: str) -> None:
        """The slow clients of a kind read again, each in a thread of its own."""
        for one in self.sluggards.get(kind, []):
            task = asyncio.create_task(asyncio.to_thread(one.read_on, self._plan.messages(kind) - 1))
            self._reads.append((kind, task))

    async def _remember(self, most: dict[int, Any]) -> None:  # Any: JSON
        """Keep of each client the newest figures, and the most that waited for it."""
        for one in await asyncio.to_thread(self._house.clients):
            before = most.get(one["id"], {"pending_bytes": 0})
            one["pending_bytes"] = max(one["pending_bytes"], before["pending_bytes"])
            most[one["id"]] = one

    def _became(self, most: Mapping[int, Any]) -> list[Slow]:  # Any: JSON
        # They came last, one after another: their numbers are in the order of their coming.
        numbers = sorted(most)[-sum(map(len, self.sluggards.values())) :]
        return [
            Slow(
                kind=kind,
                read=task.result(),
                dropped=most[number]["dropped"],
                pending_bytes=most[number]["pending_bytes"],
                fed_bytes=self._plan.messages(kind) * MESSAGE_BYTES[kind],
            )
            for number, (kind, task) in zip(numbers, sorted(self._reads, key=self._order), strict=True)
        ]

    def _order(self, read: tuple[str, asyncio.Task[Read]]) -> int:
        return list(self._plan.slow).index(read[0])


def told(outcome: Outcome) -> str:
    """Return an outcome as lines to read."""
    lines = []
    for name, one in (("without slow clients", outcome.alone), ("beside 20 slow ones", outcome.beside)):
        lines.append(
            f"{name:<22} p50 {one.p50_s * 1e3:7.2f} ms   p99 {one.p99_s * 1e3:7.2f} ms   deliveries {one.deliveries:>8}"
            f"   lost {one.lost}   CPU {one.cpu_s:.2f} s   hub +{one.growth_bytes / MIB:.1f} MiB"
            f"   kernel's TCP +{one.kernel_bytes / MIB:.1f} MiB{''.join('   ' + why for why in one.ended)}"
        )
    for kind in outcome.plan.slow:
        ones = [slow for slow in outcome.slow if slow.kind == kind]
        ends = sorted({f"{one.read.end} {one.read.code or ''} {one.read.reason}".strip() for one in ones})
        lines.append(
            f"{len(ones)} slow at the {kind:<6} read {min(len(one.read.told) for one in ones)} to "
            f"{max(len(one.read.told) for one in ones)} of {outcome.plan.messages(kind)}, dropped "
            f"{min(one.dropped for one in ones)} to {max(one.dropped for one in ones)}, pending at most "
            f"{max(one.pending_bytes for one in ones) / 1024:.0f} KiB: {'; '.join(ends)}"
        )
    lines.append(
        f"p99 of the others x {outcome.ratio:.2f}; hub's memory for each slow one "
        f"{outcome.growth_each_bytes / MIB:.2f} MiB of a budget of {outcome.plan.budget_bytes / MIB:.2f} MiB"
    )
    return "\n".join(lines)
