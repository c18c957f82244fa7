"""The driver of the sample-to-socket row: a simulated meter whose power tells when its sample was published.

Found by the hub as any driver from outside is, by an entry point: `driver = "stamped"` in its configuration.
"""

from collections.abc import Awaitable
from time import monotonic_ns

from msgspec import Struct

from hardwire.contracts.driver import Driver, DriverPart, Feed
from hardwire.drivers.simulated.meter import driver as meter
from hardwire.model.command import Command, Reply
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Sample

NAME = "stamped"
STAMP = "power_w"
"""The point that holds CLOCK_MONOTONIC in microseconds, as it was when the driver told the sample."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """There is nothing to set."""


class StampedFeed:
    """A feed that stamps what it passes on."""

    def __init__(self, feed: Feed) -> None:
        self._publish = feed.publish
        self.submit = feed.submit
        self.now = feed.now
        self.declare = feed.declare
        self.alive = feed.alive
        self.lost = feed.lost
        self.trouble = feed.trouble
        self.devices = feed.devices
        self.readings = feed.readings
        self.field_numbers = feed.field_numbers
        self.addresses = feed.addresses
        self.horizon = feed.horizon
        self.is_fresh = feed.is_fresh
        self.follow = feed.follow
        self.keep = feed.keep
        self.kept = feed.kept

    def publish(self, fact: Fact) -> None:
        if isinstance(fact, Sample) and STAMP in fact.values:
            fact = Sample(fact.device, fact.at, {**fact.values, STAMP: monotonic_ns() // 1000})
        self._publish(fact)


class StampedMeter:
    """The simulated meter, telling through a stamped feed."""

    def __init__(self, meter: Driver) -> None:
        self._meter = meter
        self.devices: tuple[Device, ...] = meter.devices

    async def run(self, feed: Feed) -> None:
        await self._meter.run(StampedFeed(feed))

    def execute(self, device: str, command: Command) -> Reply | Awaitable[Reply]:
        return self._meter.execute(device, command)

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        self._meter.interest(device, topic, is_watched=is_watched)


def make(id: str, group: str, timezone: str, settings: Settings) -> StampedMeter:
    """Build a meter."""
    return StampedMeter(meter.make(id, group, timezone, meter.Settings()))


PART = DriverPart(name=NAME, settings=Settings, make=make)
