"""What `/api/v1/state` tells and takes: a socket's relay, the lock on it, and its light.

Source: HomeWizard reference, section 4.5.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.errors import INVALID_TYPE, NO_PARAMETERS, refused
from hardwire.dialects.homewizard.measurement import whole
from hardwire.dialects.homewizard.v1.wire import OUT_OF_RANGE, SWITCH_LOCKED
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.energy import SWITCHED
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.value import Value

POWER_ON, SWITCH_LOCK, BRIGHTNESS = "power_on", "switch_lock", "brightness"
BRIGHTNESS_HIGH = 255
# A new socket feeds what is plugged in, is not locked, and shines.
INITIAL: Mapping[str, Value] = {POWER_ON: True, SWITCH_LOCK: False, BRIGHTNESS: BRIGHTNESS_HIGH}


def kept_points() -> tuple[Point, ...]:
    """Return the points in which the hub keeps the state of a socket whose source has none."""
    return tuple(replace(point, keeper=Keeper.HUB, initial=INITIAL[point.name]) for point in SWITCHED)


def state(appliance: Appliance, now: datetime) -> Shown | None:
    """Return the whole state; None when the source has not told its part, or is silent: old states are none."""
    shown: dict[str, object] = {}
    for point in SWITCHED:
        known = appliance.device.point(point.name)
        is_current = (known is not None and known.keeper is Keeper.HUB) or appliance.is_fresh(now)
        told = appliance.value(point.name)
        value = whole(told) if point.kind is PointKind.NUMBER else told
        if value is None or not is_current:
            return None
        shown[point.name] = value
    return shown


def wanted(parameters: Mapping[str, object]) -> dict[str, Value]:
    """Return the part of the state that a client writes; what nobody knows is passed over.

    Raises:
        CallerError: a value has the wrong type or is out of range, or nothing is left.
    """
    values = {point.name: _good(point, parameters[point.name]) for point in SWITCHED if point.name in parameters}
    if not values:
        raise refused(NO_PARAMETERS)
    return values


def writes(appliance: Appliance, wanted: Mapping[str, Value]) -> dict[str, Value]:
    """Return the points to write, all or none: who locks the relay has it on.

    Raises:
        CallerError: the relay is to be off while it is locked, or is to be locked by the same request.
    """
    is_locked = wanted.get(SWITCH_LOCK, appliance.value(SWITCH_LOCK)) is True
    if is_locked and wanted.get(POWER_ON) is False:
        raise refused(SWITCH_LOCKED)
    return {**wanted, POWER_ON: True} if wanted.get(SWITCH_LOCK) is True else dict(wanted)


def _good(point: Point, value: object) -> Value:
    # By exact type: 1 is no flag, and true no number.
    if point.kind is PointKind.FLAG and type(value) is bool:
        return value
    if point.kind is PointKind.NUMBER and type(value) in (int, float):
        assert isinstance(value, int | float)
        if 0 <= value <= BRIGHTNESS_HIGH:
            # Clients reckon it out of a percentage: 127.49999999999999 is 50 %.
            return round(value)
        raise refused(OUT_OF_RANGE)
    raise refused(INVALID_TYPE, point.name)
