"""P1 meters that tell a full telegram each time."""

from collections.abc import Mapping
from datetime import datetime

from hardwire.dialects.homewizard.face import Face
from hardwire.hub.hub import Hub
from hardwire.model.device import Device
from hardwire.model.fact import Sample
from hardwire.model.point import Point, PointKind
from hardwire.model.value import Value

TEXTS = {"meter_model": "Bench 1", "unique_id": "00112233445566778899aabbccddeeff", "timestamp": "2026-11-22T12:00:00"}
NUMBERS: Mapping[str, Value] = {
    "protocol_version": 50,
    "tariff": 2,
    "energy_import_kwh": 13779.338,
    "energy_import_t1_kwh": 10830.511,
    "energy_import_t2_kwh": 2948.827,
    "energy_export_kwh": 1234.567,
    "energy_export_t1_kwh": 234.567,
    "energy_export_t2_kwh": 1000,
    "power_w": 1000,
    "power_l1_w": 400,
    "power_l2_w": 300,
    "power_l3_w": 300,
    "voltage_l1_v": 231.1,
    "voltage_l2_v": 230.2,
    "voltage_l3_v": 229.3,
    "current_a": 4,
    "current_l1_a": 1.7,
    "current_l2_a": 1.3,
    "current_l3_a": 1.3,
    "voltage_sag_l1_count": 1,
    "voltage_sag_l2_count": 1,
    "voltage_sag_l3_count": 0,
    "voltage_swell_l1_count": 0,
    "voltage_swell_l2_count": 0,
    "voltage_swell_l3_count": 0,
    "any_power_fail_count": 4,
    "long_power_fail_count": 5,
}
POINTS = (
    *(Point(name=name) for name in NUMBERS),
    *(Point(name=name, kind=PointKind.TEXT) for name in TEXTS),
)


def declare_meters(hub: Hub, count: int) -> None:
    """Make meters `0` to `count - 1` known, shown as HomeWizard P1 meters."""
    for n in range(count):
        hub.declare(Device(id=str(n), kind="meter", points=POINTS, stale_after_s=30, profile="HWE-P1"))
        hub.roster.show(str(n), "homewizard", f"{n:012x}", Face(serial=f"{n:012x}"))


def power_reading(device: int, number: int, at: datetime) -> Sample:
    """Return the smallest sample: one value."""
    return Sample(str(device), at, {"power_w": 1000 + number % 9000})


def telegram(device: int, number: int, at: datetime) -> Sample:
    """Return the sample of one telegram; the power has four digits, so that frames have one length."""
    return Sample(str(device), at, {**TEXTS, **NUMBERS, "power_w": 1000 + number % 9000})
