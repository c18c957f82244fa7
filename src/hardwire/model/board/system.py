"""The board as a whole: wait, reset, reboot, ping; and what it says of itself."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class Wait(Command, frozen=True):
    """Hold every later command of this board for that long: done when the time is over.

    Unit: ms, 0 to 65535 (obniz reference, section 6.3: 16 bits on the wire).
    """

    duration_ms: int

    @property
    def pause_s(self) -> float:
        """All of its time."""
        return self.duration_ms / 1_000


class Reset(Command, frozen=True):
    """Bring every function back to its power-on state: pins and channels released, streams ended, screen empty.

    The board stays online.
    """


class PingBoard(Command, frozen=True):
    """Show that the board takes commands. Answer: one `Pong` with the same key, in the board's order.

    `sent_ms` is the client's own clock where it said so, given back as it is; 0 where it did not. Unit: unix ms.
    """

    key: bytes
    sent_ms: int = 0


class SelfCheck(Command, frozen=True):
    """Check the circuits of the pins; what is wrong with one is published as `PinWarned` or `PinFailed`. No answer."""


class KeepWorkingOffline(Command, frozen=True):
    """Choose whether the board goes on, instead of a `Reset`, when it loses its link. No answer."""

    is_wanted: bool


class SleepSeconds(Command, frozen=True):
    """Go offline to save power, and come back as after `Reboot`. Done before it goes."""

    seconds: int


class SleepMinutes(Command, frozen=True):
    """Go offline to save power, and come back as after `Reboot`. Done before it goes."""

    minutes: int


class WakeOnEdge(Command, frozen=True):
    """Let an edge on a pin end the next sleep early. No answer."""

    is_rising: bool


class SetClock(Command, frozen=True):
    """Set the board's own clock. No answer. Unit: unix ms."""

    unix_ms: int


class SetPingInterval(Command, frozen=True):
    """Choose how often the board looks whether its link lives (binary only). No answer."""

    interval_ms: int


class Stamp(Enum):
    """Which time the board puts before what it tells."""

    NONE = "none"
    SECONDS = "unix_seconds"
    MILLISECONDS = "unix_milliseconds"


class SetQueueMode(Command, frozen=True):
    """Gather what is published for `interval_ms` (0: not at all) into one `Batch`, with a time before each. No answer.

    Source: obniz reference, section 3.2, queue mode.
    """

    interval_ms: int
    stamp: Stamp


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
    sent_ms: int = 0


class Timestamped(Happening, frozen=True):
    """When what follows happened, by the board's clock, in the unit that `SetQueueMode` chose."""

    time: int
    stamp: Stamp


class Batch(Happening, frozen=True):
    """What a board gathered before it told it: one message for its clients, in order. Holds no `Batch`."""

    happenings: tuple[Happening, ...]


class SupplyLow(Happening, frozen=True):
    """The supply voltage is too low. Unit: V."""

    voltage_v: float


class BoardWarned(Happening, frozen=True):
    """Something is not as asked, and the board goes on (another function took a pin, low voltage)."""

    message: str


class BoardFailed(Happening, frozen=True):
    """A function of the board reports an error that belongs to no single pin."""

    message: str
