"""What a telegram says, in the names of the HomeWizard API v2 measurement."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hardwire.drivers.dsmr.clock import Stamp, stamp_of
from hardwire.drivers.dsmr.fault import UnparsableError
from hardwire.drivers.dsmr.mbus import MbusReading, mbus_readings
from hardwire.drivers.dsmr.parsing import COUNT_LIMIT, Telegram, is_measured, parse
from hardwire.drivers.dsmr.versions import Version
from hardwire.model.value import Value

_PHASES = (1, 2, 3)
_TARIFFS = (1, 2, 3, 4)
# 22 to 50 so far.
_VERSION_DIGITS = 4
_STAMP_FORM = re.compile(r"\d{12}[SW]?")


class MeterReading(Struct, frozen=True):
    """One telegram, read."""

    at: datetime | None
    """The meter's own instant; None where it has none."""
    has_clock: bool
    """Whether the telegram carries a time stamp, be it one that is no date."""
    values: Mapping[str, Value]
    children: tuple[MbusReading, ...]
    """The meters behind it whose readings the telegram carries, by channel."""


def read_telegram(octets: bytes, version: Version, zone: tzinfo) -> MeterReading:
    """Return what a whole telegram says; absent objects have no value.

    `zone` is where the meter's wall clock hangs.

    Raises:
        UnparsableError: a served value is none.

    Source: HomeWizard API v2, measurement of HWE-P1; docs/reference/drivers/dsmr.md has the table.
    """
    telegram = parse(octets)
    stamp = _meter_stamp(telegram, zone)
    values: dict[str, Value | None] = {
        "protocol_version": _protocol_version(telegram, version),
        "meter_model": _meter_model(octets),
        "unique_id": _text(
            telegram,
            "EQUIPMENT_IDENTIFIER",
            "LUXEMBOURG_EQUIPMENT_IDENTIFIER",
            "EQUIPMENT_SERIAL_NUMBER",
            "Q3D_EQUIPMENT_IDENTIFIER",
        ),
        "timestamp": stamp.text if stamp else None,
        "tariff": _tariff(telegram),
        **_energy(telegram, "import", "IMPORTED", "USED"),
        **_energy(telegram, "export", "EXPORTED", "DELIVERED"),
        **_power_and_current(telegram),
        "frequency_hz": _plain(_number(telegram, "EON_HU_FREQUENCY")),
        **_counts(telegram),
        **_belgian_peak(telegram, zone),
        "telegram": octets.decode("ascii"),
    }
    return MeterReading(
        stamp.at if stamp else None,
        _text(telegram, "P1_MESSAGE_TIMESTAMP") is not None,
        {name: value for name, value in values.items() if value is not None},
        mbus_readings(telegram, zone),
    )


def _meter_stamp(telegram: Telegram, zone: tzinfo) -> Stamp | None:
    text = _text(telegram, "P1_MESSAGE_TIMESTAMP")
    if text is not None and not _STAMP_FORM.fullmatch(text):
        raise UnparsableError("A telegram held a time stamp that is none and was dropped.")
    return stamp_of(text, zone)


def _protocol_version(telegram: Telegram, version: Version) -> int | None:
    text = _text(telegram, "P1_MESSAGE_HEADER")
    if text is None:
        # Fluvius: 50217 is version 5.0 of the standard, 2.17 of its Belgian annex; the field wants 50.
        text = (_text(telegram, "BELGIUM_VERSION_INFORMATION") or "")[:2]
    return int(text) if text.isdigit() and len(text) <= _VERSION_DIGITS else version.protocol_version


def _meter_model(octets: bytes) -> str | None:
    return octets[1:].split(b"\n", 1)[0].strip().decode("ascii") or None


def _tariff(telegram: Telegram) -> int | None:
    value: int | None = _value(telegram, "ELECTRICITY_ACTIVE_TARIFF")
    return value if value in _TARIFFS else None


def _energy(telegram: Telegram, way: str, total_name: str, tariff_name: str) -> dict[str, Value | None]:
    tariffs = {no: _energy_kwh(telegram, f"ELECTRICITY_{tariff_name}_TARIFF_{no}") for no in _TARIFFS}
    known = [each for each in tariffs.values() if each is not None]
    total = _energy_kwh(telegram, f"ELECTRICITY_{total_name}_TOTAL")
    if total is None and known:
        total = sum(known, Decimal())
    return {
        f"energy_{way}_kwh": _plain(total),
        **{f"energy_{way}_t{no}_kwh": _plain(value) for no, value in tariffs.items()},
    }


