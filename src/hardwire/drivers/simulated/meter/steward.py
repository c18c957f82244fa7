"""How a simulated meter looks after its batteries: it finds them, steers them as clients wish, and tells of them."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.meter.batteries import fleet_of
from hardwire.drivers.simulated.meter.household import Flow, Household
from hardwire.drivers.simulated.meter.steering import Steering
from hardwire.drivers.simulated.telling import Instants
from hardwire.model.command import Done, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.energy import STEERED
from hardwire.model.errors import CallerError
from hardwire.model.fact import Sample
from hardwire.model.value import Value


class Steward:
    """Looks after the batteries of one meter. The points `batteries_...` are the meter's own while it has some."""

    def __init__(self, device: Device, house: Household, zone: ZoneInfo) -> None:
        """`device` is the meter as it is without batteries."""
        self._device = device
        self._house = house
        self._zone = zone
        self._instants = Instants()
        self._steering: Steering | None = None
        self._has_looked = False
        self.has_batteries = False
        """Whether there are any to steer."""

    def flow(self, now: datetime) -> Flow:
        """Return what flows through the meter: the house, and the batteries as they were at the last look."""
        return self._house.flow(now) if self._steering is None else self._steering.flow

    def look(self, feed: Feed, second: datetime) -> None:
        """Look after them, once a second, before the meter tells its values."""
        fleet = fleet_of(feed, self._device.id)
        has_batteries = bool(fleet.batteries)
        if has_batteries and self._steering is None:
            self._steering = Steering(self._house, self._zone, fleet, second, is_late=self._has_looked)
        self._has_looked = True
        if self._steering is None:
            return
        self._steering.go(second, fleet)
        if has_batteries and not self.has_batteries:
            feed.declare(replace(self._device, points=(*self._device.points, *STEERED)))
            self._steering.tell_anew()
        if has_batteries or self.has_batteries:
            self._tell_news(feed, self._steering, second)
        if self.has_batteries and not has_batteries:
            # The last one has gone, and that was told: from now on the hub keeps what clients write.
            feed.declare(self._device)
        self.has_batteries = has_batteries

    def write(self, feed: Feed, values: Mapping[str, Value]) -> Reply:
        """Steer them anew, as a write of points asks, and tell at once what comes of it."""
        assert self._steering is not None, "who writes has seen that there are batteries"
        try:
            self._steering.write(values)
        except CallerError as error:
            return Failed(error)
        self._tell_news(feed, self._steering, feed.now())
        return Done()

    def _tell_news(self, feed: Feed, steering: Steering, now: datetime) -> None:
        news = steering.news(now)
        if news:
            feed.publish(Sample(self._device.id, self._instants.after(now), news))
