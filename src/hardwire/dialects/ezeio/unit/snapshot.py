"""What a unit's inputs, outputs, position and registers were at an instant, as clients read them.

A value that a device has not is 0, and so is one that it has not told yet: clients know whole numbers there and nothing
else. The cloud shows a unit without a position the same way.
"""

from collections.abc import Mapping

from msgspec import Struct

from hardwire.model.unit import (
    ALTITUDE_M,
    BATTERY_MV,
    INPUTS,
    LATITUDE_DEG,
    LONGITUDE_DEG,
    POSITION_SIGNAL,
    RAIL_MV,
    SUPPLY_MV,
    input_name,
    register_of,
)
from hardwire.model.value import Value

MICRO = 1_000_000
"""Clients read degrees times a million (ezeio reference, section 2, `status`)."""

# Beyond it whole numbers have no place in JSON that others read as doubles.
_WHOLE_LIMIT = 2**53


class Position(Struct, frozen=True):
    """Where a unit is: micro-degrees north and east, metres, and how good the signal is."""

    x: int
    """Latitude, positive in the north."""
    y: int
    """Longitude, positive in the east."""
    z: int
    signal: int


def adc_of(values: Mapping[str, Value]) -> Mapping[str, int]:
    """Return the inputs `1` to `8` and the supply voltages, the latter in mV."""
    adc = {str(number): whole(values.get(input_name(number))) for number in range(1, INPUTS + 1)}
    for key, point in (("Vin", SUPPLY_MV), ("Vbat", BATTERY_MV), ("V5", RAIL_MV)):
        adc[key] = whole(values.get(point))
    return adc


def pos_of(values: Mapping[str, Value]) -> Position:
    """Return where the unit is."""
    return Position(
        x=whole(values.get(LATITUDE_DEG), MICRO),
        y=whole(values.get(LONGITUDE_DEG), MICRO),
        z=whole(values.get(ALTITUDE_M)),
        signal=whole(values.get(POSITION_SIGNAL)),
    )


def registers_of(values: Mapping[str, Value]) -> Mapping[str, Mapping[str, int | float]]:
    """Return the registers by the device on the unit's bus that has them, both by number; only those with a value."""
    registers: dict[str, dict[str, int | float]] = {}
    known = [(place, values[name]) for name in values if (place := register_of(name)) is not None]
    for (device, register), value in sorted(known, key=lambda pair: pair[0]):
        if isinstance(value, int | float) and abs(value) <= _WHOLE_LIMIT:
            registers.setdefault(str(device), {})[str(register)] = value
    return registers


def text_of(values: Mapping[str, Value], name: str) -> str:
    """Return a text; empty where there is none."""
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def whole(value: Value | None, scale: int = 1) -> int:
    """Return a value, multiplied, as a whole number; 0 for none, a text, and what is not finite or too large."""
    # The comparison is false for what is not finite.
    if isinstance(value, int | float) and abs(value) <= _WHOLE_LIMIT:
        return round(value * scale)
    return 0
