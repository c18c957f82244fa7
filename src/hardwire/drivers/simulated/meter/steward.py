"""How a simulated meter looks after its batteries: it finds them, steers them as clients wish, and tells of them."""

from collections.abc import Coroutine, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import asdict, replace

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.battery.pack import MOST_W
from hardwire.drivers.simulated.keeping import Keeping, State, number_kept
from hardwire.drivers.simulated.meter.batteries import fleet_of
from hardwire.drivers.simulated.meter.control import Control, control_kept
from hardwire.drivers.simulated.meter.household import Flow, Household, Registers
from hardwire.drivers.simulated.meter.steering import Steering
from hardwire.drivers.simulated.telling import Instants
from hardwire.model.command import Done, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.energy import STEERED
from hardwire.model.errors import HardwireError
from hardwire.model.fact import Sample
from hardwire.model.value import Value

BEYOND = {register: f"beyond_{register}_wh" for register in Registers.__struct_fields__}
"""Under which names it is kept what the batteries have added to the registers."""


class Steward:
    """Looks after the batteries of one meter. The points `batteries_...` are the meter's own while it has some."""

    def __init__(self, device: Device, house: Household, zone: ZoneInfo) -> None:
        """`device` is the meter as it is without batteries."""
        self._device = device
        self._house = house
        self._zone = zone
        self._instants = Instants()
        self._keeping = Keeping(device.id, self._state)
        self._steering: Steering | None = None
        self._control_kept: Control | None = None
        self._most_w = MOST_W
        self.has_batteries = False
        """Whether there are any to steer."""

    async def during(self, life: Coroutine[Any, Any, None], feed: Feed) -> None:  # Any: a coroutine's other ends
        """Let the meter live, and keep what is to outlive it."""
        await self._keeping.during(life, feed)

    def flow(self, now: datetime) -> Flow:
        """Return what flows through the meter: the house, and the batteries as they were at the last look."""
        if self._steering is None:
            return self._house.flow(now)
        flow, beyond = self._steering.flow, self._steering.beyond
        shown = Registers(*(self._keeping.shown_wh(name, wh) for name, wh in _counted(beyond).items()))
        return replace(flow, registers=flow.registers.grown(beyond, shown))

    def look(self, feed: Feed, second: datetime) -> None:
        """Look after them, once a second, before the meter tells its values."""
        fleet = fleet_of(feed, self._device.id)
        has_batteries = bool(fleet.batteries)
        kept = feed.kept(self._device.id)
        # What batteries did in earlier runs stays in the registers when they are gone.
        if self._steering is None and (has_batteries or not kept.keys().isdisjoint(BEYOND.values())):
            beyond = Registers(*(number_kept(kept, name, 0.0) for name in BEYOND.values()))
            self._steering = Steering(self._house, self._zone, fleet, second, beyond=beyond)
            self._keeping.begin(_counted(beyond))
        if self._steering is None:
            return
        self._take_up(self._steering, kept)
        self._most_w = MOST_W * max(1, len(fleet.batteries))
        self._steering.go(second, fleet)
        told_at = second
        if has_batteries and not self.has_batteries:
            feed.declare(replace(self._device, points=(*self._device.points, *STEERED)))
            self._steering.tell_anew()
            # The hub may have shown what it kept of the control until now: this is newer.
            told_at = feed.now()
        if has_batteries or self.has_batteries:
            self._tell_news(feed, self._steering, told_at)
        if self.has_batteries and not has_batteries:
            # The last one has gone, and that was told: from now on the hub keeps what clients write.
            feed.declare(self._device)
        self.has_batteries = has_batteries
        self._keeping.look(second)

    async def write(self, feed: Feed, values: Mapping[str, Value]) -> Reply:
        """Steer them anew, for good, as a write of points asks, and tell at once what comes of it."""
        assert self._steering is not None, "who writes has seen that there are batteries"
        try:
            async with self._keeping.turn:
                control = self._steering.control.written(values)
                if control != self._control_kept:
                    # What is answered Done outlives a power cut: where the disk refuses, nothing changes.
                    await feed.keep(self._device.id, control.points)
                self._steering.control = self._control_kept = control
        except HardwireError as error:
            return Failed(error)
        self._tell_news(feed, self._steering, feed.now())
        return Done()

    def _take_up(self, steering: Steering, kept: Mapping[str, Value]) -> None:
        """Obey what was kept by others: by an earlier run, or by the hub while there were no batteries."""
        control = control_kept(kept)
        if control != self._control_kept:
            steering.control = self._control_kept = control

    def _state(self) -> State | None:
        if self._steering is None:
            return None
        control = self._steering.control
        # Without batteries it is the hub that keeps the control.
        is_kept = control == self._control_kept or not self.has_batteries
        return State(
            counted_wh=_counted(self._steering.beyond), most_w=self._most_w, unkept={} if is_kept else control.points
        )

    def _tell_news(self, feed: Feed, steering: Steering, now: datetime) -> None:
        news = steering.news(now)
        if news:
            feed.publish(Sample(self._device.id, self._instants.after(now), news))


def _counted(beyond: Registers) -> Mapping[str, float]:
    return {BEYOND[register]: wh for register, wh in asdict(beyond).items()}
