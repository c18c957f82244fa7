"""A v2 measurement: the points that it tells, and the meters behind the device."""

import re
from collections.abc import Mapping

from msgspec import Struct

from hardwire.drivers.homewizard.wire import Table, number_of, text_of
from hardwire.model.energy import MEASURED
from hardwire.model.point import PointKind
from hardwire.model.value import Value

METERS_BEHIND = frozenset({"gas_meter", "heat_meter", "warm_water_meter", "water_meter", "inlet_heat_meter"})
METER_UNITS = frozenset({"m3", "GJ"})
# An M-Bus has four channels; a meter that was exchanged may still be told.
METERS_LIMIT = 16
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)

# The names of v2 are those of the points. A telegram comes by itself.
_KINDS = {point.name: point.kind for point in MEASURED if point.name != "telegram"}


class MeterBehind(Struct, frozen=True):
    """A reading of a gas, water or heat meter behind the device."""

    kind: str
    unique_id: str
    timestamp: str
    value: int | float
    unit: str


class Measurement(Struct, frozen=True):
    """All that the device tells at once."""

    values: Mapping[str, Value]
    meters: tuple[MeterBehind, ...] = ()

    @property
    def timestamp(self) -> str:
        """When it was by the meter's own clock; empty where the meter has none."""
        told = self.values.get("timestamp", "")
        return told if isinstance(told, str) else ""

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing."""
        return not self.values and not self.meters


def measurement_of(read: Table) -> tuple[Measurement, tuple[str, ...]]:
    """Return what a v2 measurement tells, and the names of fields that hold what they cannot.

    Unknown fields are passed over; null is as good as absent, as old firmware has it.

    Source: HomeWizard reference, section 2.4.
    """
    told = {name: value for name, value in read.items() if name in _KINDS and value is not None}
    good = {name: value for name, raw in told.items() if (value := good_value(name, raw)) is not None}
    meters, are_good = meters_of(read.get("external"))
    odd = tuple(name for name in told if name not in good)
    return Measurement(good, meters), odd if are_good else (*odd, "external")


def good_value(point: str, value: object) -> Value | None:
    """Return a value that fits a measured point; None when it does not."""
    if _KINDS[point] is PointKind.NUMBER:
        return number_of(value)
    text = text_of(value)
    is_moment = point.endswith("timestamp")
    return None if text is None or (is_moment and MOMENT.fullmatch(text) is None) else text


def meters_of(external: object) -> tuple[tuple[MeterBehind, ...], bool]:
    """Return the meters of `external` that tell all of themselves, and whether every entry did."""
    if external is None:
        return (), True
    if not isinstance(external, list) or len(external) > METERS_LIMIT:
        return (), False
    meters = tuple(meter for entry in external if (meter := _meter(entry)) is not None)
    return meters, len(meters) == len(external)


def _meter(entry: object) -> MeterBehind | None:
    if not isinstance(entry, dict):
        return None
    kind, unit = text_of(entry.get("type")), text_of(entry.get("unit"))
    unique_id, timestamp = text_of(entry.get("unique_id")), text_of(entry.get("timestamp"))
    value = number_of(entry.get("value"))
    if kind not in METERS_BEHIND or unit not in METER_UNITS or unique_id is None or timestamp is None or value is None:
        return None
    return MeterBehind(kind, unique_id, timestamp, value, unit) if MOMENT.fullmatch(timestamp) else None
