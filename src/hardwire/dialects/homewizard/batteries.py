"""The batteries that a product steers: what `/api/batteries` tells and takes.

Source: HomeWizard reference, section 2.8.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.errors import INVALID_TYPE, NO_PARAMETERS, NOT_EXCLUSIVE, refused
from hardwire.dialects.homewizard.measurement import number
from hardwire.dialects.homewizard.release import Release
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.device import Device
from hardwire.model.energy import STEERED
from hardwire.model.point import Keeper, Point
from hardwire.model.value import Value

ZERO, TO_FULL, STANDBY, PREDICTIVE = "zero", "to_full", "standby", "predictive"
PERMISSIONS = ("charge_allowed", "discharge_allowed")

MODE_POINT = "batteries_mode"
MODE_BEFORE_POINT = "batteries_mode_before"
PERMISSIONS_POINT = "batteries_permissions"
COUNT_POINT = "batteries_count"
TARGET_POINT = "batteries_target_power_w"
FIGURES: Mapping[str, str] = {
    "power_w": "batteries_power_w",
    "target_power_w": TARGET_POINT,
    "max_consumption_w": "batteries_max_consumption_w",
    "max_production_w": "batteries_max_production_w",
}
"""Field -> the point that it shows."""
STEERING = frozenset(point.name for point in STEERED)


class Control(Struct, frozen=True):
    """How the batteries are told to behave."""

    mode: str = ZERO
    permissions: tuple[str, ...] = PERMISSIONS
    mode_before: str = ZERO
    """Where the end of `to_full` leads back to."""

    @property
    def points(self) -> dict[str, Value]:
        """The values of the points that keep it."""
        return {MODE_POINT: self.mode, PERMISSIONS_POINT: self.permissions, MODE_BEFORE_POINT: self.mode_before}


class Wish(Struct, frozen=True):
    """What a client writes; None is what it does not mention."""

    mode: str | None
    permissions: tuple[str, ...] | None
    charge_to_full: bool | None


def kept_points(device: Device) -> tuple[Point, ...]:
    """Return the points in which the hub keeps the control on a device's behalf.

    A source with a mode of its own is asked for permissions only where it knows any: they would be kept for nobody.
    """
    start = Control().points
    mode = device.point(MODE_POINT)
    has_own_mode = mode is not None and mode.keeper is Keeper.SOURCE
    return tuple(
        replace(point, keeper=Keeper.HUB, initial=start[point.name])
        for point in STEERED
        if point.name in start and not (has_own_mode and point.name == PERMISSIONS_POINT)
    )


def control(appliance: Appliance) -> Control:
    """Return how the batteries are told to behave now, as far as clients of this release can see it."""
    before = appliance.value(MODE_BEFORE_POINT)
    permissions = _known_permissions(appliance.value(PERMISSIONS_POINT))
    mode = appliance.value(MODE_POINT)
    # What this release does not know weighs the grid against the batteries somehow, as zero does.
    shown = mode if isinstance(mode, str) and mode in modes(appliance.release) else ZERO
    if shown == ZERO and not permissions:
        shown = STANDBY
    return Control(
        mode=shown,
        permissions=() if shown == STANDBY else permissions,
        mode_before=before if isinstance(before, str) and before in (ZERO, STANDBY, PREDICTIVE) else ZERO,
    )


def modes(release: Release) -> tuple[str, ...]:
    """Return the modes that clients of a release know."""
    return (ZERO, TO_FULL, STANDBY, PREDICTIVE) if release.has_predictive else (ZERO, TO_FULL, STANDBY)


def batteries(appliance: Appliance, now: datetime) -> Shown | None:
    """Return what `GET /api/batteries` tells; None when the source that steers the batteries has fallen silent.

    Without batteries the control is told all the same, and every figure is 0.
    """
    if _is_steered_by_source(appliance.device) and not appliance.is_fresh(now):
        return None
    release, told = appliance.release, control(appliance)
    shown: dict[str, object] = {"mode": told.mode}
    if release.has_permissions:
        shown["permissions"] = told.permissions
    if release.has_predictive:
        shown["charge_to_full"] = told.mode == TO_FULL
    if release.has_permissions:
        shown["battery_count"] = round(_figure(appliance, COUNT_POINT))
    return {**shown, **{name: _figure(appliance, point) for name, point in FIGURES.items()}}


def is_news(release: Release, points: Collection[str]) -> bool:
    """Say whether new values of these points are pushed; the others ride along.

    Source: HomeWizard reference, section 3.3, and section 0 for what is pushed since 2.2.0.
    """
    pushed = (MODE_POINT, PERMISSIONS_POINT, TARGET_POINT) if release.has_permissions else (MODE_POINT,)
    return any(point in points for point in pushed)


def writes(appliance: Appliance, parameters: Mapping[str, object]) -> dict[str, Value]:
    """Return the points of the device that a client's write changes; empty when all is so already.

    Raises:
        CallerError: as `wish`.
    """
    before = control(appliance)
    after = changed(before, wish(parameters, appliance.release))
    # What a release cannot show may stand behind what it shows: a wish for the mode that is shown overwrites it.
    now = {**before.points, **_told(appliance, (MODE_POINT, PERMISSIONS_POINT))}
    return {
        name: value
        for name, value in after.points.items()
        if appliance.device.point(name) is not None and now[name] != value
    }


def wish(parameters: Mapping[str, object], release: Release) -> Wish:
    """Read what a client writes; what its release does not know is passed over.

    Raises:
        CallerError: `json:parameter-invalid-type:<name>`, `json:no-parameters-recognized`, or
            `json:parameter-not-exclusive` when one parameter asks for what another forbids.
    """
    mode = permissions = charge_to_full = None
    if "mode" in parameters:
        mode = _mode(parameters["mode"], release)
    if "permissions" in parameters and release.has_permissions:
        permissions = _permissions(parameters["permissions"])
    if "charge_to_full" in parameters and release.has_predictive:
        charge_to_full = _flag(parameters["charge_to_full"])
    if (mode, permissions, charge_to_full) == (None, None, None):
        raise refused(NO_PARAMETERS)
    is_to_full = mode == TO_FULL or charge_to_full is True
    contradicts = (
        (is_to_full and permissions is not None)
        or (mode == STANDBY and bool(permissions))
        or (mode is not None and charge_to_full is not None and (mode == TO_FULL) != charge_to_full)
    )
    if contradicts:
        raise refused(NOT_EXCLUSIVE)
    return Wish(mode, permissions, charge_to_full)


def changed(now: Control, wish: Wish) -> Control:
    """Return the control after a wish; `now` itself when it changes nothing.

    Permissions are read-only in `to_full`, and `predictive` picks them by itself: there they are passed over.
    """
    mode = _next_mode(now, wish)
    mode_before = now.mode if mode == TO_FULL and now.mode != TO_FULL else now.mode_before
    permissions = now.permissions
    if mode in (ZERO, STANDBY):
        if wish.permissions is not None:
            permissions = wish.permissions
            mode = ZERO if permissions else STANDBY
        elif mode == STANDBY:
            permissions = ()
        else:
            # Zero that may do nothing is standby: who asks for zero alone wants plain zero.
            permissions = permissions or PERMISSIONS
    elif mode == PREDICTIVE:
        # Out of standby it may do both again, as it thinks fit.
        permissions = permissions or PERMISSIONS
    return Control(mode, permissions, mode_before)


def _next_mode(now: Control, wish: Wish) -> str:
    if wish.mode is not None:
        return wish.mode
    if wish.charge_to_full is True:
        return TO_FULL
    if wish.charge_to_full is False and now.mode == TO_FULL:
        return now.mode_before
    return now.mode


def _is_steered_by_source(device: Device) -> bool:
    return any(point.name in STEERING and point.keeper is Keeper.SOURCE for point in device.points)


def _told(appliance: Appliance, points: Collection[str]) -> dict[str, Value]:
    told = {point: appliance.value(point) for point in points}
    return {point: value for point, value in told.items() if value is not None}


def _figure(appliance: Appliance, point: str) -> int | float:
    # What a source told while it had batteries is nothing of today's, once it has none.
    figure = number(appliance.value(point)) if appliance.device.point(point) is not None else None
    return 0 if figure is None else figure


def _known_permissions(value: Value | None) -> tuple[str, ...]:
    if not isinstance(value, tuple):
        return PERMISSIONS
    return tuple(permission for permission in PERMISSIONS if permission in value)


def _mode(value: object, release: Release) -> str:
    if isinstance(value, str) and value in modes(release):
        return value
    raise refused(INVALID_TYPE, "mode")


def _permissions(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(permission in PERMISSIONS for permission in value):
        return tuple(permission for permission in PERMISSIONS if permission in value)
    raise refused(INVALID_TYPE, "permissions")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise refused(INVALID_TYPE, "charge_to_full")
