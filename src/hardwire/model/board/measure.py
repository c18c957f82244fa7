"""Measuring an echo: send a pulse and time the edges that come back."""

from msgspec import Struct

from hardwire.model.command import Command
from hardwire.model.fact import Happening

MOST_EDGES = 4
"""As many are measured where a client does not say (obniz reference, section 3.11: 1 to 4)."""


class MeasureEcho(Command, frozen=True, kw_only=True):
    """Send a pulse on one pin and time the edges on another. Answer: one `EchoMeasured`.

    Unit: microseconds. `is_positive`: the pulse is high, and low before and after it.
    """

    pulse_pin: int
    echo_pin: int
    is_positive: bool
    pulse_us: int
    edges: int = MOST_EDGES
    timeout_us: int = 1_000_000

    @property
    def pause_s(self) -> float:
        """As long as it may take: all that it does is for its answer."""
        return self.timeout_us / 1_000_000


class Edge(Struct, frozen=True):
    """One edge of an echo. Unit: microseconds since the end of the pulse."""

    is_rising: bool
    after_us: int


class EchoMeasured(Happening, frozen=True):
    """The answer to `MeasureEcho`: the edges in order, fewer than asked for, or none, when its time was over."""

    edges: tuple[Edge, ...]
