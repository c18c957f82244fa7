"""The hub as one driver sees it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime

from hardwire.contracts.house import Reading
from hardwire.hub.hub import Hub
from hardwire.model.device import Device
from hardwire.model.fact import Fact, LogRow, Sample
from hardwire.model.value import Value


class HubFeed:
    """`contracts.driver.Feed`: a driver's words, passed to the hub under the driver's own devices."""

    def __init__(self, hub: Hub, declare: Callable[[Device], None]) -> None:
        """`declare` lets the composition root show a device in its dialects before the hub knows it."""
        self.now: Callable[[], datetime] = hub.now
        self.declare: Callable[[Device], None] = declare
        self.publish: Callable[[Fact], None] = hub.publish
        self.submit: Callable[[Sequence[Sample | LogRow]], Awaitable[int]] = hub.submit
        self.horizon: Callable[[str], Awaitable[datetime | None]] = hub.store.horizon
        self.alive: Callable[[str], None] = hub.alive
        self.lost: Callable[[str, str], None] = hub.lost
        self.trouble: Callable[[str, str, str], None] = hub.roster.trouble
        self.devices: Callable[[], Iterable[Device]] = hub.roster.devices
        self.readings: Callable[[str], Mapping[str, Reading]] = hub.roster.readings
        self.field_numbers: Callable[[str], Mapping[str, int]] = hub.roster.field_numbers
        self.addresses: Callable[[str], Mapping[str, str]] = hub.roster.addresses
        self.is_fresh: Callable[[str], bool] = lambda device: hub.roster.is_fresh(device, hub.now())
        self.follow: Callable[[str, Callable[[], None]], Callable[[], None]] = hub.followers.follow
        self.keep: Callable[[str, Mapping[str, Value]], Awaitable[None]] = hub.keep
        self.kept: Callable[[str], Mapping[str, Value]] = hub.roster.kept
