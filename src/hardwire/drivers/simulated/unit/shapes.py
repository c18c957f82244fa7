"""How a simulated value goes with time: the same instant gives the same value, whoever asks and when."""

import math
from enum import Enum
from hashlib import blake2b
from typing import Annotated

from msgspec import Meta, Struct

# A register of such a unit resolves about this much; values are not cut to what a field displays.
RESOLUTION_DIGITS = 3

# Any more and the product of two settings leaves what a double holds.
FURTHEST = 1e15

Quantity = Annotated[float, Meta(ge=-FURTHEST, le=FURTHEST)]


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


class Wave(Struct, frozen=True, kw_only=True):
    """One value over time. `seed` tells the walks of two values of one shape apart."""

    seed: str
    shape: Shape = Shape.CONSTANT
    offset: float = 0.0
    amplitude: float = 1.0
    period_s: float = 600.0
    digits: int = RESOLUTION_DIGITS
    """How many decimals it resolves; 0 gives whole numbers."""

    def value(self, at_s: float) -> float:
        """Return what is shown at an instant, given as seconds since 1970."""
        # Adding 0.0 makes a plain zero of the negative one, which clients would show as -0.
        value = round(self.offset + self.amplitude * self._swing(at_s / self.period_s), self.digits) + 0.0
        return value if self.digits else int(value)

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
        """Return a point between two corners that depend on nothing but the seed and their number."""
        corner = math.floor(turns)
        share = turns - corner
        smooth = share * share * (3 - 2 * share)
        return self._corner(corner) * (1 - smooth) + self._corner(corner + 1) * smooth

    def _corner(self, number: int) -> float:
        seed = blake2b(f"{self.seed}/{number}".encode(), digest_size=8).digest()
        return int.from_bytes(seed, "big") / 2**63 - 1
