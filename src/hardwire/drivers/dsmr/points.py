"""The points of a P1 meter, of the meters behind it too: names, units, decimals."""

from collections.abc import Iterable

from hardwire.model.point import Point, PointKind


def _text(name: str, label: str) -> Point:
    return Point(name=name, kind=PointKind.TEXT, label=label)


def _number(name: str, label: str, unit: str = "", decimals: int = 0) -> Point:
    return Point(name=name, label=label, unit=unit, decimals=decimals)


def _per_phase(name: str, label: str, unit: str = "", decimals: int = 0) -> tuple[Point, ...]:
    return tuple(_number(name.format(phase), f"{label} L{phase}", unit, decimals) for phase in (1, 2, 3))


def _energy(way: str, label: str) -> tuple[Point, ...]:
    tariffs = (_number(f"energy_{way}_t{no}_kwh", f"{label} tariff {no}", "kWh", 3) for no in (1, 2, 3, 4))
    return (_number(f"energy_{way}_kwh", label, "kWh", 3), *tariffs)


# In the order, with the names, of the HomeWizard API v2 measurement of a P1 meter.
METER_POINTS = (
    _number("protocol_version", "P1 version"),
    _text("meter_model", "Meter model"),
    _text("unique_id", "Meter id"),
    _text("timestamp", "Meter time"),
    _number("tariff", "Tariff"),
    *_energy("import", "Energy import"),
    *_energy("export", "Energy export"),
    _number("power_w", "Power", "W"),
    *_per_phase("power_l{}_w", "Power", "W"),
    *_per_phase("voltage_l{}_v", "Voltage", "V", 1),
    _number("current_a", "Current", "A", 3),
    *_per_phase("current_l{}_a", "Current", "A", 3),
    _number("frequency_hz", "Frequency", "Hz", 3),
    *_per_phase("voltage_sag_l{}_count", "Voltage sags"),
    *_per_phase("voltage_swell_l{}_count", "Voltage swells"),
    _number("any_power_fail_count", "Power failures"),
    _number("long_power_fail_count", "Long power failures"),
    _number("average_power_15m_w", "Average power this quarter of an hour", "W"),
    _number("monthly_power_peak_w", "Power peak of the month", "W"),
    _text("monthly_power_peak_timestamp", "Time of the power peak"),
    _text("telegram", "Telegram"),
)


def meter_points(names: Iterable[str]) -> tuple[Point, ...]:
    """Return the meter's points of those names, in their own order."""
    wanted = frozenset(names)
    return tuple(point for point in METER_POINTS if point.name in wanted)


def child_points(unit: str) -> tuple[Point, ...]:
    """Return the points of a gas, water or heat meter that counts in `unit`."""
    return (
        _text("unique_id", "Meter id"),
        _text("timestamp", "Reading time"),
        _number("value", "Reading", unit, 3),
    )
