"""A driver and a device of paper on one table: real sockets between them, short deadlines, the hub is paper too."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from hardwire.drivers.homewizard.driver import HomeWizardDevice
from hardwire.drivers.homewizard.pace import Pace
from hardwire.drivers.homewizard.settings import Settings
from hardwire.model.command import Command, Reply
from hardwire.model.value import Value
from tests.fakes.paper_appliance import TOKEN, PaperAppliance, on_the_network
from tests.fakes.paper_feed import PaperFeed

WITHIN_S = 10
PACE = Pace(
    answer_s=2,
    ping_every_s=20,
    pong_within_s=10,
    settings_every_s=20,
    state_every_s=0.05,
    first_pause_s=0.01,
    longest_pause_s=0.05,
    opened_pause_s=0.02,
    refused_pause_s=0.05,
    switched_off_pause_s=0.05,
)

P1 = {"timestamp": "2026-11-25T13:00:00", "power_w": 543, "energy_import_kwh": 12.5}
KWH = {"power_w": -45.252, "energy_export_kwh": 255.551}


class LiveFeed(PaperFeed):
    """A paper hub whose clock runs."""

    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC)

    @property
    def values(self) -> dict[str, Value]:
        """All that the device has told, the newest of each."""
        return {
            name: value for sample in self.samples if "." not in sample.device for name, value in sample.values.items()
        }

    def told(self, name: str) -> list[Value]:
        """Every value of a point that was told, in order."""
        return [sample.values[name] for sample in self.samples if name in sample.values]


class Desk:
    """A running driver before its device."""

    def __init__(self, appliance: PaperAppliance, driver: HomeWizardDevice, feed: LiveFeed) -> None:
        self.appliance = appliance
        self.driver = driver
        self.feed = feed

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so. Raises AssertionError with what was told when it does not come."""
        await until(is_so, lambda: f"{self.feed.facts} {self.feed.lost_told} {self.feed.troubles}")

    async def listening(self, count: int = 1) -> None:
        """Wait until the driver has subscribed so many times in all."""
        await self.until(lambda: self.appliance.messages.count({"type": "subscribe", "data": "device"}) >= count)

    async def execute(self, command: Command, device: str = "grid") -> Reply:
        """Have the driver carry out a command."""
        return await self.driver.execute(device, command)


async def until(is_so: Callable[[], object], told: Callable[[], str] = str) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < ends, told()
        await asyncio.sleep(0.005)


def settings_for(appliance: PaperAppliance, *, is_v2: bool, **more: Any) -> Settings:  # Any: settings by name
    """Return the settings that reach the device."""
    known: dict[str, Any] = {"host": appliance.address, "telegram_interval_s": 0}  # Any: settings by name
    if is_v2:
        known |= {"token": TOKEN, "fingerprint": appliance.fingerprint}
    return Settings(**{**known, **more})


@asynccontextmanager
async def desk_of(
    appliance: PaperAppliance,
    *,
    is_v2: bool = True,
    pace: Pace = PACE,
    settings: Mapping[str, Any] = {},  # Any: settings by name
) -> AsyncIterator[Desk]:
    """Put the device on the network and run a driver before it."""
    async with (
        on_the_network(appliance, is_tls=is_v2),
        running(settings_for(appliance, is_v2=is_v2, **settings), pace) as (driver, feed),
    ):
        yield Desk(appliance, driver, feed)


@asynccontextmanager
async def running(settings: Settings, pace: Pace = PACE) -> AsyncIterator[tuple[HomeWizardDevice, LiveFeed]]:
    """Run a driver."""
    driver, feed = HomeWizardDevice("grid", "home", "Europe/Amsterdam", settings, pace=pace), LiveFeed()
    task = asyncio.create_task(driver.run(feed))
    try:
        yield driver, feed
        assert not task.done(), task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
