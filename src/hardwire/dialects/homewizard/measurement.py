"""What a product measures: the fields of its points and the meters behind it."""

import re
from collections.abc import Iterable
from datetime import datetime
from math import isfinite

from msgspec import Struct

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.product import Field, FieldKind
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.device import Device
from hardwire.model.value import Value

# Meters round to three decimals, clients print what they get (HomeWizard reference, section 2.4).
DECIMALS = 3
SCALE = 10**DECIMALS
NUMBER = FieldKind.NUMBER
# Beyond it clients that read JSON numbers as 64-bit floats lose digits (RFC 8259, section 6).
WHOLE_LIMIT = 2**53
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


def measured(appliance: Appliance) -> list[tuple[Field, Value]]:
    """Return every field that the source has a good value for, in the order of the wire."""
    known = appliance.house.readings(appliance.device.id).get
    found: list[tuple[Field, Value]] = []
    # Every sample of every meter takes this way some forty times: what most of them are is decided without a call.
    for field in appliance.product.fields:
        # A repeat is one whatever the source has by that name: a total stays the total of a meter without tariffs.
        reading = known(field.name) if field.in_v2 else None
        if reading is None and (not field.stand_in or (reading := known(field.stand_in)) is None):
            continue
        value = reading.value
        if field.kind is not NUMBER:
            good = _good(value, field.kind)
        elif type(value) is float and -WHOLE_LIMIT < value < WHOLE_LIMIT and round(value * SCALE) / SCALE == value:
            # It has no more decimals than are told already, and to see that costs a third of rounding.
            good = value
        else:
            good = number(value)
        if good is not None:
            found.append((field, good))
    return found


def meters_behind(appliance: Appliance) -> Iterable[MeterBehind]:
    """Return the meters behind a product that have told all that clients need of them."""
    if not appliance.product.has_meters_behind:
        return ()
    found = (_meter_behind(appliance, child) for child in appliance.house.children(appliance.device.id))
    return tuple(meter for meter in found if meter is not None)


def _shown(appliance: Appliance) -> Shown | None:
    shown: dict[str, object] = {field.name: value for field, value in measured(appliance) if field.in_v2}
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
    unique_id = _text(readings["unique_id"].value)
    # A timestamp that is none makes a client throw the whole measurement away (HomeWizard reference, section 2.4).
    timestamp = _moment(readings["timestamp"].value)
    value = number(readings["value"].value)
    if unique_id is None or timestamp is None or value is None:
        return None
    return MeterBehind(unique_id, child.kind, timestamp, value, point.unit)


def _good(value: Value, kind: FieldKind) -> Value | None:
    """Return the value as clients get it; None when it is not of its kind."""
    if kind is FieldKind.WHOLE:
        return whole(value)
    return _text(value) if kind is FieldKind.TEXT else _moment(value)


def number(value: Value | None) -> int | float | None:
    """Return the value as JSON can tell it; None when it is no number that clients can take."""
    # By exact type: a flag is an int in Python, and no number here.
    if type(value) is int:
        return value if -WHOLE_LIMIT < value < WHOLE_LIMIT else None
    if type(value) is float:
        # JSON knows neither infinity nor NaN.
        return round(value, DECIMALS) if isfinite(value) else None
    return None


def whole(value: Value | None) -> int | None:
    """Return the value as a whole number, without a decimal point in JSON; None as `number` has it."""
    good = number(value)
    return None if good is None else round(good)


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: Value) -> str | None:
    return value if isinstance(value, str) and MOMENT.fullmatch(value) else None
