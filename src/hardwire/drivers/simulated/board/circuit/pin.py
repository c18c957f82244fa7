"""One pin of the simulated board: who has it, how it drives, what it puts on its line."""

from hardwire.drivers.simulated.board.circuit.history import History
from hardwire.drivers.simulated.board.circuit.signal import LOW, Signal
from hardwire.model.board.pin import Drive, PinOwner, Pull

WAVED = (PinOwner.NOBODY, PinOwner.INPUT, PinOwner.OUTPUT, PinOwner.LOGIC_ANALYZER)
"""Who may have a pin while its generator acts; against an output it does nothing all the same, whose level decides."""


class Pin:
    """A pin as it is after power-on: nobody's, floating, silent."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.history = History(LOW)
        """What has been on its line lately."""
        self.generator: Signal | None = None
        """What is clipped to it from outside, for ever."""
        self.owner = PinOwner.NOBODY
        self.unit = 0
        self.drive = Drive.PUSH_PULL_5V
        self.pull = Pull.FLOAT
        self.output: Signal | None = None
        """What it puts on its line; None while it listens."""
        self.outside: Signal | None = None
        """What drives it from outside for a while, whoever has it: an echo."""
        self.is_overloaded = False
        """Whether it drives its line in vain, against a stronger pin."""

    def clear(self) -> None:
        """Be as after power-on."""
        self.owner = PinOwner.NOBODY
        self.unit = 0
        self.drive = Drive.PUSH_PULL_5V
        self.pull = Pull.FLOAT
        self.output = self.outside = None

    def level(self, at_us: int) -> bool:
        """Return the level of the line: now, in the near past, or in the future unless something changes."""
        return self.history.level(at_us)

    def heard(self) -> Signal | None:
        """Return what comes from outside by this pin."""
        if self.outside is not None:
            return self.outside
        return self.generator if self.owner in WAVED else None
