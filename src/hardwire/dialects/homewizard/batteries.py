"""The batteries that a product steers: what `/api/batteries` tells and takes. None are fitted yet."""

from collections.abc import Mapping

from msgspec import Struct

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.errors import INVALID_TYPE, NO_PARAMETERS, NOT_EXCLUSIVE, refused
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.value import Value

# HomeWizard reference, section 2.8.
ZERO, TO_FULL, STANDBY, PREDICTIVE = "zero", "to_full", "standby", "predictive"
MODES = (ZERO, TO_FULL, STANDBY, PREDICTIVE)
PERMISSIONS = ("charge_allowed", "discharge_allowed")

MODE_POINT = "batteries_mode"
MODE_BEFORE_POINT = "batteries_mode_before"
PERMISSIONS_POINT = "batteries_permissions"


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


def kept_points() -> tuple[Point, ...]:
    """Return the points in which the hub keeps the control."""
    start = Control()
    texts = Point(
        name=PERMISSIONS_POINT, kind=PointKind.TEXTS, writable=True, keeper=Keeper.HUB, initial=start.permissions
    )
    modes = {MODE_POINT: start.mode, MODE_BEFORE_POINT: start.mode_before}
    return (
        *(
            Point(name=name, kind=PointKind.TEXT, writable=True, keeper=Keeper.HUB, initial=mode)
            for name, mode in modes.items()
        ),
        texts,
    )


def control(appliance: Appliance) -> Control:
    """Return how the batteries are told to behave now."""
    mode = appliance.value(MODE_POINT)
    permissions = appliance.value(PERMISSIONS_POINT)
    mode_before = appliance.value(MODE_BEFORE_POINT)
    return Control(
        mode=mode if isinstance(mode, str) else ZERO,
        permissions=permissions if isinstance(permissions, tuple) else PERMISSIONS,
        mode_before=mode_before if isinstance(mode_before, str) else ZERO,
    )


def batteries(appliance: Appliance) -> Shown:
    """Return what `GET /api/batteries` tells: the control, and that no battery is there to follow it."""
    now = control(appliance)
    return {
        "mode": now.mode,
        "permissions": now.permissions,
        "charge_to_full": now.mode == TO_FULL,
        "battery_count": 0,
        "power_w": 0,
        "target_power_w": 0,
        "max_consumption_w": 0,
        "max_production_w": 0,
    }


def wish(parameters: Mapping[str, object]) -> Wish:
    """Read what a client writes.

    Raises:
        CallerError: `json:parameter-invalid-type:<name>`, `json:no-parameters-recognized`, or
            `json:parameter-not-exclusive` when one parameter asks for what another forbids.
    """
    read = Wish(
        mode=_mode(parameters["mode"]) if "mode" in parameters else None,
        permissions=_permissions(parameters["permissions"]) if "permissions" in parameters else None,
        charge_to_full=_flag(parameters["charge_to_full"]) if "charge_to_full" in parameters else None,
    )
    if read == Wish(None, None, None):
        raise refused(NO_PARAMETERS)
    is_to_full = read.mode == TO_FULL or read.charge_to_full is True
    contradicts = (
        (is_to_full and read.permissions is not None)
        or (read.mode == STANDBY and bool(read.permissions))
        or (read.mode is not None and read.charge_to_full is not None and (read.mode == TO_FULL) != read.charge_to_full)
    )
    if contradicts:
        raise refused(NOT_EXCLUSIVE)
    return read


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
    return Control(mode, permissions, mode_before)


def _next_mode(now: Control, wish: Wish) -> str:
    if wish.mode is not None:
        return wish.mode
    if wish.charge_to_full is True:
        return TO_FULL
    if wish.charge_to_full is False and now.mode == TO_FULL:
        return now.mode_before
    return now.mode


def _mode(value: object) -> str:
    if isinstance(value, str) and value in MODES:
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
