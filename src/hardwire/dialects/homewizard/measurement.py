"""What a product measures: the fields of its points and the meters behind it."""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.product import Field, FieldKind
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.device import Device
from hardwire.model.value import Value

# Meters round to three decimals, clients print what they get (HomeWizard reference, section 2.4).
DECIMALS = 3
METERS_BEHIND = frozenset({"gas_meter", "heat_meter", "warm_water_meter", "water_meter", "inlet_heat_meter"})
METER_UNITS = frozenset({"m3", "GJ"})
MOMENT = re.compile(r"\d\d(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", re.ASCII)


class MeterBehind(Struct, frozen=True):
    """The last reading of a gas, water or heat meter behind a product."""

    unique_id: str
    type: str
    timestamp: str
    value: int | float
    unit: str


def measurement(appliance: Appliance, now: datetime) -> Shown | None:
    """Return what the v2 API tells of a product's measurements; None when it has none that count as current.

    What the source does not know is left out, never null.

    Source: HomeWizard reference, section 2.4.
    """
    return _shown(appliance) if appliance.is_fresh(now) else None


def measured(appliance: Appliance) -> Iterator[tuple[Field, Value]]:
    """Return every field that the source has a good value for, in the order of the wire."""
    readings = appliance.house.readings(appliance.device.id)
    for field in appliance.product.fields:
        reading = readings.get(field.name) or readings.get(field.stand_in)
        if reading is None:
            continue
        value = _good(reading.value, field.kind)
        if value is not None:
            yield field, value


def meters_behind(appliance: Appliance) -> Iterable[MeterBehind]:
    """Return the meters behind a product that have told all that clients need of them."""
    if not appliance.product.has_meters_behind:
        return ()
    found = (_meter_behind(appliance, child) for child in appliance.house.children(appliance.device.id))
    return tuple(meter for meter in found if meter is not None)


def _shown(appliance: Appliance) -> Shown | None:
    shown: dict[str, object] = {field.name: value for field, value in measured(appliance)}
    meters = meters_behind(appliance)
    if meters:
        shown["external"] = meters
    return shown or None


def _meter_behind(appliance: Appliance, child: Device) -> MeterBehind | None:
    point = child.point("value")
    if child.kind not in METERS_BEHIND or point is None or point.unit not in METER_UNITS:
        return None
    readings = appliance.house.readings(child.id)
    if not readings.keys() >= {"unique_id", "timestamp", "value"}:
        return None
    unique_id = _good(readings["unique_id"].value, FieldKind.TEXT)
    # A timestamp that is none makes a client throw the whole measurement away (HomeWizard reference, section 2.4).
    timestamp = _good(readings["timestamp"].value, FieldKind.MOMENT)
    value = _good(readings["value"].value, FieldKind.NUMBER)
    if not isinstance(unique_id, str) or not isinstance(timestamp, str) or not isinstance(value, int | float):
        return None
    return MeterBehind(unique_id, child.kind, timestamp, value, point.unit)


def _good(value: Value, kind: FieldKind) -> Value | None:
    """Return the value as clients get it; None when it is not of its kind (JSON knows no infinity either)."""
    match kind, value:
        case (FieldKind.NUMBER, bool()):
            return None
        case (FieldKind.NUMBER, int()):
            return value
        case (FieldKind.NUMBER, float()) if math.isfinite(value):
            return round(value, DECIMALS)
        case (FieldKind.TEXT, str()):
            return value
        case (FieldKind.MOMENT, str()) if MOMENT.fullmatch(value):
            return value
        case _:
            return None
