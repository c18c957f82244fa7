"""One pin of the simulated board: who owns it, what drives it, what level its line has."""

from datetime import datetime
from enum import Enum

from hardwire.drivers.simulated.board_bench import WAVE_PINS, wave_level
from hardwire.model.board.pin import Drive, Pull


class Owner(Enum):
    """The function that has a pin; the last one to ask for it gets it."""

    NONE = "nobody"
    INPUT = "input"
    OUTPUT = "output"


HIGH_V = {
    Drive.PUSH_PULL_5V: 5.0,
    Drive.PUSH_PULL_3V: 3.3,
    # Each line has a pull-up to 5 V outside the board, as an open drain needs one.
    Drive.OPEN_DRAIN: 5.0,
}


class Pin:
    """A pin as it is after power-on: nobody's, floating, low."""

    def __init__(self, number: int) -> None:
        self.has_wave = number in WAVE_PINS
        self.release()

    def release(self) -> None:
        """Go back to how power-on leaves it."""
        self.owner = Owner.NONE
        self.drive = Drive.PUSH_PULL_5V
        self.pull = Pull.FLOAT
        self.driven = False
        """The level that the board drove last; a floating line keeps it."""
        self.is_streamed = False
        self.told: bool | None = None
        """The level that the stream's readers know."""

    @property
    def is_waving(self) -> bool:
        """Whether the generator drives the line: never against an output or another function."""
        return self.has_wave and self.owner in (Owner.NONE, Owner.INPUT)

    def level(self, now: datetime) -> bool:
        """Return the level of the line."""
        if self.has_wave and self.is_waving:
            return wave_level(now)
        if self.owner is Owner.OUTPUT or self.pull is Pull.FLOAT:
            return self.driven
        return self.pull is not Pull.DOWN

    def volts(self) -> float:
        """Return the voltage that an output puts on the line."""
        return HIGH_V[self.drive] if self.driven else 0.0

    def put_out(self, *, level: bool) -> None:
        """Make the pin an output; a stream of its level ends."""
        self.owner = Owner.OUTPUT
        self.driven = level
        self.is_streamed = False

    def read(self, now: datetime) -> bool:
        """Make the pin an input and return its level; a stream of it goes on."""
        self.owner = Owner.INPUT
        return self.level(now)

    def stream(self) -> None:
        """Make the pin an input whose readers are to know its level, though they may know it already."""
        self.owner = Owner.INPUT
        self.is_streamed = True
        self.told = None
