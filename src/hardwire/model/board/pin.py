"""Digital pins: drive, read, stream, release; and what they tell."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class Drive(Enum):
    """How a pin drives its line (obniz reference, section 3.3)."""

    PUSH_PULL_5V = "push-pull5v"
    PUSH_PULL_3V = "push-pull3v"
    OPEN_DRAIN = "open-drain"


class Pull(Enum):
    """Which resistor holds an input while nobody drives it (obniz reference, section 3.3)."""

    UP_5V = "pull-up5v"
    UP_3V = "pull-up3v"
    DOWN = "pull-down"
    FLOAT = "float"


class DrivePin(Command, frozen=True):
    """Make the pin an output with this level. No answer."""

    pin: int
    level: bool


class ReadPin(Command, frozen=True):
    """Make the pin an input and read it once; an earlier stream of it goes on. Answer: one `PinLevel`."""

    pin: int


class StreamPin(Command, frozen=True):
    """Make the pin an input and tell its level at once, then on every change, until it is driven or released.

    The first level is published like the later ones and not answered: an answer could overtake, or be
    overtaken by, the next change.
    """

    pin: int


class SetDrive(Command, frozen=True):
    """Choose how the pin drives its line. No answer."""

    pin: int
    drive: Drive


class SetPull(Command, frozen=True):
    """Choose the pin's pull resistor. No answer."""

    pin: int
    pull: Pull


class ReleasePin(Command, frozen=True):
    """Give the pin back: no direction, no stream, no pull. No answer."""

    pin: int


class PinLevel(Happening, frozen=True):
    """A pin's level: the answer to `ReadPin`, or one value of a stream."""

    pin: int
    level: bool


class PinOwner(Enum):
    """The function that has a pin (obniz reference, section 6.3, numbered as on the binary wire)."""

    NOBODY = 0
    INPUT = 1
    OUTPUT = 2
    PWM = 3
    UART = 4
    I2C = 5
    SPI = 6
    LOGIC_ANALYZER = 7
    MEASURE = 8
    CAN = 9
    """Not numbered by the reference."""


class PinTaken(Happening, frozen=True):
    """A function has taken a pin that another one had; the last to ask gets it."""

    pin: int
    old: PinOwner
    new: PinOwner


class PinWarned(Happening, frozen=True):
    """A pin's output is loaded too heavily to reach its level, or the like; it still works.

    `level` is the one that it cannot reach.
    """

    pin: int
    message: str
    level: bool = True


class PinFailed(Happening, frozen=True):
    """A pin protected itself; it is an input now. `level` is the one that it could not reach."""

    pin: int
    message: str
    level: bool = True
