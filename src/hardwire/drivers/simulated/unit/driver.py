"""A simulated ezeio unit: a logger in the field that needs no hardware."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.telling import Instants
from hardwire.drivers.simulated.unit.instrument import Instrument
from hardwire.drivers.simulated.unit.link import Link
from hardwire.drivers.simulated.unit.logger import STATUS_INTERVAL_S, Logger
from hardwire.drivers.simulated.unit.points import unit_points
from hardwire.drivers.simulated.unit.settings import Settings
from hardwire.model.command import Command, Done, Failed, FlushLog, LogUnbuffered, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, DeviceError, HardwireError, HubFaultError
from hardwire.model.fact import Fact, LogRow
from hardwire.model.value import Value

# The topic of the fast log, as the ezeio dialect names it: its last watcher ends the unbuffered mode.
LOG_TOPIC = "log"

# After its longest honest silence a unit may be a minute late.
LATE_S = 60


class SimulatedUnit:
    """The unit as a driver. What it takes and uploads is decided by its `Logger`; this is the loop around it."""

    def __init__(
        self,
        id: str,
        group: str,
        timezone: str,
        settings: Settings,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Raises BadValueError with the setting's path."""
        self._id = id
        self._settings = settings
        self._sleep = sleep
        self._instrument = Instrument(id, settings)
        self._link = Link(settings.offline)
        self._feed: Feed | None = None
        self._logger: Logger | None = None
        self._is_connected: bool | None = None
        self._instants = Instants()
        device = Device(
            id=id,
            kind="unit",
            group=group,
            timezone=timezone,
            points=unit_points(settings),
            stale_after_s=float(STATUS_INTERVAL_S + settings.buffer_s + LATE_S),
            firmware=settings.firmware,
            log="self",
        )
        self.devices: tuple[Device, ...] = (device,)

    async def run(self, feed: Feed) -> None:
        """Log until cancelled."""
        now = feed.now()
        self._instrument.hold(feed.kept(self._id))
        settings = self._settings
        logger = Logger(self._id, settings.fields, self._instrument, buffer_s=settings.buffer_s, began=now)
        logger.recall(now, settings.backlog_s)
        self._feed, self._logger, self._is_connected = feed, logger, None
        while True:
            is_connected = await self._look_at_link(feed, logger, now)
            await self._sleep(max(0.0, self._next_s(logger, now) - now.timestamp()))
            now = feed.now()
            # What a link that has just come back has to upload goes with the burst.
            is_connected = is_connected and self._link.is_up(now.timestamp())
            _publish(feed, logger.tick(now, is_connected=is_connected))

    def execute(self, device: str, command: Command) -> Reply | Awaitable[Reply]:
        """Send what is buffered, or rows as they are taken; write fields, outputs and registers for good.

        All of a write is done or none. A written field sends what is buffered too, in the present state's company.
        """
        feed, logger = self._feed, self._logger
        if feed is None or logger is None:
            return Failed(DeviceError("the unit has not started yet", code="offline"))
        if not isinstance(command, LogUnbuffered | FlushLog | WritePoints):
            return Failed(CallerError(f"a unit does not know {type(command).__name__}", code="unsupported"))
        now = feed.now()
        if not self._link.is_up(now.timestamp()):
            return Failed(DeviceError("the unit is not connected; try again later", code="offline"))
        if isinstance(command, WritePoints):
            return self._write(feed, logger, command.values)
        if isinstance(command, LogUnbuffered):
            logger.unbuffer(command.seconds, now)
        if command != LogUnbuffered(0):
            _publish(feed, logger.upload(now))
        return Done()

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Let the unbuffered mode end when nobody reads the fast log any more."""
        if topic == LOG_TOPIC and self._feed is not None and self._logger is not None:
            self._logger.watched(self._feed.now(), is_watched=is_watched)

    async def _write(self, feed: Feed, logger: Logger, values: Mapping[str, Value]) -> Reply:
        try:
            wanted = self._instrument.checked(values)
            # What is answered Done outlives a power cut: where the disk refuses, nothing is written.
            await feed.keep(self._id, wanted)
        except HardwireError as error:
            return Failed(error)
        # Rows of marks that passed in the meantime were taken before the write.
        now = feed.now()
        _publish(feed, logger.tick(now))
        self._instrument.hold(wanted)
        if any(name in self._instrument.fields for name in wanted):
            # Outputs and registers flush nothing (ezeio reference, section 2, `control`).
            _publish(feed, logger.upload(now))
        feed.publish(logger.present(self._instants.after(now)))
        return Done()

    async def _look_at_link(self, feed: Feed, logger: Logger, now: datetime) -> bool:
        """Tell when the link goes, and when it is back all that was taken meanwhile; return whether it is up."""
        is_up = self._link.is_up(now.timestamp())
        if is_up and not self._is_connected:
            await _bring(feed, logger.upload(now))
            feed.publish(logger.present(self._instants.after(now)))
        elif not is_up and self._is_connected is not False:
            feed.lost(self._id, "the unit's link is down; it goes on logging")
        self._is_connected = is_up
        return is_up

    def _next_s(self, logger: Logger, now: datetime) -> float:
        change_s = self._link.next_change_s(now.timestamp())
        mark_s = logger.next_at(now).timestamp()
        return mark_s if change_s is None else min(change_s, mark_s)


def _publish(feed: Feed, facts: Iterable[Fact]) -> None:
    for fact in facts:
        feed.publish(fact)


async def _bring(feed: Feed, facts: Iterable[Fact]) -> None:
    """Tell what has gathered without a link; a row that an earlier start has told is not told again."""
    rows = []
    for fact in facts:
        if isinstance(fact, LogRow):
            rows.append(fact)
        else:
            feed.publish(fact)
    try:
        await feed.submit(rows)
    except HubFaultError:
        # Nobody was promised that they are kept.
        _publish(feed, rows)


def make(id: str, group: str, timezone: str, settings: Settings) -> SimulatedUnit:
    """Build the driver.

    Raises:
        BadValueError: two points of one name, an expression that is none or that reads itself.
    """
    return SimulatedUnit(id, group, timezone, settings)
