"""A line: one pin, or several that wires join, and who of them decides its level."""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.circuit.fight import loss
from hardwire.drivers.simulated.board.circuit.history import History
from hardwire.drivers.simulated.board.circuit.pin import Pin
from hardwire.drivers.simulated.board.circuit.signal import HIGH, LOW, Lowest, Signal, Steady, steady
from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.instants import Moment
from hardwire.model.board.pin import Drive, PinFailed, PinOwner, PinWarned, Pull

HIGH_V = {
    Drive.PUSH_PULL_5V: 5.0,
    Drive.PUSH_PULL_3V: 3.3,
    # Each line has a pull-up to 5 V outside the board, as an open drain needs one.
    Drive.OPEN_DRAIN: 5.0,
}
PULLED_UP_V = {Pull.UP_5V: 5.0, Pull.UP_3V: 3.3}

HEAVY = "the output is loaded too heavily to go {level}: another output holds its line"
_WORDS = {True: "high", False: "low"}
PROTECTED = HEAVY + "; it is an input now"


class Line:
    """What its pins and the bench make of one line. An output decides, then the bench, then a pull resistor.

    With none of them it floats, and keeps the level that it was driven to last; low when that output was released.
    """

    def __init__(self, pins: Sequence[Pin], moment: Moment, tell: Tell) -> None:
        self._pins = pins
        self._moment = moment
        self._tell = tell
        self.history = History(LOW)
        for pin in pins:
            pin.history = self.history
        self._drivers: Sequence[Pin] = ()
        self._is_kept_high = False
        """Whether it was high when nobody was left to drive it."""
        self.settle()

    @property
    def is_driven(self) -> bool:
        """Whether an output decides its level."""
        return bool(self._drivers)

    def settle(self, *, keeps: bool = True) -> None:
        """Find out what is on the line from this moment on, since something about its pins has changed.

        `keeps` is false when a pin was released: nothing of what it drove stays on the line.
        """
        now_us = self._moment.us
        drivers = [pin for pin in self._pins if pin.output is not None]
        if len(self._pins) > 1:
            drivers = self._fought_out(drivers)
        if not keeps:
            self._is_kept_high = False
        elif self._drivers and not drivers:
            self._is_kept_high = self.history.level(now_us)
        self._drivers = drivers
        signal = _joined(drivers) or self._outside() or self._pulled() or steady(self._is_kept_high)
        if signal != self.history.signal:
            self.history.put(signal, now_us)

    def volts(self, at_us: int) -> float:
        """Return the voltage at an instant, by who decides the level. Unit: V."""
        if not self.history.level(at_us):
            return 0.0
        if self._drivers:
            return max(HIGH_V[pin.drive] for pin in self._drivers)
        if self._outside() is None and self._pulled() is not None:
            return max(PULLED_UP_V.get(pin.pull, 0.0) for pin in self._pins)
        return HIGH_V[Drive.PUSH_PULL_5V]

    def complain(self) -> None:
        """Tell again of each pin that drives the line in vain."""
        for pin in self._pins:
            if pin.is_overloaded and pin.output is not None:
                self._tell(_warned(pin, level=pin.output != LOW))

    def _fought_out(self, drivers: list[Pin]) -> list[Pin]:
        """Return those who drive the line indeed; tell, once, of each that cannot."""
        lost: list[Pin] = []
        while (one := loss(drivers)) is not None:
            pin = one.pin
            drivers.remove(pin)
            if pin.drive is Drive.PUSH_PULL_5V:
                pin.owner = PinOwner.INPUT
                pin.output = None
                self._tell(PinFailed(pin.number, PROTECTED.format(level=_WORDS[one.level]), one.level))
                continue
            lost.append(pin)
            if not pin.is_overloaded:
                self._tell(_warned(pin, level=one.level))
        for pin in self._pins:
            pin.is_overloaded = pin in lost
        return drivers

    def _outside(self) -> Signal | None:
        """Return what the bench puts on the line; the first pin's where it does so twice."""
        return next((signal for pin in self._pins if (signal := pin.heard()) is not None), None)

    def _pulled(self) -> Steady | None:
        """Return what the pull resistors make of the line; those up are the stronger ones."""
        pulls = {pin.pull for pin in self._pins}
        if not pulls.isdisjoint(PULLED_UP_V):
            return HIGH
        return LOW if Pull.DOWN in pulls else None


def _warned(pin: Pin, *, level: bool) -> PinWarned:
    return PinWarned(pin.number, HEAVY.format(level=_WORDS[level]), level)


def _joined(drivers: Sequence[Pin]) -> Signal | None:
    """Return what outputs that get along make of a line: all the same, or each open drain pulling it low."""
    signals = [pin.output for pin in drivers if pin.output is not None]
    if not signals:
        return None
    first, *others = signals
    return first if all(other == first for other in others) else Lowest(tuple(signals))
