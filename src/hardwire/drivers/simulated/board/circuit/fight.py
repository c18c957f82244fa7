"""Outputs against each other on one line: which of them cannot reach its level."""

from collections.abc import Collection

from msgspec import Struct

from hardwire.drivers.simulated.board.circuit.pin import Pin
from hardwire.drivers.simulated.board.circuit.signal import HIGH, LOW
from hardwire.model.board.pin import Drive


class Loss(Struct, frozen=True):
    """A pin that cannot reach a level, since another one holds the line."""

    pin: Pin
    level: bool


def loss(drivers: Collection[Pin]) -> Loss | None:
    """Return who loses first; None where they get along.

    An open drain never drives high. Low wins, save that of a 3 V output against a high one of 5 V.
    """
    for high in drivers:
        if high.output == LOW or high.drive is Drive.OPEN_DRAIN:
            continue
        for low in drivers:
            if low is high or low.output == HIGH or low.output == high.output:
                continue
            if high.drive is Drive.PUSH_PULL_5V and low.drive is Drive.PUSH_PULL_3V:
                return Loss(low, level=False)
            return Loss(high, level=True)
    return None
