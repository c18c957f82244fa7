"""Two thousand hostile connections of each kind, while a hundred good clients notice nothing."""

import asyncio
import json
import os
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, TCPConnector, WSMsgType
from msgspec import Struct

from hardwire.server.limits import DEFAULT_LIMITS
from tests.journeys.hub import Hub, environment
from tests.journeys.siege import KINDS

WITHIN_S = 60
HOSTILE = 2000
POURING = 200
HOLD_S = 2.0
EVERY_S = 0.5
TOKEN = "A" * 32
# The meter tells once a second: a push that stays out for longer was lost.
PUSH_WITHIN_S = 20.0
# What a good client may wait at worst on a machine that does other things besides.
SLOWEST_S = 10.0
# Who connects anew stands in line with the crowd.
SLOWEST_NEW_S = 40.0
# Those who never get as far as a request; of them so many may stand, and a few that came in the same moment.
WORDLESS = ("silent", "half-head", "dripping", "stalled-hello")
STANDING = DEFAULT_LIMITS.unproven + 50
# Those who come with a handshake: at least so many of them were let in before they did harm.
UPGRADED = {"unauthorized": 200, "pouring": 150}
# What may stay when all have gone: files of the good clients' own pauses, memory that the allocator keeps.
FILES_LEFT = 20
KIB_LEFT = 128 * 1024


class Row(Struct, frozen=True):
    """How the good clients fared during one siege."""

    siege: str
    became: dict[str, int]
    delays_s: Sequence[float]
    coming_s: Sequence[float]
    pushes: int

    def __str__(self) -> str:
        times = "".join(
            f"{percentile_ms(one, share):9.0f}" for one in (self.delays_s, self.coming_s) for share in (0.5, 0.99, 1.0)
        )
        return f"{self.siege:14}{len(self.delays_s):8}{times}{self.pushes:8}  {self.became or ''}"


HEAD = (
    "siege          answers   p50 ms   p99 ms    worst  new: p50      p99    worst  pushes  hostile connections\n"
    "-------------- ------- -------- -------- -------- --------- -------- --------  ------  -------------------"
)


class Good:
    """The good clients, and how long each waited for each answer."""

    def __init__(self, hub: Hub, session: ClientSession, tls: ssl.SSLContext) -> None:
        self.hub = hub
        self.session = session
        self.tls = tls
        self.delays_s: list[float] = []
        """Of those who stand connected."""
        self.coming_s: list[float] = []
        """Of those who connect anew each time, over TLS."""
        self.pushes = 0

    async def program(self, number: int) -> None:
        """An obniz program that has each of its pings answered, in order."""
        async with self.session.ws_connect(f"{self.hub.http}/obniz/1111-1111/ws/1") as socket:
            await socket.receive_str(timeout=WITHIN_S)
            count = 0
            while True:
                count += 1
                began_s = time.monotonic()
                await socket.send_str(json.dumps([{"system": {"ping": {"key": [number, count % 256]}}}]))
                await self._hear_pong(socket, [number, count % 256])
                self.delays_s.append(time.monotonic() - began_s)
                await asyncio.sleep(EVERY_S)

    async def _hear_pong(self, socket: ClientWebSocketResponse, key: list[int]) -> None:
        while True:
            for told in json.loads(await socket.receive_str(timeout=WITHIN_S)):
                if "pong" in told.get("system", {}):
                    assert told["system"]["pong"]["key"] == key
                    return

    async def energy_reader(self, number: int) -> None:
        """A HomeWizard program over TLS that gets each measurement."""
        async with self.session.ws_connect(f"{self.hub.wss}/api/ws", ssl=self.tls) as socket:
            await socket.receive_str(timeout=WITHIN_S)
            await socket.send_json({"type": "authorization", "data": TOKEN})
            await socket.send_json({"type": "subscribe", "data": "measurement"})
            while True:
                message = await socket.receive(timeout=PUSH_WITHIN_S)
                assert message.type is WSMsgType.TEXT, message
                self.pushes += 1

    async def poller(self, number: int) -> None:
        """A program that asks again and again on a connection that it keeps."""
        await self._poll(self.session, f"{self.hub.http}/api/v1/data", {}, self.delays_s)

    async def newcomer(self, number: int) -> None:
        """A program that connects anew over TLS for each question."""
        async with ClientSession(connector=TCPConnector(force_close=True), timeout=ClientTimeout(WITHIN_S)) as session:
            headers = {"Authorization": f"Bearer {TOKEN}"}
            await self._poll(session, f"{self.hub.https}/api/measurement", headers, self.coming_s)

    async def _poll(self, session: ClientSession, url: str, headers: dict[str, str], delays_s: list[float]) -> None:
        while True:
            began_s = time.monotonic()
            async with session.get(url, ssl=self.tls, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
                await answer.json()
            delays_s.append(time.monotonic() - began_s)
            await asyncio.sleep(EVERY_S)

    def taken(self, siege: str, became: dict[str, int]) -> "Row":
        """What was noted since the last call."""
        row = Row(siege, became, sorted(self.delays_s), sorted(self.coming_s), self.pushes)
        self.delays_s.clear()
        self.coming_s.clear()
        self.pushes = 0
        return row


@asynccontextmanager
async def good_clients(hub: Hub) -> AsyncIterator[tuple[Good, Callable[[], None]]]:
    """A hundred of them; what is yielded with them raises what one of them met."""
    tls = ssl.create_default_context(cafile=hub.ca)
    tls.check_hostname = False
    async with ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(WITHIN_S)) as session:
        good = Good(hub, session, tls)
        kinds: list[tuple[Callable[[int], Coroutine[Any, Any, None]], int]] = [
            (good.program, 40),
            (good.energy_reader, 25),
            (good.poller, 25),
            (good.newcomer, 10),
        ]
        tasks = [asyncio.create_task(kind(number)) for kind, count in kinds for number in range(count)]

        def check() -> None:
            for task in tasks:
                if task.done():
                    task.result()
                    raise AssertionError("a good client has ended")

        try:
            yield good, check
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def besieged(hub: Hub, kind: str, count: int) -> dict[str, int]:
    """Let one siege be over; returns what became of its connections."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.journeys.siege", kind, str(count), str(hub.port), str(hub.tls_port), str(HOLD_S)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=environment(),
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(), 60)
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode == 0
    became: dict[str, int] = json.loads(told)
    return became


def held(pid: int) -> tuple[int, int]:
    """How many files a process has open, and how much memory it holds (KiB)."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    kib = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return len(os.listdir(f"/proc/{pid}/fd")), kib


