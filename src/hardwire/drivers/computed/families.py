"""Points that tell of the same thing: what a computed value contradicts of the meter that it stands beside."""

from collections.abc import Collection

from msgspec import Struct

from hardwire.model.energy import PHASES, TARIFFS
from hardwire.model.errors import BadValueError


class Family(Struct, frozen=True):
    """A total with its parts."""

    total: str
    parts: tuple[str, ...]

    @property
    def members(self) -> frozenset[str]:
        """All of it."""
        return frozenset((self.total, *self.parts))


def _by_phase(name: str) -> Family:
    return Family(name.format(""), tuple(name.format(f"_l{phase}") for phase in PHASES))


POWER = _by_phase("power{}_w")
FLOWS = tuple(
    map(
        _by_phase,
        (
            "current{}_a",
            "apparent_current{}_a",
            "reactive_current{}_a",
            "apparent_power{}_va",
            "reactive_power{}_var",
        ),
    )
)
"""What follows from the power that flows."""
FACTORS = _by_phase("power_factor{}")
"""They follow from it too, and are not added up: a meter of three phases has no total."""
PEAKS = frozenset({"average_power_15m_w", "monthly_power_peak_w", "monthly_power_peak_timestamp"})
ENERGIES = tuple(
    Family(f"energy_{way}_kwh", tuple(f"energy_{way}_t{no}_kwh" for no in TARIFFS)) for way in ("import", "export")
)
NEVER = frozenset({"telegram"})
"""Byte for byte what the smart meter said: it would contradict every computed value."""


def contradicted(named: Collection[str]) -> frozenset[str]:
    """Return the points of a meter that are not taken over beside computed points of these names.

    A total alone makes its phases or tariffs untrue. Some phases beside a total are a choice: the others stay. A power
    makes currents, power factors and peaks untrue, where none of their own kind is computed.
    """
    found = set(NEVER)
    has_power = not POWER.members.isdisjoint(named)
    for family in (POWER, *FLOWS, FACTORS, *ENERGIES):
        if family.members.isdisjoint(named):
            is_untrue = has_power and family not in ENERGIES
        else:
            is_untrue = not named_parts(family, named)
        if is_untrue:
            found |= family.members
    if has_power:
        found |= PEAKS
    return frozenset(found.difference(named))


def check_totals(named: Collection[str]) -> None:
    """Raise BadValueError when a phase or tariff is computed and its total would stay the meter's own."""
    for family in (POWER, *FLOWS, *ENERGIES):
        parts = named_parts(family, named)
        if parts and family.total not in named:
            raise BadValueError(
                f"{parts[0]} is computed and {family.total} is not, so they would contradict each other: "
                f"compute {family.total} too",
                path=f"points.{parts[0]}",
            )


def named_parts(family: Family, named: Collection[str]) -> list[str]:
    """Return the parts of a family that are named, in its order."""
    return [part for part in family.parts if part in named]
