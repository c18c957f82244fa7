"""One P1 meter: telegrams come in, samples of the meter go out, before them those of the meters behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from hardwire.contracts.driver import Feed
from hardwire.drivers.dsmr.fault import Fault, FaultKind, UnparsableError
from hardwire.drivers.dsmr.framing import Framer
from hardwire.drivers.dsmr.mapping import MeterReading, read_telegram
from hardwire.drivers.dsmr.mbus import MbusReading
from hardwire.drivers.dsmr.settings import Settings, line_of, version_of
from hardwire.drivers.dsmr.sources import Source, open_source
from hardwire.model.command import Command, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.energy import counter_points, energy_points
from hardwire.model.errors import CallerError, DeviceError
from hardwire.model.fact import Sample
from hardwire.model.value import Value

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0

# A line without a byte for so long is opened anew: a TCP connection whose other end lost power says nothing of it.
SILENCE_S = 60.0

# A meter's clock may be off by so much before people are told.
CLOCK_TOLERANCE = timedelta(hours=1)

# The P1 standard's countries keep this time; a hub that was told no zone would read summer and winter marks as UTC.
DEFAULT_ZONE = "Europe/Amsterdam"
_NO_ZONE = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Zulu"})

_PROFILE = "HWE-P1"


class P1Meter:
    """The driver of one P1 meter."""

    def __init__(
        self,
        id: str,
        group: str,
        timezone: str,
        settings: Settings,
        *,
        open_line: Callable[[], Awaitable[Source]] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Build the driver; `open_line` and `pause` are the settings' own line and real sleep unless given.

        Raises:
            BadValueError: a setting is wrong; `path` names it.
        """
        line = line_of(settings)
        zone = DEFAULT_ZONE if timezone in _NO_ZONE else timezone
        self._open_line = open_line or (lambda: open_source(line))
        self._pause = pause
        self._version = version_of(settings)
        self._zone = ZoneInfo(zone)
        self._stale_after = timedelta(seconds=settings.stale_after_s)
        self._silence_s = max(SILENCE_S, 2 * settings.stale_after_s)
        self._meter = Device(
            id=id,
            kind="meter",
            group=group,
            timezone=zone,
            stale_after_s=settings.stale_after_s,
            profile=_PROFILE,
        )
        self._children: dict[str, Device] = {}
        self._child_instants: dict[str, datetime] = {}
        self._meter_instant: datetime | None = None
        self._published_at: datetime | None = None
        self._served_at: datetime | None = None
        self._clock_state = ""
        self.devices: tuple[Device, ...] = (self._meter,)

    async def run(self, feed: Feed) -> None:
        """Read telegrams until cancelled; a line that breaks is opened again after growing pauses."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                source = await self._open_line()
            except DeviceError as error:
                self._tell_lost(feed, error)
            else:
                if await self._read_until_lost(source, feed):
                    pause_s = FIRST_PAUSE_S
            await self._pause(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def execute(self, device: str, command: Command) -> Reply:
        """Refuse: a P1 port only speaks."""
        return Failed(CallerError(f"A P1 meter takes no command; {device} can only be read.", code="unsupported"))

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Ignore: a P1 meter sends whether anybody listens or not."""

    async def _read_until_lost(self, source: Source, feed: Feed) -> bool:
        """Serve what an open line brings until it is gone; return whether a telegram was served."""
        framer = Framer(has_crc=self._version.has_crc)
        has_served = False
        try:
            while True:
                for found in framer.take(await source.read(self._silence_s)):
                    if isinstance(found, Fault):
                        self._tell_fault(feed, found)
                    else:
                        has_served |= self._serve(found.octets, feed)
        except DeviceError as error:
            for fault in framer.end():
                self._tell_fault(feed, fault)
            self._tell_lost(feed, error)
        finally:
            await source.close()
        return has_served

    def _serve(self, octets: bytes, feed: Feed) -> bool:
        """Publish a whole telegram; return False when it cannot be read."""
        try:
            reading = read_telegram(octets, self._version, self._zone)
        except UnparsableError as error:
            self._tell_fault(feed, Fault(FaultKind.UNPARSABLE, str(error)))
            return False
        self._check_clock(reading, feed)
        self._declare(reading, feed)
        for child in reading.children:
            self._publish_child(child, feed)
        self._published_at = _instant(reading.at, self._published_at, feed.now())
        feed.publish(Sample(self._meter.id, self._published_at, reading.values))
        self._served_at = feed.now()
        return True

    def _declare(self, reading: MeterReading, feed: Feed) -> None:
        """Make known what is new: points are added as telegrams carry them, never taken away."""
        known = {point.name for point in self._meter.points}
        if not known.issuperset(reading.values):
            self._meter = replace(self._meter, points=energy_points(known.union(reading.values)))
            feed.declare(self._meter)
        for child in reading.children:
            device = self._child_device(child)
            if self._children.get(device.id) != device:
                self._children[device.id] = device
                feed.declare(device)
        self.devices = (self._meter, *self._children.values())

    def _child_device(self, child: MbusReading) -> Device:
        return Device(
            id=f"{self._meter.id}.{child.suffix}",
            kind=child.kind,
            group=self._meter.group,
            timezone=self._meter.timezone,
            points=counter_points(child.unit),
            parent=self._meter.id,
            stale_after_s=self._meter.stale_after_s,
        )

    def _publish_child(self, child: MbusReading, feed: Feed) -> None:
        """Publish a reading that is new; a telegram repeats the last one until the next comes."""
        id = f"{self._meter.id}.{child.suffix}"
        if self._child_instants.get(id) == child.at:
            feed.alive(id)
            return
        self._child_instants[id] = child.at
        values: dict[str, Value] = {"unique_id": child.unique_id, "timestamp": child.timestamp, "value": child.value}
        feed.publish(Sample(id, child.at, {name: value for name, value in values.items() if value != ""}))

    def _check_clock(self, reading: MeterReading, feed: Feed) -> None:
        """Tell once when the meter's clock becomes odd; its telegrams are served all the same."""
        state = _clock_state(reading, self._meter_instant, feed.now())
        if state and state != self._clock_state:
            self._tell_fault(feed, Fault(FaultKind.CLOCK, state))
        self._clock_state = state
        self._meter_instant = reading.at

    def _tell_fault(self, feed: Feed, fault: Fault) -> None:
        feed.trouble(self._meter.id, fault.kind.value, fault.message)

    def _tell_lost(self, feed: Feed, error: DeviceError) -> None:
        """Tell that the line is gone. Its last telegram counts as long as any other does.

        Some adapters close the connection after each telegram, and a line that is back within seconds missed nothing.
        """
        if self._served_at is not None and feed.now() - self._served_at < self._stale_after:
            self._tell_fault(feed, Fault(FaultKind.LINE, error.message))
            return
        for device in self.devices:
            feed.lost(device.id, error.message)


def _instant(told: datetime | None, last: datetime | None, now: datetime) -> datetime:
    """Return the instant of a meter's sample: the meter's own, unless that runs ahead or back.

    What is newest by its instant is what the hub serves, so instants may not go back, nor run ahead of the values
    that are still to come: a clock set back would freeze the readings until it has caught up.
    """
    at = now if told is None or told - now >= CLOCK_TOLERANCE else told
    if last is None or at >= last:
        return at
    return max(now, last)


def _clock_state(reading: MeterReading, last: datetime | None, now: datetime) -> str:
    """Say what is odd about a telegram's instant; empty when nothing is."""
    if reading.at is None:
        return "The meter sends a time that is no date; the hub's time is used." if reading.has_clock else ""
    if reading.at - now >= CLOCK_TOLERANCE:
        return "The meter's clock is an hour or more ahead of the hub's; check the hub's clock and `timezone`."
    if now - reading.at >= CLOCK_TOLERANCE:
        return "The meter's clock is an hour or more behind the hub's; check the hub's clock and `timezone`."
    if last is not None and reading.at < last:
        return "The meter's clock went backwards."
    return ""