def percentile_ms(delays_s: Sequence[float], share: float) -> float:
    """The delay that so many of them do not exceed."""
    return 1000 * delays_s[min(len(delays_s) - 1, int(share * len(delays_s)))]


@pytest.mark.slow
async def test_two_thousand_of_each_hostile_kind_harm_no_good_client(
    make_hub: Callable[[], Hub], capsys: pytest.CaptureFixture[str]
) -> None:
    hub = await asyncio.to_thread(make_hub)
    async with good_clients(hub) as (good, check):
        await asyncio.sleep(2 * HOLD_S)
        good.taken("", {})
        await asyncio.sleep(HOLD_S)
        rows = [good.taken("nobody", {})]
        before = after = held(hub.pid)
        for kind in KINDS:
            became = await besieged(hub, kind, POURING if kind == "pouring" else HOSTILE)
            # What the siege has left to be read is read by then.
            while not (good.delays_s and good.coming_s and good.pushes):
                check()
                await asyncio.sleep(0.1)
            rows.append(good.taken(kind, became))
        for _ in range(100):
            after = held(hub.pid)
            if after[0] <= before[0] + FILES_LEFT:
                break
            await asyncio.sleep(0.1)
        check()

    with capsys.disabled():
        print("", HEAD, *rows, sep="\n")
        print(f"files {before[0]} -> {after[0]}, memory {before[1]} -> {after[1]} KiB")
    for row in rows:
        assert row.delays_s[-1] < SLOWEST_S, row.siege
        assert row.coming_s[-1] < SLOWEST_NEW_S, row.siege
        assert row.pushes > 0, row.siege
    for row in rows[1:]:
        became = row.became
        assert became["stood"] >= (POURING if row.siege in UPGRADED else HOSTILE * 0.9), row
        assert became.get("101", 0) >= UPGRADED.get(row.siege, 0), row
        if row.siege in WORDLESS:
            # They were really there, and had to go before their ten seconds were over.
            assert became["stood"] - became["ended"] <= STANDING, row
    assert after[0] <= before[0] + FILES_LEFT
    assert after[1] <= before[1] + KIB_LEFT
