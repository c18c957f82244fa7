"""A voltage on the bench: what stands before an analog channel."""

import math
from enum import Enum
from hashlib import blake2b
from typing import Annotated

from msgspec import Meta, Struct

SUPPLY_V = 5.0
"""Clients drop what lies outside 0 to 5 V (obniz reference, section 1.8)."""
MILLIVOLT_DIGITS = 3


class VoltageShape(Enum):
    """How a voltage goes with time."""

    CONSTANT = "constant"
    """Always the offset."""
    SINE = "sine"
    """A swing around the offset."""
    NOISE = "noise"
    """A walk around the offset that never repeats."""


class Voltage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an analog channel finds before it while the board does not drive its pin."""

    channel: Annotated[int, Meta(ge=0)]
    """The channel that it stands before."""
    shape: VoltageShape = VoltageShape.SINE
    """How it moves."""
    offset_v: Annotated[float, Meta(ge=0, le=SUPPLY_V)] = SUPPLY_V / 2
    """The voltage that it moves around."""
    amplitude_v: Annotated[float, Meta(ge=0, le=SUPPLY_V)] = SUPPLY_V / 2
    """How far it moves; what lies outside 0 to 5 V is cut off."""
    period_s: Annotated[float, Meta(ge=0.001, le=86_400)] = 20.0
    """How many seconds one turn of it takes; for noise, how long from one corner of the walk to the next."""
    phase: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """Which share of a period it is ahead."""

    def volts(self, at_us: int) -> float:
        """Return the voltage at an instant. Unit: V, 0 to 5, in steps of a millivolt."""
        period_us = round(self.period_s * 1_000_000)
        # Whole periods and the rest apart: a float of all microseconds since 1970 would lose the small ones.
        turns, rest_us = divmod(at_us, period_us)
        volts = self.offset_v + self.amplitude_v * self._swing(turns, rest_us / period_us + self.phase)
        return round(min(max(volts, 0.0), SUPPLY_V), MILLIVOLT_DIGITS)

    def _swing(self, turns: int, share: float) -> float:
        match self.shape:
            case VoltageShape.CONSTANT:
                return 0.0
            case VoltageShape.SINE:
                return math.sin(2 * math.pi * share)
            case VoltageShape.NOISE:
                ahead = math.floor(share)
                rest = share - ahead
                smooth = rest * rest * (3 - 2 * rest)
                return self._corner(turns + ahead) * (1 - smooth) + self._corner(turns + ahead + 1) * smooth

    def _corner(self, number: int) -> float:
        seed = blake2b(f"{self.channel}/{number}".encode(), digest_size=8).digest()
        return int.from_bytes(seed, "big") / 2**63 - 1
