"""A computed device on paper, with the meters that it is made from."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from hardwire.drivers.computed.driver import ComputedDevice
from hardwire.drivers.computed.settings import Settings, recipe_of
from hardwire.model.device import Device
from hardwire.model.energy import counter_points, energy_points
from hardwire.model.fact import Sample
from hardwire.model.point import Point, PointKind
from hardwire.model.value import Value
from tests.fakes.paper_feed import PaperFeed

GRID = Device(
    id="grid",
    kind="meter",
    points=(
        *energy_points(["power_w", "power_l1_w", "current_a", "energy_import_kwh", "meter_model", "timestamp"]),
        *energy_points(["telegram", "batteries_mode", "batteries_power_w", "cloud_enabled", "power_on"]),
    ),
    stale_after_s=30,
)
CHARGER = Device(id="charger", kind="meter", points=energy_points(["power_w"]), stale_after_s=30)
BENCH = Device(id="bench", kind="board", points=(Point(name="ad0", unit="V"), Point(name="io0", kind=PointKind.FLAG)))
GAS = Device(id="grid.gas", kind="gas_meter", parent="grid", points=counter_points("m3"))


class Desk:
    """A computed device called `virtual`, its feed, and its neighbours."""

    paper: type[PaperFeed] = PaperFeed
    """What the hub is made of."""

    def __init__(self, *neighbours: Device, **table: Any) -> None:  # Any: what TOML holds
        self.feed = self.paper()
        self.device = ComputedDevice(
            recipe_of("virtual", msgspec.convert(table, Settings, strict=True)),
            "owners",
            "Europe/Amsterdam",
            sleep=self.feed.sleep,
        )
        for neighbour in neighbours:
            self.feed.meet(neighbour)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[PaperFeed]:
        """Run the driver."""
        task = asyncio.create_task(self.device.run(self.feed))
        await self.wait(1)
        assert not task.done()
        yield self.feed
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await self.feed.until(self.feed.now() + timedelta(seconds=seconds))

    def hear(self, device: str, at: datetime | None = None, **values: Value) -> None:
        """Let a neighbour tell values, of now unless an instant is given."""
        self.feed.hear(Sample(device, at or self.feed.now(), values))

    @property
    def told(self) -> list[dict[str, Value]]:
        """The values of each sample of the computed device itself."""
        return [dict(sample.values) for sample in self.feed.samples if sample.device == "virtual"]

    @property
    def reasons(self) -> list[str]:
        """Why the device was lost, each time."""
        return [reason for device, reason in self.feed.lost_told if device == "virtual"]
