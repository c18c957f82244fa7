"""The queue mode as a function of the board: what is published is gathered and stamped."""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.clock import Clock
from hardwire.model.board.logic_analyzer import LogicSampled
from hardwire.model.board.system import Batch, SetQueueMode, Stamp, Timestamped
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

LONGEST_MS = 3_600_000
"""The longest interval (obniz reference, section 3.2)."""
MOST_GATHERED = 1_000
MOST_BYTES = 262_144
"""A batch that is full, of happenings or of what they hold, goes before its time."""


class Gathering:
    """What a board has to say, on its way out: at once, or every few moments in one batch."""

    commands: Sequence[type[Command]] = (SetQueueMode,)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.power_on()

    def power_on(self) -> None:
        """Let everything go at once and unstamped; what was gathered is lost with the rest."""
        self._stamp = Stamp.NONE
        self._interval_us = 0
        self._gathered: list[Happening] = []
        self._size_bytes = 0
        self._due_us: int | None = None

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Choose the interval and the stamp; what was gathered goes with the next turn."""
        assert isinstance(command, SetQueueMode)
        if not 0 <= command.interval_ms <= LONGEST_MS:
            raise BadValueError(f"an interval is 0 to {LONGEST_MS} ms", path="interval_ms")
        self._stamp = command.stamp
        self._interval_us = command.interval_ms * 1_000
        if self._gathered:
            self._due_us = now_us
        return ()

    def stamped(self, happenings: Sequence[Happening], now_us: int) -> Sequence[Happening]:
        """Return them with the time before each, where programs want it."""
        if self._stamp is Stamp.NONE:
            return happenings
        time = self._clock.unix_ms(now_us)
        if self._stamp is Stamp.SECONDS:
            time //= 1_000
        mark = Timestamped(time, self._stamp)
        return [one for happening in happenings for one in (mark, happening)]

    def let_out(self, told: Sequence[Happening], now_us: int) -> Sequence[Happening]:
        """Take what was told just now, and return what goes out."""
        if not self._gathered and (not told or not self._interval_us):
            if self._stamp is Stamp.NONE:
                return told
            return [Batch(tuple(self.stamped((one,), now_us))) for one in told]
        if self._due_us is None:
            self._due_us = now_us + self._interval_us
        self._gathered += self.stamped(told, now_us)
        self._size_bytes += sum(map(_size_bytes, told))
        if now_us < self._due_us and len(self._gathered) < MOST_GATHERED and self._size_bytes < MOST_BYTES:
            return ()
        batch = Batch(tuple(self._gathered))
        self._gathered.clear()
        self._size_bytes = 0
        self._due_us = None
        return (batch,)

    def advance(self, now_us: int) -> None:
        """What is due goes out behind what all functions have told."""

    def next_change_us(self, now_us: int) -> int | None:
        """Return when the batch is due."""
        return self._due_us


def _size_bytes(happening: Happening) -> int:
    """Return how much a happening holds: samples of the logic analyzer, or bytes of a port, bus or connection."""
    if isinstance(happening, LogicSampled):
        return len(happening.bits)
    octets = getattr(happening, "octets", b"")
    return len(octets) if isinstance(octets, bytes) else 0
