"""The board as a whole: wait, reset, reboot, ping; and what it says of itself."""

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class Wait(Command, frozen=True):
    """Hold every later command of this board for that long: done when the time is over.

    Unit: ms, 0 to 65535 (obniz reference, section 6.3: 16 bits on the wire).
    """

    duration_ms: int


class Reset(Command, frozen=True):
    """Bring every function back to its power-on state: pins and channels released, streams ended, screen empty.

    The board stays online.
    """


class Reboot(Command, frozen=True):
    """Start the board anew: it goes offline, then comes back online as after `Reset`. Done before it goes."""


class PingBoard(Command, frozen=True):
    """Show that the board takes commands. Answer: one `Pong` with the same key, in the board's order."""

    key: bytes


class ResetWhenLeft(Command, frozen=True):
    """Choose whether the board does a `Reset` when the last client leaves its topic `events`, and again at `EndVisit`.

    After that reset the choice is off again.

    Source: obniz reference, section 1.4.
    """

    is_wanted: bool


class EndVisit(Command, frozen=True):
    """A client that has left had commands waiting, which are over now. No answer.

    Where nobody is left and the reset of `ResetWhenLeft` is due or was done, the board does it (again): a pin that
    they drove would stay so with nobody there.
    """


class Pong(Happening, frozen=True):
    """The answer to `PingBoard`, with the board's own clock. Unit: unix ms."""

    key: bytes
    board_time_ms: int


class BoardWarned(Happening, frozen=True):
    """Something is not as asked, and the board goes on (another function took a pin, low voltage)."""

    message: str


class BoardFailed(Happening, frozen=True):
    """A function of the board reports an error that belongs to no single pin."""

    message: str
