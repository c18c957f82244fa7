"""A simulated kWh meter that measures a whole house, and steers batteries as a P1 meter does."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from zoneinfo import ZoneInfo

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.gauge import unsupported
from hardwire.drivers.simulated.kwh_meter.display import reading
from hardwire.drivers.simulated.kwh_meter.loads import REACTIVE, Load
from hardwire.drivers.simulated.meter.household import Household
from hardwire.drivers.simulated.meter.steward import Steward
from hardwire.drivers.simulated.telling import Sleep, Telling
from hardwire.model.command import Command, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.fact import Sample


class HouseMeter:
    """The driver of such a meter."""

    def __init__(self, device: Device, house: Household, zone: ZoneInfo, *, sleep: Sleep = asyncio.sleep) -> None:
        self.devices: tuple[Device, ...] = (device,)
        self._device = device
        self._steward = Steward(device, house, zone)
        self._telling = Telling(device.id, self._tell, sleep)
        self._feed: Feed | None = None

    async def run(self, feed: Feed) -> None:
        """Tell the values of every second until cancelled."""
        self._feed = feed
        await self._steward.during(self._telling.run(feed), feed)

    def execute(self, device: str, command: Command) -> Reply | Awaitable[Reply]:
        """Show itself, start anew, and steer its batteries by WritePoints where it has any."""
        if self._feed is None:
            return unsupported(self._device, command)
        match command:
            case WritePoints(values) if self._steward.has_batteries:
                return self._steward.write(self._feed, values)
            case _:
                return self._telling.execute(command, self._feed.now()) or unsupported(self._device, command)

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Take no notice: it tells its values whether anybody watches or not."""

    def _tell(self, feed: Feed, second: datetime) -> None:
        self._steward.look(feed, second)
        flow = self._steward.flow(second)
        power, registers = flow.power, flow.registers
        has_three_phases = self._device.point("power_l3_w") is not None
        watts = (power.l1, power.l2, power.l3) if has_three_phases else (power.net,)
        energy_wh = (registers.drawn_low + registers.drawn_normal, registers.fed_low + registers.fed_normal)
        values = reading(watts, REACTIVE[Load.HOUSE], energy_wh, second.timestamp())
        feed.publish(Sample(self._device.id, second, {**values, **self._telling.presence(second)}))
