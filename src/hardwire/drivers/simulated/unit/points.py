"""The points of a simulated unit: its fields, and what it measures of itself."""

from collections.abc import Iterator

from hardwire.drivers.simulated.unit.settings import Field, Register, Settings
from hardwire.model.point import Point, PointKind
from hardwire.model.unit import (
    ALTITUDE_M,
    BATTERY_MV,
    INPUTS,
    LATITUDE_DEG,
    LINK,
    LONGITUDE_DEG,
    OUTPUTS,
    POSITION_SIGNAL,
    RAIL_MV,
    RSSI_DBM,
    SIM_ICCID,
    SUPPLY_MV,
    input_name,
    output_point,
    register_name,
)


def unit_points(settings: Settings) -> tuple[Point, ...]:
    """Return every point of a unit: the fields first, in their order, since that numbers them."""
    return (*map(_field, settings.fields), *_hardware(settings))


def hardware_names(settings: Settings) -> tuple[str, ...]:
    """Return the names of the numeric points that are no fields."""
    return tuple(point.name for point in _hardware(settings) if point.kind is PointKind.NUMBER)


def _field(field: Field) -> Point:
    return Point(
        name=field.name,
        label=field.label,
        unit=field.unit,
        decimals=field.decimals,
        tag=field.tag,
        log_interval_s=field.log_interval_s,
        writable=field.is_held,
    )


def _hardware(settings: Settings) -> Iterator[Point]:
    for number in range(1, INPUTS + 1):
        yield _own(input_name(number), f"Input {number}", decimals=0)
    yield _own(SUPPLY_MV, "Supply", "mV", decimals=0)
    yield _own(BATTERY_MV, "Battery", "mV", decimals=0)
    yield _own(RAIL_MV, "5 V rail", "mV", decimals=0)
    yield from (output_point(number) for number in range(1, OUTPUTS + 1))
    yield from map(_register, settings.registers)
    yield _own(LATITUDE_DEG, "Latitude", "deg", decimals=6)
    yield _own(LONGITUDE_DEG, "Longitude", "deg", decimals=6)
    yield _own(ALTITUDE_M, "Altitude", "m", decimals=0)
    yield _own(POSITION_SIGNAL, "Signal of the position", decimals=0)
    yield _text(LINK, "Link")
    if settings.link != "Ethernet":
        yield _own(RSSI_DBM, "Signal of the link", "dBm", decimals=0)
    if settings.link == "Cell":
        yield _text(SIM_ICCID, "SIM card")


def _register(register: Register) -> Point:
    return Point(
        name=register_name(register.device, register.register),
        label=register.label,
        unit=register.unit,
        writable=register.value is not None,
        is_field=False,
    )


def _own(name: str, label: str, unit: str = "", *, decimals: int) -> Point:
    return Point(name=name, label=label, unit=unit, decimals=decimals, is_field=False)


def _text(name: str, label: str) -> Point:
    return Point(name=name, kind=PointKind.TEXT, label=label, is_field=False)
