"""A hub without doors for the tests of this floor: a real store, real dialects, and drivers made of paper."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from hardwire.app import parts
from hardwire.app.entries import DeviceEntry, device_entry
from hardwire.app.estate import Estate
from hardwire.bus.local import LocalBus
from hardwire.contracts.dialect import Dialect
from hardwire.contracts.driver import DriverPart, Feed
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.command import Command, Done, Reply
from hardwire.model.device import Device
from hardwire.model.point import Point
from hardwire.model.value import Value
from hardwire.server.sockets.frames import frame_of
from hardwire.storage.sqlite import SqliteStore


class House(Struct, frozen=True, kw_only=True):
    """What stands."""

    store: SqliteStore
    hub: Hub
    desk: Desk
    estate: Estate
    dialects: Mapping[str, Dialect]


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """Build it on a data folder, and take it down in order."""
    store = SqliteStore(folder)
    await store.open()
    hub = Hub(LocalBus(time.monotonic), store, lambda: datetime.now(UTC), frame_of)
    hub.roster.know_numbers(await store.field_numbers())
    for id, values in (await store.kept_values()).items():
        hub.roster.note_kept(id, values)
    dialects = {name: part.make(hub.house, bytes, None) for name, part in parts.dialects().items()}
    hub.speak(dialects)
    estate = Estate(hub, store, dialects, zone="UTC")
    try:
        yield House(store=store, hub=hub, desk=Desk(hub), estate=estate, dialects=dialects)
    finally:
        await estate.close()
        await store.close()


class PaperDriver:
    """`contracts.driver.Driver` that does what it is told: fails so often, then waits."""

    def __init__(self, device: Device, *, failures: int = 0) -> None:
        self.devices: tuple[Device, ...] = (device,)
        self.runs = 0
        self.is_steady = asyncio.Event()
        self._failures = failures

    async def run(self, feed: Feed) -> None:
        """Fail, or be alive until cancelled."""
        self.runs += 1
        if self.runs <= self._failures:
            raise RuntimeError("the paper tore")
        feed.alive(self.devices[0].id)
        self.is_steady.set()
        await asyncio.Event().wait()

    def execute(self, device: str, command: Command) -> Reply:
        """Everything is done."""
        return Done()

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """It does not care."""


class KeepingDriver(PaperDriver):
    """A paper driver that has how often it ran kept of each of its devices, and in its last moment that it ended."""

    def __init__(self, *devices: Device) -> None:
        super().__init__(devices[0])
        self.devices = devices
        self.found: Mapping[str, Value] = {}

    async def run(self, feed: Feed) -> None:
        """Look at what was kept, then keep."""
        self.found = dict(feed.kept(self.devices[0].id))
        try:
            for known in self.devices:
                await feed.keep(known.id, {"runs": 1})
            await super().run(feed)
        finally:
            await feed.keep(self.devices[0].id, {"is_over": True})


class PaperSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A paper driver has no settings."""


def paper(id: str, driver: PaperDriver, *, group: str = "home") -> DeviceEntry:
    """Return the entry of a device with this driver."""
    part = DriverPart(name="paper", settings=PaperSettings, make=lambda *_: driver)
    return DeviceEntry(id=id, driver=part, settings=PaperSettings(), faces={}, group=group)


def device(id: str, points: Sequence[str] = (), *, log: str = "") -> Device:
    """Return a device with these numeric points."""
    return Device(id=id, kind="meter", points=tuple(Point(name=name) for name in points), log=log)


def board(id: str, obniz: str, group: str = "home") -> DeviceEntry:
    """Return the entry of a simulated board with this obniz id."""
    table = {"driver": "simulated", "kind": "board", "group": group, "obniz": {"id": obniz}}
    return device_entry(id, table, "UTC")
