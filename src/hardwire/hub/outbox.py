"""The numbers of what is sent to accounts, with the newest messages of each in memory (decision 8)."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from hardwire.contracts.dialect import Dialect
from hardwire.model.fact import Fact
from hardwire.model.history import Export

# What memory holds of an account: a client that was away for a minute is served without the disk.
RING_MESSAGES = 4096
RING_BYTES = 1 << 20

Message = tuple[str, str]
"""An account with what it is sent."""


class _Ring:
    """The newest messages of one account in this epoch."""

    __slots__ = ("forgotten", "given", "messages", "shown", "size_bytes")

    def __init__(self) -> None:
        self.messages: deque[Export] = deque()
        self.size_bytes = 0
        self.given = 0
        """The newest number that any message has, told or on its way to the disk."""
        self.shown = 0
        """The newest number that was told."""
        self.forgotten = 0
        """The newest number that is no longer in memory."""


class Outbox:
    """Gives each message of an account the next number, in order of arrival; order is (epoch, number)."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        on_fault: Callable[[str, Exception], None],
        *,
        ring_messages: int = RING_MESSAGES,
        ring_bytes: int = RING_BYTES,
    ) -> None:
        """`on_fault` hears of a dialect's own faults: its message is not exported then."""
        self.epoch = 0
        """The number of this start of the hub (`Exports.begin_epoch`), to be set before anything is told."""
        self._now = clock
        self._on_fault = on_fault
        self._ring_messages = ring_messages
        self._ring_bytes = ring_bytes
        self._dialects: Sequence[Dialect] = ()
        self._rings: dict[str, _Ring] = {}

    def speak(self, dialects: Mapping[str, Dialect]) -> None:
        """Take the dialects that export."""
        self._dialects = tuple(dialects.values())

    def messages(self, fact: Fact) -> Sequence[Message]:
        """Return what accounts are sent for a fact, whether anybody watches or not."""
        found: list[Message] = []
        for dialect in self._dialects:
            try:
                found.extend(dialect.exports(fact))
            except Exception as fault:  # noqa: BLE001 (one conversation's edge: no driver may feel a dialect's fault)
                self._on_fault(f"{dialect.name} exports of {fact.device}", fault)
        return found

    def number(self, device: str, messages: Iterable[Message]) -> tuple[Export, ...]:
        """Give messages that have arrived now the next numbers of their accounts."""
        arrived = self._now()
        exports = []
        for account, message in messages:
            ring = self._rings.get(account)
            if ring is None:
                ring = self._rings[account] = _Ring()
            ring.given += 1
            exports.append(Export(account, self.epoch, ring.given, device, arrived, message))
        return tuple(exports)

    def show(self, exports: Iterable[Export]) -> None:
        """Take messages that are told now: from here on theirs are the newest numbers."""
        for export in exports:
            ring = self._rings[export.account]
            ring.shown = export.number
            ring.messages.append(export)
            ring.size_bytes += len(export.message)
            while len(ring.messages) > self._ring_messages or ring.size_bytes > self._ring_bytes:
                oldest = ring.messages.popleft()
                ring.size_bytes -= len(oldest.message)
                ring.forgotten = oldest.number

    @property
    def numbered(self) -> int:
        """How many messages of all accounts were given a number since the hub started."""
        return sum(ring.given for ring in self._rings.values())

    def last(self, account: str) -> tuple[int, int]:
        """Epoch and number of the newest message that was told; number 0 where none was in this epoch."""
        ring = self._rings.get(account)
        return self.epoch, 0 if ring is None else ring.shown

    def after(self, account: str, after: tuple[int, int]) -> Sequence[Export] | None:
        """The messages that were told after a number; None where memory does not reach back so far."""
        epoch, number = after
        if epoch != self.epoch:
            return None
        ring = self._rings.get(account)
        if ring is None:
            return ()
        if number < ring.forgotten:
            return None
        newest_first = []
        for export in reversed(ring.messages):
            if export.number <= number:
                break
            newest_first.append(export)
        return newest_first[::-1]
