"""How facts come in: what somebody was promised is on the disk before anybody is told, each account keeps its order."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from msgspec import Struct

from hardwire.contracts.store import Store
from hardwire.hub.outbox import Message, Outbox
from hardwire.model.errors import HardwireError, HubFaultError
from hardwire.model.fact import Fact, Log, LogRow, Sample
from hardwire.model.history import Export

# How many facts of several callers go to the disk together.
FACTS_PER_WRITE = 20_000
# After so many facts of a batch others have their turn: a batch of ten thousand takes a quarter of a second.
FACTS_PER_TURN = 100
# What waits behind a write. The disk of a hub that reaches it has hung for minutes without an error.
HELD_FACTS = 50_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

Promised: TypeAlias = Sample | LogRow


class _Parcel(Struct, eq=False):
    """What one caller has submitted, with the answer that it waits for."""

    facts: tuple[Promised, ...]
    answer: "asyncio.Future[int]"


class _Numbered(Struct, frozen=True):
    """A fact that is on its way to the disk, with the messages made of it."""

    fact: Promised
    exports: tuple[Export, ...]


class Intake:
    """Numbers facts and tells them. While a write of an account is on its way, later facts of it wait behind it."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        *,
        spread: Callable[[Fact], None],
        tell: Callable[[Fact], None],
        on_fault: Callable[[str, BaseException], None],
    ) -> None:
        """`spread` gives a fact to every hub of the bus, `tell` shows it to this one's clients."""
        self._store = store
        self._outbox = outbox
        self._spread = spread
        self._tell = tell
        self._on_fault = on_fault
        self._parcels: deque[_Parcel] = deque()
        self._recorders: list[Callable[[Fact], None]] = []
        self._worker: asyncio.Task[None] | None = None
        self._busy: set[str] = set()
        self._held: deque[tuple[Fact, Sequence[Message]]] = deque()
        self._written: dict[int, _Numbered] = {}
        """Facts on the disk that are told just now, by identity: the bus brings them back as it brings any other."""

    def record(self, recorder: Callable[[Fact], None]) -> None:
        """Hand a recorder, which may not wait, every fact that is not on the disk yet."""
        self._recorders.append(recorder)

    def held(self) -> int:
        """How many facts wait behind a write of their account."""
        return len(self._held)

    def take(self, fact: Fact) -> None:
        """Number and tell a fact of the bus, now or behind the write that is on its way."""
        written = self._written.pop(id(fact), None)
        if written is not None:
            self._outbox.show(written.exports)
            self._tell(fact)
            return
        messages = self._outbox.messages(fact)
        if messages and self._busy and any(account in self._busy for account, _ in messages):
            self._hold(fact, messages)
        else:
            self._pass(fact, messages)

    async def submit(self, facts: Sequence[Promised]) -> int:
        """Have facts on the disk, then tell what was new of them; returns how many values were new.

        Raises:
            HubFaultError: the disk refuses. Nothing is told; the numbers that the messages were given stay unused.
        """
        if not facts:
            return 0
        loop = asyncio.get_running_loop()
        parcel = _Parcel(tuple(facts), loop.create_future())
        self._parcels.append(parcel)
        if self._worker is None:
            self._worker = loop.create_task(self._work(), name="intake")
        return await parcel.answer

    async def _work(self) -> None:
        """Write what has gathered while the write before it was on its way."""
        try:
            while self._parcels:
                await self._write(self._gathered())
        finally:
            self._worker = None

    def _gathered(self) -> Sequence[_Parcel]:
        """Return the parcels that may be written together: no two tell of the same instant of a device.

        Of such two the second is news only if the first one was written.
        """
        parcels: list[_Parcel] = []
        marks: set[tuple[str, Log | None, int]] = set()
        count = 0
        while self._parcels:
            facts = self._parcels[0].facts
            own = {_mark(fact) for fact in facts}
            count += len(facts)
            if parcels and (count > FACTS_PER_WRITE or marks & own):
                break
            marks |= own
            parcels.append(self._parcels.popleft())
        return parcels

    async def _write(self, parcels: Sequence[_Parcel]) -> None:
        try:
            news = await asyncio.gather(*(self._store.news(parcel.facts) for parcel in parcels), return_exceptions=True)
            numbered = [() if isinstance(new, BaseException) else await self._numbered(new) for new in news]
            counts = await asyncio.gather(*map(self._append, numbered), return_exceptions=True)
            for parcel, new, ready, count in zip(parcels, news, numbered, counts, strict=True):
                if isinstance(new, BaseException):
                    self._refuse(parcel, new)
                elif isinstance(count, BaseException):
                    self._refuse(parcel, count)
                else:
                    await self._show(ready)
                    if not parcel.answer.done():
                        parcel.answer.set_result(count)
        except Exception as fault:  # noqa: BLE001 (nobody may be left waiting, and those behind them have their turn)
            for parcel in parcels:
                self._refuse(parcel, fault)
        finally:
            await self._release()

    async def _numbered(self, news: Sequence[Promised]) -> Sequence[_Numbered]:
        ready: list[_Numbered] = []
        for place, fact in enumerate(news, 1):
            if place % FACTS_PER_TURN == 0:
                # What comes meanwhile for an account that is busy already waits behind this batch.
                await asyncio.sleep(0)
            exports = self._outbox.number(fact.device, self._outbox.messages(fact))
            self._busy.update(export.account for export in exports)
            ready.append(_Numbered(fact, exports))
        return ready

    async def _append(self, ready: Sequence[_Numbered]) -> int:
        if not ready:
            return 0
        return await self._store.append(
            [one.fact for one in ready], [export for one in ready for export in one.exports]
        )

    async def _show(self, ready: Sequence[_Numbered]) -> None:
        for place, one in enumerate(ready, 1):
            if place % FACTS_PER_TURN == 0:
                await asyncio.sleep(0)
            self._written[id(one.fact)] = one
            try:
                self._spread(one.fact)
            except Exception as fault:  # noqa: BLE001 (what is on the disk is answered for, whatever a watcher does)
                self._on_fault(one.fact.device, fault)
            # A hub that has left the bus is brought nothing any more.
            self._written.pop(id(one.fact), None)

    def _refuse(self, parcel: _Parcel, fault: BaseException) -> None:
        if not isinstance(fault, HardwireError):
            self._on_fault("intake", fault)
            fault = HubFaultError("the hub failed; its log says why")
        if not parcel.answer.done():
            parcel.answer.set_exception(fault)

    def _hold(self, fact: Fact, messages: Sequence[Message]) -> None:
        if len(self._held) == HELD_FACTS:
            lost, _ = self._held.popleft()
            self._on_fault(lost.device, HubFaultError("the disk hangs: a fact that waited behind a write was dropped"))
        self._held.append((fact, messages))

    async def _release(self) -> None:
        """Tell what has waited; what comes meanwhile goes behind it."""
        told = 0
        while self._held:
            told += 1
            if told % FACTS_PER_TURN == 0:
                await asyncio.sleep(0)
            fact, messages = self._held.popleft()
            try:
                self._pass(fact, messages)
            except Exception as fault:  # noqa: BLE001 (those behind it must not wait for ever)
                self._on_fault(fact.device, fault)
        self._busy.clear()

    def _pass(self, fact: Fact, messages: Sequence[Message]) -> None:
        if messages:
            exports = self._outbox.number(fact.device, messages)
            try:
                self._store.exports.note(exports)
            except HardwireError as fault:
                self._on_fault("exports", fault)
            self._outbox.show(exports)
        self._tell(fact)
        for recorder in self._recorders:
            recorder(fact)


def _mark(fact: Promised) -> tuple[str, Log | None, int]:
    # As the store tells instants apart.
    return fact.device, fact.log if isinstance(fact, LogRow) else None, (fact.at - _EPOCH) // _MILLISECOND
