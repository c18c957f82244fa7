"""The names of what meters, batteries and sockets measure, each with its unit: one vocabulary for every driver.

The names are those of HomeWizard's v2 measurement where it has one, so that a point and its field are called alike.

Source: HomeWizard reference, sections 2.4, 2.5, 2.8 and 4.2 to 4.5.
"""

from collections.abc import Iterable, Mapping

from hardwire.model.point import Point, PointKind

PHASES = (1, 2, 3)
TARIFFS = (1, 2, 3, 4)
WATT_DECIMALS = 0
KWH_DECIMALS = 3


def _number(name: str, label: str, unit: str = "", decimals: int = 0, *, writable: bool = False) -> Point:
    return Point(name=name, label=label, unit=unit, decimals=decimals, writable=writable)


def _text(name: str, label: str, *, writable: bool = False) -> Point:
    return Point(name=name, kind=PointKind.TEXT, label=label, writable=writable)


def _flag(name: str, label: str) -> Point:
    return Point(name=name, kind=PointKind.FLAG, label=label, writable=True)


def _by_phase(name: str, label: str, unit: str = "", decimals: int = 0) -> tuple[Point, ...]:
    """One point for each phase; the name has its place for `_l1`."""
    return tuple(_number(name.format(f"_l{phase}"), f"{label} L{phase}", unit, decimals) for phase in PHASES)


def _all_and_by_phase(name: str, label: str, unit: str = "", decimals: int = 0) -> tuple[Point, ...]:
    return (_number(name.format(""), label, unit, decimals), *_by_phase(name, label, unit, decimals))


def _energy(way: str, label: str) -> tuple[Point, ...]:
    tariffs = (_number(f"energy_{way}_t{no}_kwh", f"{label} tariff {no}", "kWh", KWH_DECIMALS) for no in TARIFFS)
    return (_number(f"energy_{way}_kwh", label, "kWh", KWH_DECIMALS), *tariffs)


MEASURED = (
    _number("protocol_version", "P1 version"),
    _text("meter_model", "Meter model"),
    _text("unique_id", "Meter id"),
    _text("timestamp", "Meter time"),
    _number("tariff", "Tariff"),
    *_energy("import", "Energy import"),
    *_energy("export", "Energy export"),
    *_all_and_by_phase("power{}_w", "Power", "W", WATT_DECIMALS),
    *_all_and_by_phase("voltage{}_v", "Voltage", "V", 1),
    *_all_and_by_phase("current{}_a", "Current", "A", 3),
    *_all_and_by_phase("apparent_current{}_a", "Apparent current", "A", 3),
    *_all_and_by_phase("reactive_current{}_a", "Reactive current", "A", 3),
    *_all_and_by_phase("apparent_power{}_va", "Apparent power", "VA", 3),
    *_all_and_by_phase("reactive_power{}_var", "Reactive power", "var", 3),
    *_all_and_by_phase("power_factor{}", "Power factor", "", 3),
    _number("frequency_hz", "Frequency", "Hz", 3),
    *_by_phase("voltage_sag{}_count", "Voltage sags"),
    *_by_phase("voltage_swell{}_count", "Voltage swells"),
    _number("any_power_fail_count", "Power failures"),
    _number("long_power_fail_count", "Long power failures"),
    _number("average_power_15m_w", "Average power this quarter of an hour", "W"),
    _number("monthly_power_peak_w", "Power peak of the month", "W"),
    _text("monthly_power_peak_timestamp", "Time of the power peak"),
    _number("state_of_charge_pct", "State of charge", "%", 3),
    _number("cycles", "Charge cycles"),
    _number("flow_lpm", "Water flow", "l/min", 3),
    _number("volume_m3", "Water", "m3", 3),
    _number("volume_offset_m3", "Water offset", "m3", 3),
    _text("telegram", "Telegram"),
)
"""In the order in which people and clients read them."""

SWITCHED = (
    _flag("power_on", "Relay"),
    _flag("switch_lock", "Switch lock"),
    _number("brightness", "LED brightness, 0 to 255", writable=True),
)
"""What a socket can be told (HomeWizard reference, section 4.5)."""

STEERED = (
    _text("batteries_mode", "Batteries mode", writable=True),
    Point(name="batteries_permissions", kind=PointKind.TEXTS, label="What the batteries may do", writable=True),
    _text("batteries_mode_before", "Batteries mode before charging to full", writable=True),
    _number("batteries_count", "Batteries"),
    _number("batteries_power_w", "Batteries power", "W"),
    _number("batteries_target_power_w", "Batteries target power", "W"),
    _number("batteries_max_consumption_w", "Batteries maximum consumption", "W"),
    _number("batteries_max_production_w", "Batteries maximum production", "W"),
)
"""How a meter steers its batteries, on the meter (HomeWizard reference, section 2.8). Positive power charges.

A source tells `batteries_...` points in samples of their own, and only when they have changed: clients are pushed each.
"""

KEPT_BY_THE_DEVICE = (
    _text("wifi_ssid", "Wi-Fi network"),
    _number("wifi_rssi_db", "Wi-Fi signal", "dB"),
    _number("uptime_s", "Uptime", "s"),
    _flag("cloud_enabled", "Cloud"),
    _number("status_led_brightness_pct", "LED brightness", "%", writable=True),
)
"""What a device tells of itself (HomeWizard reference, section 2.5)."""

_BY_NAME: Mapping[str, Point] = {point.name: point for point in (*MEASURED, *SWITCHED, *STEERED, *KEPT_BY_THE_DEVICE)}


def energy_point(name: str) -> Point | None:
    """Return the point of that name; None where the vocabulary has none."""
    return _BY_NAME.get(name)


def energy_points(names: Iterable[str]) -> tuple[Point, ...]:
    """Return the points of those names, in the vocabulary's own order; names that it has not are left out."""
    wanted = frozenset(names)
    return tuple(point for name, point in _BY_NAME.items() if name in wanted)


def counter_points(unit: str) -> tuple[Point, ...]:
    """Return the points of a gas, water or heat meter behind a meter; it counts in `unit` (`m3`, `GJ`)."""
    return (
        _text("unique_id", "Meter id"),
        _text("timestamp", "Reading time"),
        _number("value", "Reading", unit, 3),
    )
