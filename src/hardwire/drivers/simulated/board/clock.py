"""The board's own clock as a function: programs set it, and ask whether the board takes commands."""

from collections.abc import Sequence

from hardwire.model.board.system import PingBoard, Pong, SetClock, SetPingInterval
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

LATEST_MS = 2**48
"""Some nine thousand years."""


class Clock:
    """A clock that runs like the hub's, with an offset where a program has set it; power-on sets it right."""

    commands: Sequence[type[Command]] = (PingBoard, SetClock, SetPingInterval)

    def __init__(self) -> None:
        self.power_on()

    def power_on(self) -> None:
        """Be right."""
        self._ahead_ms = 0

    def unix_ms(self, now_us: int) -> int:
        """Return what the clock shows."""
        return now_us // 1_000 + self._ahead_ms

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Answer a ping, or set the clock."""
        match command:
            case PingBoard(key, sent_ms):
                return (Pong(key, self.unix_ms(now_us), sent_ms),)
            case SetClock(unix_ms):
                if not 0 <= unix_ms <= LATEST_MS:
                    raise BadValueError(f"a clock shows 0 to {LATEST_MS} ms", path="unix_ms")
                self._ahead_ms = unix_ms - now_us // 1_000
            case SetPingInterval():
                # There is no link of its own that a simulated board could look after.
                pass
        return ()
