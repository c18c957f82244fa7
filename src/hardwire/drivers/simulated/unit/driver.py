"""A simulated ezeio unit: a logger in the field that needs no hardware."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from msgspec import Meta, Struct

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.unit.logger import STATUS_INTERVAL_S, Logger
from hardwire.drivers.simulated.unit.shapes import Field
from hardwire.model.command import Command, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, DeviceError
from hardwire.model.point import Point

# The topic of the fast log, as the ezeio dialect names it: its last watcher ends the unbuffered mode.
LOG_TOPIC = "log"

# After its longest honest silence a unit may be a minute late.
LATE_S = 60


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="unit", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "unit"`."""

    fields: Annotated[tuple[Field, ...], Meta(min_length=1, max_length=90)]
    """What it logs; 90 is as many as such a unit has."""
    buffer_s: Annotated[int, Meta(ge=0, le=1200)] = 0
    """How long it gathers rows before it uploads them, as real ones do for up to 20 minutes; 0 uploads each at once."""


class SimulatedUnit:
    """The unit as a driver. All that it does is decided by its `Logger`; this is the loop around it."""

    def __init__(
        self,
        id: str,
        group: str,
        timezone: str,
        settings: Settings,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._id = id
        self._settings = settings
        self._sleep = sleep
        self._feed: Feed | None = None
        self._logger: Logger | None = None
        device = Device(
            id=id,
            kind="unit",
            group=group,
            timezone=timezone,
            points=tuple(_point(field) for field in settings.fields),
            stale_after_s=float(STATUS_INTERVAL_S + settings.buffer_s + LATE_S),
            log="self",
        )
        self.devices: tuple[Device, ...] = (device,)

    async def run(self, feed: Feed) -> None:
        """Log until cancelled."""
        now = feed.now()
        logger = Logger(self._id, self._settings.fields, self._settings.buffer_s, now)
        self._feed, self._logger = feed, logger
        feed.publish(logger.begin(now))
        while True:
            await self._sleep(max(0.0, (logger.next_at(now) - now).total_seconds()))
            now = feed.now()
            for fact in logger.tick(now):
                feed.publish(fact)

    def execute(self, device: str, command: Command) -> Reply:
        """Carry out LogUnbuffered: what is buffered goes at once."""
        if self._feed is None or self._logger is None:
            return Failed(DeviceError("the unit has not started yet", code="offline"))
        reply, facts = self._logger.execute(command, self._feed.now())
        for fact in facts:
            self._feed.publish(fact)
        return reply

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Let the unbuffered mode end when nobody reads the fast log any more."""
        if topic == LOG_TOPIC and self._feed is not None and self._logger is not None:
            self._logger.watched(self._feed.now(), is_watched=is_watched)


def make(id: str, group: str, timezone: str, settings: Settings) -> SimulatedUnit:
    """Build the driver.

    Raises:
        BadValueError: two fields have the same name.
    """
    names = [field.name for field in settings.fields]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise BadValueError(f"two fields are called {name!r}: give each its own name", path=f"fields[{index}].name")
    return SimulatedUnit(id, group, timezone, settings)


def _point(field: Field) -> Point:
    return Point(
        name=field.name,
        label=field.label,
        unit=field.unit,
        decimals=field.decimals,
        tag=field.tag,
        log_interval_s=field.log_interval_s,
    )
