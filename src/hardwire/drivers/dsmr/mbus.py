"""The gas, water and heat meters behind a P1 meter: each has a channel, an id and instants of its own."""

from datetime import datetime, tzinfo
from typing import Any

from msgspec import Struct

from hardwire.drivers.dsmr.clock import stamp_of
from hardwire.drivers.dsmr.fault import UnparsableError
from hardwire.drivers.dsmr.parsing import Telegram, is_measured

# M-Bus device types (EN 13757-3) by the kinds that HomeWizard's `external` knows.
_KINDS = {3: "gas_meter", 4: "heat_meter", 6: "warm_water_meter", 7: "water_meter", 12: "inlet_heat_meter"}


class MbusReading(Struct, frozen=True):
    """What a telegram says of one meter behind the P1 meter."""

    suffix: str
    """What tells it from its siblings in an id: `gas`, or `gas2` for a second one, on channel 2."""
    kind: str
    unique_id: str
    timestamp: str
    at: datetime
    value: float
    unit: str


def mbus_readings(telegram: Telegram, zone: tzinfo) -> tuple[MbusReading, ...]:
    """Return the readings of a telegram, by channel.

    A channel without a meter of a known kind, or without an instant or unit, has none.

    Raises:
        UnparsableError: a reading is no measured value.
    """
    devices = sorted(getattr(telegram, "MBUS_DEVICES", ()), key=lambda device: device.channel_id)
    readings: list[MbusReading] = []
    kinds_seen: set[str] = set()
    for device in devices:
        kind = _kind(device)
        if kind is None:
            continue
        # The first channel of a kind has the plain word whether it has a reading or not, so that ids stay
        # the same when an old meter's channel falls silent and comes back.
        suffix = kind.removesuffix("_meter") + (str(device.channel_id) if kind in kinds_seen else "")
        kinds_seen.add(kind)
        reading = _reading(device, suffix, kind, zone)
        if reading is not None:
            readings.append(reading)
    return tuple(readings)


def _kind(device: Any) -> str | None:  # Any: dsmr-parser has no types
    type_text = _text(device, "MBUS_DEVICE_TYPE")
    if type_text is not None:
        return _KINDS.get(int(type_text)) if type_text.isdecimal() else None
    # 24.3.0 is the gas object of DSMR 2.2 and 3.0.
    return "gas_meter" if getattr(device, "GAS_METER_READING", None) is not None else None


def _reading(device: Any, suffix: str, kind: str, zone: tzinfo) -> MbusReading | None:  # Any: dsmr-parser has no types
    found = getattr(device, "MBUS_METER_READING", None) or getattr(device, "GAS_METER_READING", None)
    if found is None:
        return None
    stamp, value, unit = stamp_of(found.datetime, zone), found.value, found.unit
    if stamp is None or value is None or not unit:
        return None
    if not is_measured(value):
        raise UnparsableError(f"A telegram held a {kind} reading that is no measured value.")
    unique_id = _text(device, "MBUS_EQUIPMENT_IDENTIFIER") or ""
    return MbusReading(suffix, kind, unique_id, stamp.text, stamp.at, float(value), unit)


def _text(device: Any, name: str) -> str | None:  # Any: dsmr-parser has no types
    found = getattr(device, name, None)
    value = None if found is None else found.value
    return value or None
