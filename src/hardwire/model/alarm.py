"""An alarm: a threshold on a point, with the states that it goes through (ezeio reference, section 4, "Alarms")."""

from datetime import datetime
from enum import Enum

from msgspec import Struct


class Alarm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A condition to raise an alarm at and one to restore it at, each with a time that it has to hold for."""

    name: str
    """What people read; one of its own within the device."""
    point: str
    """The point whose value is watched."""
    above: float | None = None
    """Raise while the value is greater than this."""
    below: float | None = None
    """Raise while the value is less than this. One of `above` and `below` is given, or both."""
    restore_below: float | None = None
    """Restore an alarm of `above` while the value is less than this; None: once it is not greater than `above`."""
    restore_above: float | None = None
    """Restore an alarm of `below` while the value is greater than this; None: once it is not less than `below`."""
    holdoff_s: float = 0.0
    """How long the alarm condition has to hold."""
    restore_holdoff_s: float = 0.0
    """How long the restore condition has to hold."""
    message: str = ""
    """What is told when it goes off; empty means a sentence made of point, value and threshold."""
    send: tuple[str, ...] = ()
    """The destinations (`[destinations.NAME]`) that are told when it goes off and when it is restored."""


class AlarmState(Enum):
    """Where an alarm stands."""

    RESTORED = "restored"
    ALARM_HOLDOFF = "in alarm holdoff"
    IN_ALARM = "in alarm"
    BETWEEN = "between conditions"
    """In alarm although the alarm condition no longer holds, and the restore condition does not hold yet."""
    RESTORE_HOLDOFF = "in restore holdoff"


class AlarmStanding(Struct, frozen=True):
    """An alarm with its state, since when."""

    alarm: Alarm
    state: AlarmState
    since: datetime
