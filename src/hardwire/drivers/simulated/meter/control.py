"""How a meter is told to steer its batteries: mode and permissions, and what a write of them changes.

Source: HomeWizard reference, section 2.8.
"""

from collections.abc import Mapping

from msgspec import Struct

from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.value import Value

ZERO, TO_FULL, STANDBY, PREDICTIVE = "zero", "to_full", "standby", "predictive"
MODES = (ZERO, TO_FULL, STANDBY, PREDICTIVE)
MAY_CHARGE, MAY_GIVE = "charge_allowed", "discharge_allowed"
BOTH = (MAY_CHARGE, MAY_GIVE)

MODE, PERMISSIONS, MODE_BEFORE = "batteries_mode", "batteries_permissions", "batteries_mode_before"


class Control(Struct, frozen=True):
    """The mode with its permissions. Standby is zero without any permission, and the other way round."""

    mode: str = ZERO
    permissions: tuple[str, ...] = BOTH
    mode_before: str = ZERO
    """Where the end of `to_full` leads back to."""

    @property
    def points(self) -> Mapping[str, Value]:
        """The values of the points that show it."""
        return {MODE: self.mode, PERMISSIONS: self.permissions, MODE_BEFORE: self.mode_before}

    def written(self, values: Mapping[str, Value]) -> "Control":
        """Return the control after a write of points: of all of them, or an error and none.

        Raises:
            CallerError: one of the points cannot be written (`not-writable`).
            BadValueError: a value has the wrong kind or is none of those that there are; `path` names its point.
        """
        for name in values:
            if name not in self.points:
                raise CallerError(f"{name} cannot be written", code="not-writable", path=name)
        mode = _mode(values.get(MODE, self.mode), MODE)
        before = self.mode if mode == TO_FULL and self.mode != TO_FULL else self.mode_before
        before = _mode(values.get(MODE_BEFORE, before), MODE_BEFORE)
        if before == TO_FULL:
            raise BadValueError(f"{MODE_BEFORE} is where {TO_FULL} ends: choose another mode", path=MODE_BEFORE)
        permissions = self.permissions
        if PERMISSIONS in values:
            permissions = _permissions(values[PERMISSIONS])
            if mode in (ZERO, STANDBY):
                mode = ZERO if permissions else STANDBY
        elif MODE in values:
            permissions = _permissions_in(mode, permissions)
        return Control(mode, permissions, before)

    def ended(self) -> "Control":
        """Return what follows `to_full` when every battery is full."""
        return Control(self.mode_before, _permissions_in(self.mode_before, self.permissions), self.mode_before)


def control_kept(kept: Mapping[str, Value]) -> Control:
    """Return the control as it was kept; one that never was, or not as a control can be, is plain zero."""
    control = Control()
    try:
        return control.written({name: kept[name] for name in control.points if name in kept})
    except CallerError:
        return control


def _permissions_in(mode: str, permissions: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a mode that was chosen by itself does to the permissions."""
    match mode:
        case "standby":
            return ()
        case "zero":
            # Zero that may do nothing is standby: who asks for zero alone wants plain zero.
            return permissions or BOTH
        case _:
            return permissions


def _mode(value: Value, path: str) -> str:
    if not isinstance(value, str) or value not in MODES:
        raise BadValueError(f"{path} is one of {', '.join(MODES)}, not {value!r}", path=path)
    return value


def _permissions(value: Value) -> tuple[str, ...]:
    if not isinstance(value, tuple) or not all(permission in BOTH for permission in value):
        raise BadValueError(f"{PERMISSIONS} holds {' and '.join(BOTH)}, or nothing; not {value!r}", path=PERMISSIONS)
    return tuple(permission for permission in BOTH if permission in value)
