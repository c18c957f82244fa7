"""One pin of the simulated board: who has it, what drives it, what level its line has."""

from hardwire.drivers.simulated.board.bench import WAVE_PINS, wave_level
from hardwire.model.board.pin import Drive, PinOwner, Pull

HIGH_V = {
    Drive.PUSH_PULL_5V: 5.0,
    Drive.PUSH_PULL_3V: 3.3,
    # Each line has a pull-up to 5 V outside the board, as an open drain needs one.
    Drive.OPEN_DRAIN: 5.0,
}


class Pin:
    """A pin as it is after power-on: nobody's, floating, low."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.has_wave = number in WAVE_PINS
        self.release()

    def release(self) -> None:
        """Go back to how power-on leaves it."""
        self.owner = PinOwner.NOBODY
        self.unit = 0
        self.drive = Drive.PUSH_PULL_5V
        self.pull = Pull.FLOAT
        self.driven = False
        """The level that the board drove last; a floating line keeps it."""

    def give(self, owner: PinOwner, unit: int = 0) -> None:
        """Let a function, and which unit of it, have the pin; drive and pull stay as they were chosen."""
        self.owner = owner
        self.unit = unit

    @property
    def is_waving(self) -> bool:
        """Whether the generator drives the line: never against an output or a function that uses the pin itself."""
        return self.has_wave and self.owner in (PinOwner.NOBODY, PinOwner.INPUT, PinOwner.LOGIC_ANALYZER)

    def level(self, now_us: int) -> bool:
        """Return the level of the line."""
        if self.has_wave and self.is_waving:
            return wave_level(now_us)
        if self.owner is PinOwner.OUTPUT or self.pull is Pull.FLOAT:
            return self.driven
        return self.pull is not Pull.DOWN

    def volts(self) -> float:
        """Return the voltage that an output puts on the line."""
        return HIGH_V[self.drive] if self.driven else 0.0
