"""The lines of a bus: the pins that one unit of a function takes and gives back together."""

from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.model.board.pin import PinOwner


class Lines:
    """The pins of one kind of bus, unit by unit."""

    def __init__(self, owner: PinOwner, pins: Pins) -> None:
        self._owner = owner
        self._pins = pins

    def take(self, unit: int, *numbers: int | None) -> None:
        """Give a unit these pins and no others; None stands for a line that it does not use.

        Nothing has changed when it raises. Raises UnknownError: the board has no such pin.
        """
        self._pins.take(self._owner, *numbers, unit=unit)
        for pin in self._pins.all():
            if self.has(unit, pin.number) and pin.number not in numbers:
                self._pins.clear(pin.number)

    def has(self, unit: int, number: int | None) -> bool:
        """Say whether the unit has the pin now: another function may have taken it since."""
        return number is not None and self._pins.has(self._owner, number, unit)

    def are_joined(self, one: int | None, other: int | None) -> bool:
        """Say whether a wire of the bench joins two pins."""
        return one is not None and other is not None and self._pins.line(one) is self._pins.line(other)

    def release(self, unit: int) -> None:
        """Give back what the unit still has."""
        self._pins.release(self._owner, unit)
