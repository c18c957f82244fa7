"""What a simulated field shows at an instant: the same instant gives the same value, whoever asks and when."""

import math
from enum import Enum
from hashlib import blake2b
from typing import Annotated

from msgspec import Meta, Struct

# A register of such a unit resolves about this much; values are not cut to what a field displays.
RESOLUTION_DIGITS = 3


class Shape(Enum):
    """How a value goes with time."""

    CONSTANT = "constant"
    """Always the offset."""
    SINE = "sine"
    """A slow swing around the offset."""
    RAMP = "ramp"
    """A rise from the offset by the amplitude, over and over."""
    NOISE = "noise"
    """A walk around the offset that never repeats."""


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of a unit: what it is called, how often it is logged, what it shows."""

    name: Annotated[str, Meta(min_length=1)]
    """The point's name, one of its own within the unit."""
    label: str = ""
    """What people read; empty means the name itself."""
    unit: str = ""
    """The unit of measure, as clients show it."""
    decimals: Annotated[int, Meta(ge=0, le=6)] = 2
    """How many decimals people want to see."""
    tag: str = ""
    """The asset tag."""
    log_interval_s: Annotated[int, Meta(ge=0, le=599)] = 0
    """How often the fast log takes it; 0 means never."""
    shape: Shape = Shape.SINE
    """How the value moves."""
    offset: float = 0.0
    """The value that it moves around, or starts from."""
    amplitude: float = 1.0
    """How far it moves."""
    period_s: Annotated[float, Meta(gt=0)] = 600.0
    """How many seconds one turn of it takes."""

    def value(self, at_s: float) -> float:
        """Return what the field shows at an instant, given as seconds since 1970."""
        # Adding 0.0 makes a plain zero of the negative one, which clients would show as -0.
        return round(self.offset + self.amplitude * self._swing(at_s / self.period_s), RESOLUTION_DIGITS) + 0.0

    def _swing(self, turns: float) -> float:
        match self.shape:
            case Shape.CONSTANT:
                return 0.0
            case Shape.SINE:
                return math.sin(2 * math.pi * turns)
            case Shape.RAMP:
                return turns % 1
            case Shape.NOISE:
                return self._walk(turns)

    def _walk(self, turns: float) -> float:
        """Return a point between two corners that depend on nothing but the field's name and their number."""
        corner = math.floor(turns)
        share = turns - corner
        smooth = share * share * (3 - 2 * share)
        return self._corner(corner) * (1 - smooth) + self._corner(corner + 1) * smooth

    def _corner(self, number: int) -> float:
        seed = blake2b(f"{self.name}/{number}".encode(), digest_size=8).digest()
        return int.from_bytes(seed, "big") / 2**63 - 1
