"""A simulated HomeWizard P1 meter: a household's meter, with a gas meter behind it, that needs no hardware."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.meter.household import Household
from hardwire.drivers.simulated.meter.telegram import telegram_text
from hardwire.model.command import Command, Done, Failed, Identify, Reply
from hardwire.model.device import Device
from hardwire.model.energy import PHASES, counter_points, energy_points
from hardwire.model.errors import CallerError
from hardwire.model.fact import Sample

# A DSMR 5.0 meter tells its power every second (HomeWizard reference, section 8.1).
INTERVAL = timedelta(seconds=1)

# Readers take a meter that has been silent for half a minute as gone (HomeWizard reference, section 7, pitfall 3).
STALE_AFTER_S = 30.0

# A gas meter is read every five minutes, so it may be silent that long and a little longer.
GAS_STALE_AFTER_S = 900.0

FIRMWARE = "6.0400"

NAMES = (
    *("protocol_version", "meter_model", "unique_id", "timestamp", "tariff", "power_w", "current_a", "telegram"),
    *(f"energy_{way}{tariff}_kwh" for way in ("import", "export") for tariff in ("", "_t1", "_t2")),
    *(name.format(phase) for name in ("power_l{}_w", "voltage_l{}_v", "current_l{}_a") for phase in PHASES),
    *(f"voltage_{fault}_l{phase}_count" for fault in ("sag", "swell") for phase in PHASES),
    *("any_power_fail_count", "long_power_fail_count", "wifi_ssid", "wifi_rssi_db"),
)
"""The points of a DSMR 5.0 meter (HomeWizard reference, section 8.1), with those of its Wi-Fi."""


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
        self,
        id: str,
        group: str,
        zone: ZoneInfo,
        settings: Settings,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        meter = Device(
            id=id,
            kind="meter",
            group=group,
            timezone=zone.key,
            points=energy_points(NAMES),
            stale_after_s=STALE_AFTER_S,
            profile=settings.profile,
            firmware=FIRMWARE,
        )
        self.devices: tuple[Device, ...] = (meter,)
        self._meter = id
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
            self.devices = (meter, gas)
        self._zone = zone
        self._house = Household(id, zone, solar_peak_w=settings.solar_peak_w)
        self._sleep = sleep

    async def run(self, feed: Feed) -> None:
        """Tell the meter's values on every whole second until cancelled."""
        told: dict[str, datetime] = {}
        while True:
            now = feed.now().replace(microsecond=0)
            for sample in self.samples(now):
                # A timer may ring a little early, and the gas meter has news only now and then.
                if told.get(sample.device) != sample.at:
                    told[sample.device] = sample.at
                    feed.publish(sample)
            await self._sleep(max(0.0, (now + INTERVAL - feed.now()).total_seconds()))

    def samples(self, now: datetime) -> list[Sample]:
        """Return the meter's sample of that second, and the gas meter's last one, which has an instant of its own."""
        taken = self._house.gas_taken_at(now)
        gas = self._house.gas_reading(now) if self._gas else {}
        reading = self._house.reading(now)
        telegram = telegram_text(reading, gas, now.astimezone(self._zone), taken.astimezone(self._zone))
        samples = [Sample(self._meter, now, {**reading, "telegram": telegram})]
        if self._gas:
            samples.append(Sample(self._gas, taken, gas))
        return samples

    async def execute(self, device: str, command: Command) -> Reply:
        """Answer `Identify`; a smart meter takes no other command."""
        match command:
            case Identify() if device == self._meter:
                return Done()
            case _:
                problem = f"a simulated meter does not take {type(command).__name__}; read its values instead"
                return Failed(CallerError(problem, code="unsupported"))

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Take no notice: the meter tells its values whether anybody watches or not."""


def make(id: str, group: str, timezone: str, settings: Settings) -> SimulatedMeter:
    """Build a simulated meter."""
    return SimulatedMeter(id, group, ZoneInfo(timezone), settings)
