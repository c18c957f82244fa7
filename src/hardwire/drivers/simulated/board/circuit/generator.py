"""A generator on the bench: a square wave that somebody clipped to a pin."""

from typing import Annotated

from msgspec import Meta, Struct

from hardwire.drivers.simulated.board.circuit.signal import HIGH, LOW, Signal, Square

PERIOD = 1_000_000_000
"""Into how many parts a period is divided: a rate of one of them a microsecond is a thousandth of a hertz."""
RATE_PER_HZ = 1_000

HIGHEST_HZ = 1_000_000.0
SLOWEST_HZ = 0.001

Share = Annotated[float, Meta(ge=0, le=1)]


class Generator(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A square wave on a pin. It acts only while no output and no function of the board uses the pin's line."""

    pin: Annotated[int, Meta(ge=0)]
    """The pin that it is clipped to."""
    frequency_hz: Annotated[float, Meta(ge=SLOWEST_HZ, le=HIGHEST_HZ)] = 2.0
    """How often a second it goes up."""
    duty: Share = 0.5
    """Which share of a period it is high: 0 is always low, 1 always high."""
    phase: Share = 0.0
    """Which share of a period it is ahead of one that goes up with the full second."""

    @property
    def signal(self) -> Signal:
        """What it puts on its line."""
        high = round(self.duty * PERIOD)
        if not 0 < high < PERIOD:
            return HIGH if high else LOW
        rate = round(self.frequency_hz * RATE_PER_HZ)
        return Square(rate, PERIOD, high, -round(self.phase * PERIOD / rate))
