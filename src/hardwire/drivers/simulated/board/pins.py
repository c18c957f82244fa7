"""The board's pins: which function has each of them, and what is told when one takes a pin from another."""

from collections.abc import Iterable

from hardwire.drivers.simulated.board.bench import HALF_WAVE_US, next_mark_us, wave_level
from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.pin import Pin
from hardwire.model.board.pin import PinOwner, PinTaken
from hardwire.model.errors import UnknownError


class Pins:
    """Every pin of the board by number."""

    def __init__(self, numbers: Iterable[int], tell: Tell) -> None:
        self._tell = tell
        self._pins = {number: Pin(number) for number in numbers}

    def power_on(self) -> None:
        """Give every pin back."""
        for pin in self._pins.values():
            pin.release()

    def __getitem__(self, number: int) -> Pin:
        """Return a pin.

        Raises:
            UnknownError: the board has no such pin.
        """
        pin = self._pins.get(number)
        if pin is None:
            raise UnknownError(f"this board has no io{number}; it has {self._listed()}")
        return pin

    def all(self) -> Iterable[Pin]:
        """Return every pin."""
        return self._pins.values()

    def take(self, owner: PinOwner, *numbers: int | None, unit: int = 0) -> None:
        """Give pins to a function; None stands for a line that it does not use.

        `unit` is the number of the channel, where the function has several. Another function that had one of the
        pins loses it, and every client is told. Nothing has changed when it raises.

        Raises:
            UnknownError: the board has no such pin.
        """
        pins = [self[number] for number in numbers if number is not None]
        for pin in pins:
            old = pin.owner
            if old not in (PinOwner.NOBODY, owner) and {old, owner} != {PinOwner.INPUT, PinOwner.OUTPUT}:
                self._tell(PinTaken(pin.number, old, owner))
            pin.give(owner, unit)

    def release(self, owner: PinOwner, unit: int = 0) -> None:
        """Give back every pin that this function, and this unit of it, has."""
        for pin in self._pins.values():
            if pin.owner is owner and pin.unit == unit:
                pin.release()

    def next_edge_us(self, after_us: int, is_rising: bool) -> int | None:
        """Return when a generator goes up, or down, next."""
        edge_us = next_mark_us(after_us, HALF_WAVE_US)
        return edge_us if wave_level(edge_us) is is_rising else edge_us + HALF_WAVE_US

    def _listed(self) -> str:
        numbers = [*self._pins]
        return ", ".join(f"io{number}" for number in numbers) if numbers else "none"
