"""The alarms of a hub's devices: what their values and the clock make of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from hardwire.contracts.house import House
from hardwire.hub.threshold import Turn, calmed, judged, number_of, threshold_of
from hardwire.model.alarm import Alarm, AlarmStanding, AlarmState
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Incident, Sample
from hardwire.model.value import Value, number_text

# A logger's upload may be late by 20 minutes, or by a night without a link; what is older is history, and wakes nobody.
LATEST_BY = timedelta(days=1)

_KEPT = "alarm:"


class _Watched(Struct, frozen=True):
    """An alarm with the instant of the newest value that was judged."""

    standing: AlarmStanding
    judged_at: datetime | None = None


class Alarms:
    """Raises and restores. Values count in the order of their own instants: one older than the last is not judged.

    While a device is stale nothing is raised or restored, and a holdoff that ran begins anew. Where a device keeps its
    logs itself, and so uploads late, time passes with its own values only: a holdoff ends with the first value that is
    known to lie behind it.
    """

    def __init__(
        self,
        house: House,
        now: Callable[[], datetime],
        publish: Callable[[Fact], None],
        kept: Callable[[str], Mapping[str, Value]],
    ) -> None:
        """`kept` gives what is on the disk of a device: an alarm that stood at the last stop is not raised again."""
        self._house = house
        self._now = now
        self._publish = publish
        self._kept = kept
        self._watched: dict[tuple[str, str], _Watched] = {}

    def standings(self, device: str) -> Sequence[AlarmStanding]:
        """A device's alarms, in the order of declaration, each with its state."""
        known = self._house.device(device)
        return () if known is None else tuple(self._of(device, alarm).standing for alarm in known.alarms)

    def take(self, fact: Fact) -> None:
        """Judge the values of a sample."""
        if not isinstance(fact, Sample):
            return
        device = self._house.device(fact.device)
        if device is None or not device.alarms:
            return
        now = self._now()
        # What claims to come from the future would make late comers of all that is true until then.
        at = min(fact.at, now)
        for alarm in device.alarms:
            watched = self._of(device.id, alarm)
            # What was judged later than now was so before the clock was set back: it makes late comers of none.
            is_late = watched.judged_at is not None and at < watched.judged_at <= now
            value = number_of(fact.values.get(alarm.point, ""))
            if value is not None and not is_late and now - at <= LATEST_BY:
                self._watched[device.id, alarm.name] = replace(watched, judged_at=at)
                self._judge(device, alarm, value, at)

    def tick(self, now: datetime) -> None:
        """Let time pass: the last value of a device whose source lives holds until the next."""
        watched: set[tuple[str, str]] = set()
        for device in self._house.devices():
            watched.update((device.id, alarm.name) for alarm in device.alarms)
            if device.alarms and device.log != "self":
                self._pass_time(device, now)
        for gone in self._watched.keys() - watched:
            del self._watched[gone]

    def _pass_time(self, device: Device, now: datetime) -> None:
        readings = self._house.readings(device.id)
        is_fresh = self._house.is_fresh(device.id, now)
        for alarm in device.alarms:
            value = number_of(readings[alarm.point].value) if alarm.point in readings else None
            if is_fresh and value is not None:
                self._judge(device, alarm, value, now)
            else:
                watched = self._of(device.id, alarm)
                self._watched[device.id, alarm.name] = replace(watched, standing=calmed(watched.standing, now))

    def _judge(self, device: Device, alarm: Alarm, value: float, at: datetime) -> None:
        watched = self._of(device.id, alarm)
        standing, turn = judged(watched.standing, value, at)
        self._watched[device.id, alarm.name] = replace(watched, standing=standing)
        if turn is not None:
            self._publish(self._incident(device, alarm, turn, value, at))

    def _of(self, device: str, alarm: Alarm) -> _Watched:
        known = self._watched.get((device, alarm.name))
        if known is not None:
            # Its settings may have changed since.
            standing = known.standing if known.standing.alarm == alarm else replace(known.standing, alarm=alarm)
            return replace(known, standing=standing)
        kind, _, told_at = str(self._kept(device).get(_KEPT + alarm.name, "")).partition(" ")
        if not told_at:
            return _Watched(AlarmStanding(alarm, AlarmState.RESTORED, self._house.began()))
        state = AlarmState.IN_ALARM if kind == Turn.RAISED.value else AlarmState.RESTORED
        since = datetime.fromisoformat(told_at)
        # A logger that repeats its last rows after a restart of the hub raises nothing a second time.
        return _Watched(AlarmStanding(alarm, state, since), judged_at=since)

    def _incident(self, device: Device, alarm: Alarm, turn: Turn, value: float, at: datetime) -> Incident:
        threshold = threshold_of(alarm, value)
        return Incident(
            device=device.id,
            at=at,
            kind=turn.value,
            source="ALARM",
            name=alarm.name,
            action=", ".join(alarm.send),
            params=(value, threshold),
            message=_sentence(device, alarm, turn, value, threshold),
            values={name: reading.value for name, reading in self._house.readings(device.id).items()},
            send=alarm.send,
        )


def kept_of(incident: Incident) -> Mapping[str, Value]:
    """Return what has to be on the disk of a device after an incident: what was told last of its alarm, and when."""
    if incident.source != "ALARM":
        return {}
    return {_KEPT + incident.name: f"{incident.kind} {incident.at.isoformat()}"}


def _sentence(device: Device, alarm: Alarm, turn: Turn, value: float, threshold: float) -> str:
    point = device.point(alarm.point)
    label = alarm.point if point is None else point.label or point.name
    unit = f" {point.unit}" if point is not None and point.unit else ""
    told = f"{label} is {number_text(value)}{unit}"
    if turn is Turn.RESTORED:
        return f"{alarm.message or alarm.name}: over, {told}"
    way = "above" if value > threshold else "below"
    return alarm.message or f"{told}, {way} {number_text(threshold)}{unit}"