def _power_and_current(telegram: Telegram) -> dict[str, Value | None]:
    total_w = _net_power_w(telegram, "CURRENT_ELECTRICITY_USAGE", "CURRENT_ELECTRICITY_DELIVERY")
    powers_w = {
        phase: _net_power_w(
            telegram,
            f"INSTANTANEOUS_ACTIVE_POWER_L{phase}_POSITIVE",
            f"INSTANTANEOUS_ACTIVE_POWER_L{phase}_NEGATIVE",
        )
        for phase in _PHASES
    }
    if total_w is None and (known_w := [power for power in powers_w.values() if power is not None]):
        total_w = sum(known_w, Decimal())
    currents_a = {phase: _number(telegram, f"INSTANTANEOUS_CURRENT_L{phase}") for phase in _PHASES}
    known_a = {phase: current for phase, current in currents_a.items() if current is not None}
    values: dict[str, Value | None] = {"power_w": _whole(total_w)}
    for phase in _PHASES:
        values[f"power_l{phase}_w"] = _whole(powers_w[phase])
        values[f"voltage_l{phase}_v"] = _plain(_number(telegram, f"INSTANTANEOUS_VOLTAGE_L{phase}"))
        # The meter sends currents without a sign; HomeWizard's are negative while the phase gives power back.
        power_w = powers_w[phase] if powers_w[phase] is not None or len(known_a) > 1 else total_w
        values[f"current_l{phase}_a"] = _signed(known_a.get(phase), power_w)
    values["current_a"] = _plain(sum(map(abs, known_a.values()), Decimal())) if known_a else None
    return values


def _counts(telegram: Telegram) -> dict[str, Value | None]:
    swings: dict[str, Value | None] = {
        f"voltage_{way}_l{phase}_count": _count(telegram, f"VOLTAGE_{way.upper()}_L{phase}_COUNT")
        for way in ("sag", "swell")
        for phase in _PHASES
    }
    return {
        **swings,
        "any_power_fail_count": _count(telegram, "SHORT_POWER_FAILURE_COUNT"),
        "long_power_fail_count": _count(telegram, "LONG_POWER_FAILURE_COUNT"),
    }


def _belgian_peak(telegram: Telegram, zone: tzinfo) -> dict[str, Value | None]:
    peak = getattr(telegram, "BELGIUM_MAXIMUM_DEMAND_MONTH", None)
    stamp = stamp_of(peak.datetime, zone) if peak is not None else None
    return {
        "average_power_15m_w": _whole(_power_w(telegram, "BELGIUM_CURRENT_AVERAGE_DEMAND")),
        "monthly_power_peak_w": _whole(_power_w(telegram, "BELGIUM_MAXIMUM_DEMAND_MONTH")) if stamp else None,
        "monthly_power_peak_timestamp": stamp.text if stamp else None,
    }


def _value(telegram: Telegram, name: str) -> Any:  # Any: dsmr-parser's values, of the type that `parsing` asked for
    found = getattr(telegram, name, None)
    return None if found is None else found.value


def _text(telegram: Telegram, *names: str) -> str | None:
    """Return the first of these objects that has a text."""
    texts: Iterable[str | None] = (_value(telegram, name) for name in names)
    return next((text for text in texts if text), None)


def _number(telegram: Telegram, name: str) -> Decimal | None:
    value: Decimal | None = _value(telegram, name)
    if value is not None and not is_measured(value):
        raise UnparsableError(f"A telegram held {name} = {str(value)[:20]}, which is no measured value.")
    return value


def _count(telegram: Telegram, name: str) -> int | None:
    value: int | None = _value(telegram, name)
    if value is not None and not 0 <= value < COUNT_LIMIT:
        raise UnparsableError(f"A telegram held {name} with a count that no meter reaches.")
    return value


def _power_w(telegram: Telegram, name: str) -> Decimal | None:
    power = _number(telegram, name)
    # Meters of the P1 standard count in kW, EasyMeter's Q3D in W.
    return power if power is None or getattr(telegram, name).unit == "W" else power * 1000


def _net_power_w(telegram: Telegram, drawn_name: str, given_name: str) -> Decimal | None:
    drawn, given = _power_w(telegram, drawn_name), _power_w(telegram, given_name)
    if drawn is None and given is None:
        return None
    return (drawn or Decimal()) - (given or Decimal())


def _energy_kwh(telegram: Telegram, name: str) -> Decimal | None:
    energy = _number(telegram, name)
    return energy if energy is None or getattr(telegram, name).unit != "Wh" else energy / 1000


def _signed(current: Decimal | None, power_w: Decimal | None) -> float | None:
    if current is None:
        return None
    return float(-abs(current) if current and power_w is not None and power_w < 0 else current)


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _whole(value: Decimal | None) -> int | float | None:
    """Return a power as the whole number of watts that it nearly always is."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
