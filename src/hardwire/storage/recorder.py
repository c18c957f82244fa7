"""The recorder: a watcher like any other, which hands the store what is worth keeping."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from hardwire.contracts.house import House, Reading
from hardwire.contracts.store import Store
from hardwire.model.device import Device
from hardwire.model.fact import Fact, LogRow, Sample
from hardwire.model.value import Value

LOGS_ITSELF = "self"
_MILLISECOND = timedelta(milliseconds=1)
# So much may the clocks of sources differ from the hub's.
_AHEAD = timedelta(minutes=5)


class Pace(Struct, frozen=True, kw_only=True):
    """How often a point that has no log is recorded."""

    interval: timedelta
    """At most once in this time."""
    heartbeat: timedelta
    """At least once in this time while its source lives, although it has not changed."""
    history_days: int
    """How long the groups keep rows that do not say so themselves; nothing is recorded of one that keeps none."""


class _Noted(Struct, frozen=True):
    """What was recorded last of a point."""

    at: datetime
    told: datetime
    """The newest instant that the source itself told; `at` is later where the value was recorded as still holding."""
    value: Value


class Recorder:
    """Notes every row of the logs, and of points without a log what has changed.

    A P1 meter tells forty values a second; a month of them all would fill an SD card and wear it out.
    """

    def __init__(self, store: Store, house: House, pace: Pace, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._house = house
        self._pace = pace
        self._now = now
        self._noted: dict[str, dict[str, _Noted]] = {}
        self._logs: dict[str, tuple[Device, frozenset[str]]] = {}

    def take(self, fact: Fact) -> None:
        """Note what is due; it is committed with the next write, at the latest after 10 s."""
        if not isinstance(fact, Sample | LogRow):
            return
        device = self._house.device(fact.device)
        if device is None or not self._is_kept(device):
            return
        if isinstance(fact, LogRow):
            self._store.note([fact])
            return
        if device.log == LOGS_ITSELF:
            return
        due: dict[datetime, dict[str, Value]] = {}
        logged = self._logged(device)
        for name, value in fact.values.items():
            if name not in logged:
                for at in self._due(device.id, name, value, fact.at):
                    due.setdefault(at, {})[name] = value
        if due:
            self._store.note([Sample(device.id, at, values) for at, values in due.items()])

    def beat(self) -> None:
        """Note what nobody may tell again: changes that came too soon after another, and values that still hold."""
        now = self._now()
        devices = {device.id: device for device in self._house.devices()}
        for id in [id for id in self._noted if id not in devices]:
            del self._noted[id]
            self._logs.pop(id, None)
        for id, noted in self._noted.items():
            device = devices[id]
            if device.log != LOGS_ITSELF and self._is_kept(device) and self._house.is_fresh(id, now):
                self._beat(device, noted, self._house.readings(id), now)

    def _beat(self, device: Device, noted: dict[str, _Noted], readings: Mapping[str, Reading], now: datetime) -> None:
        due: dict[datetime, dict[str, Value]] = {}
        logged = self._logged(device)
        for name, last in noted.items():
            reading = readings.get(name)
            if reading is None or name in logged:
                continue
            if reading.value != last.value and reading.at > last.at and now >= last.at + self._pace.interval:
                at = reading.at
            elif reading.value == last.value and now >= last.at + self._longest:
                at = now
            else:
                continue
            due.setdefault(at, {})[name] = reading.value
            noted[name] = _Noted(at, reading.at, reading.value)
        for at, values in due.items():
            self._store.note([Sample(device.id, at, values)])

    def _is_kept(self, device: Device) -> bool:
        group = self._house.group(device.group)
        days = None if group is None else group.history_days
        return (self._pace.history_days if days is None else days) > 0

    def _due(self, device: str, name: str, value: Value, at: datetime) -> tuple[datetime, ...]:
        """Return the instants at which a value that was told is to be recorded."""
        noted = self._noted.setdefault(device, {})
        last = noted.get(name)
        # What was recorded far beyond now was so before the clock was set back: what comes now is not late for it.
        if last is None or at < last.at > self._now() + _AHEAD:
            noted[name] = _Noted(at, at, value)
            return (at,)
        # What is older than the last one came late: it is told once, so it is kept.
        if at <= last.told:
            return (at,) if at < last.told else ()
        if at < last.at:
            # It was recorded that the old value still held: a gas meter's reading comes minutes after its instant.
            again = last.at + _MILLISECOND
            noted[name] = _Noted(last.at if value == last.value else again, at, value)
            return () if value == last.value else (at, again)
        if at < last.at + (self._pace.interval if value != last.value else self._longest):
            return ()
        noted[name] = _Noted(at, at, value)
        return (at,)

    def _logged(self, device: Device) -> frozenset[str]:
        """Return the points whose rows come by the fast log that the hub keeps."""
        known = self._logs.get(device.id)
        if known is None or known[0] is not device:
            names = frozenset(point.name for point in device.points if point.log_interval_s)
            known = self._logs[device.id] = device, names
        return known[1]

    @property
    def _longest(self) -> timedelta:
        return max(self._pace.interval, self._pace.heartbeat)
