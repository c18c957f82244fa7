"""One alarm's way through its states, value by value (ezeio reference, section 4, "Alarms")."""

import math
from datetime import datetime, timedelta
from enum import Enum

from msgspec.structs import replace

from hardwire.model.alarm import Alarm, AlarmStanding, AlarmState
from hardwire.model.value import Value


class Turn(Enum):
    """What people are told of; the value is the incident's kind."""

    RAISED = "ALARM"
    RESTORED = "RESTORE"


class Zone(Enum):
    """Which condition a value meets."""

    ALARM = "alarm"
    BETWEEN = "between"
    RESTORE = "restore"


_RESTING = frozenset({AlarmState.RESTORED, AlarmState.ALARM_HOLDOFF})

_NEXT_WHILE_STANDING = {
    Zone.ALARM: AlarmState.IN_ALARM,
    Zone.BETWEEN: AlarmState.BETWEEN,
    Zone.RESTORE: AlarmState.RESTORE_HOLDOFF,
}

_CALM = {AlarmState.ALARM_HOLDOFF: AlarmState.RESTORED, AlarmState.RESTORE_HOLDOFF: AlarmState.BETWEEN}


def judged(standing: AlarmStanding, value: float, at: datetime) -> tuple[AlarmStanding, Turn | None]:
    """Return where an alarm stands once its point held `value` at that instant, and what is to be told of it."""
    alarm = standing.alarm
    zone = zone_of(alarm, value)
    if standing.state in _RESTING:
        state = AlarmState.ALARM_HOLDOFF if zone is Zone.ALARM else AlarmState.RESTORED
    else:
        state = _NEXT_WHILE_STANDING[zone]
    after = standing if state is standing.state else replace(standing, state=state, since=at)
    if at < after.since and state in _CALM:
        # The clock was set back: the holdoff begins anew.
        after = replace(after, since=at)
    held = at - after.since
    if state is AlarmState.ALARM_HOLDOFF and held >= timedelta(seconds=alarm.holdoff_s):
        return replace(after, state=AlarmState.IN_ALARM, since=at), Turn.RAISED
    if state is AlarmState.RESTORE_HOLDOFF and held >= timedelta(seconds=alarm.restore_holdoff_s):
        return replace(after, state=AlarmState.RESTORED, since=at), Turn.RESTORED
    return after, None


def calmed(standing: AlarmStanding, at: datetime) -> AlarmStanding:
    """Return where an alarm stands once nobody knows the value any more: a holdoff that ran begins anew later."""
    state = _CALM.get(standing.state)
    return standing if state is None else replace(standing, state=state, since=at)


def zone_of(alarm: Alarm, value: float) -> Zone:
    """Say which condition of an alarm a value meets."""
    is_high = alarm.above is not None and value > alarm.above
    is_low = alarm.below is not None and value < alarm.below
    if is_high or is_low:
        return Zone.ALARM
    is_still_high = alarm.restore_below is not None and value >= alarm.restore_below
    is_still_low = alarm.restore_above is not None and value <= alarm.restore_above
    return Zone.BETWEEN if is_still_high or is_still_low else Zone.RESTORE


def threshold_of(alarm: Alarm, value: float) -> float:
    """Return the limit that a value is told against: the one that it is beyond, else the nearest."""
    limits = [limit for limit in (alarm.above, alarm.below) if limit is not None]
    return min(limits, key=lambda limit: abs(value - limit), default=0.0)


def number_of(value: Value) -> float | None:
    """Return what an alarm reads: a flag is 1 or 0; None for a text, a list, and what is not finite."""
    if isinstance(value, str | tuple):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
