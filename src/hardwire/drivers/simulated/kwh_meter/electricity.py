"""The arithmetic of alternating current: what a kWh meter shows of a phase, from its power and its voltage.

Source: HomeWizard reference, section 8.2, "How HomeWizard's three current fields relate".
"""

from math import copysign, hypot

from msgspec import Struct

DECIMALS = 3


class Phase(Struct, frozen=True):
    """One phase. Power is positive when drawn; reactive power is positive when inductive."""

    voltage_v: float
    power_w: float
    reactive_power_var: float

    @property
    def apparent_power_va(self) -> float:
        """Never less than the power."""
        return hypot(self.power_w, self.reactive_power_var)

    @property
    def power_factor(self) -> float:
        """The share of the apparent power that does work, 0 to 1, whichever way it flows."""
        return abs(self.power_w) / self.apparent_power_va if self.apparent_power_va else 1.0

    @property
    def apparent_current_a(self) -> float:
        """What the cable carries (rms)."""
        return self.apparent_power_va / self.voltage_v

    @property
    def current_a(self) -> float:
        """The active part of it; its sign is that of the power."""
        return copysign(self.apparent_current_a * self.power_factor, self.power_w)

    @property
    def reactive_current_a(self) -> float:
        """The rest of it; never negative."""
        return abs(self.reactive_power_var) / self.voltage_v


def shown(value: float) -> float:
    """Return a value with the digits that a meter shows."""
    # Adding 0.0 makes a plain zero of the negative one, which clients would show as -0.
    return round(value, DECIMALS) + 0.0
