"""A simulated HomeWizard P1 meter: a household's meter with a gas meter behind it, and the batteries that it steers."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.gauge import unsupported
from hardwire.drivers.simulated.meter.household import Household
from hardwire.drivers.simulated.meter.steward import Steward
from hardwire.drivers.simulated.meter.telegram import telegram_text
from hardwire.drivers.simulated.telling import PRESENCE, STALE_AFTER_S, Sleep, Telling
from hardwire.model.command import Command, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.energy import PHASES, counter_points, energy_points
from hardwire.model.fact import Sample

# A gas meter is read every five minutes, so it may be silent that long and a little longer.
GAS_STALE_AFTER_S = 900.0

FIRMWARE = "6.0400"

NAMES = (
    *("protocol_version", "meter_model", "unique_id", "timestamp", "tariff", "power_w", "current_a", "telegram"),
    *(f"energy_{way}{tariff}_kwh" for way in ("import", "export") for tariff in ("", "_t1", "_t2")),
    *(name.format(phase) for name in ("power_l{}_w", "voltage_l{}_v", "current_l{}_a") for phase in PHASES),
    *(f"voltage_{fault}_l{phase}_count" for fault in ("sag", "swell") for phase in PHASES),
    *("any_power_fail_count", "long_power_fail_count"),
    *PRESENCE,
)
"""The points of a DSMR 5.0 meter (HomeWizard reference, section 8.1), with what the device tells of itself."""


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="meter", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "meter"`."""

    profile: Literal["HWE-P1"] = "HWE-P1"
    """Which meter it is."""
    solar_peak_w: Annotated[int, Meta(ge=0, le=50_000)] = 4_200
    """What the roof gives at noon under a clear sky; 0 means no panels."""
    gas: bool = True
    """Whether a gas meter hangs behind it."""


class SimulatedMeter:
    """The meter as a driver: one sample a second, one of the gas meter every five minutes."""

    def __init__(
        self, id: str, group: str, zone: ZoneInfo, settings: Settings, *, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._device = Device(
            id=id,
            kind="meter",
            group=group,
            timezone=zone.key,
            points=energy_points(NAMES),
            stale_after_s=STALE_AFTER_S,
            profile=settings.profile,
            firmware=FIRMWARE,
        )
        self.devices: tuple[Device, ...] = (self._device,)
        self._id = id
        self._gas: str | None = None
        if settings.gas:
            self._gas = f"{id}.gas"
            gas = Device(
                id=self._gas,
                kind="gas_meter",
                group=group,
                timezone=zone.key,
                points=counter_points("m3"),
                parent=id,
                stale_after_s=GAS_STALE_AFTER_S,
            )
            self.devices = (self._device, gas)
        self._zone = zone
        self._house = Household(id, zone, solar_peak_w=settings.solar_peak_w)
        self._telling = Telling(id, self._tell, sleep)
        self._steward = Steward(self._device, self._house, zone)
        self._gas_told_at: datetime | None = None
        self._feed: Feed | None = None

    async def run(self, feed: Feed) -> None:
        """Tell the meter's values on every whole second until cancelled."""
        self._feed = feed
        await self._steward.during(self._telling.run(feed), feed)

    def samples(self, now: datetime) -> list[Sample]:
        """Return the meter's sample of that second, and the gas meter's last one, which has an instant of its own."""
        taken = self._house.gas_taken_at(now)
        gas = self._house.gas_reading(now) if self._gas else {}
        reading = self._house.reading(now, self._steward.flow(now))
        telegram = telegram_text(reading, gas, now.astimezone(self._zone), taken.astimezone(self._zone))
        samples = [Sample(self._id, now, {**reading, "telegram": telegram, **self._telling.presence(now)})]
        if self._gas:
            samples.append(Sample(self._gas, taken, gas))
        return samples

    def execute(self, device: str, command: Command) -> Reply | Awaitable[Reply]:
        """Show itself, start anew, and steer its batteries by WritePoints where it has any."""
        if self._feed is not None and device == self._id:
            match command:
                case WritePoints(values) if self._steward.has_batteries:
                    return self._steward.write(self._feed, values)
                case _:
                    done = self._telling.execute(command, self._feed.now())
                    return done or unsupported(self._device, command)
        return unsupported(self._device, command)

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Take no notice: the meter tells its values whether anybody watches or not."""

    def _tell(self, feed: Feed, second: datetime) -> None:
        self._steward.look(feed, second)
        meter, *gas = self.samples(second)
        feed.publish(meter)
        for sample in gas:
            # It has news only now and then.
            if sample.at != self._gas_told_at:
                self._gas_told_at = sample.at
                feed.publish(sample)


def make(id: str, group: str, timezone: str, settings: Settings) -> SimulatedMeter:
    """Build a simulated meter."""
    return SimulatedMeter(id, group, ZoneInfo(timezone), settings)
