"""The devices of a hub as they come and go: drivers built, kept running and stopped."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any

import msgspec
import structlog

from hardwire.app.alarms import check_destinations
from hardwire.app.doors import Doors
from hardwire.app.entries import DeviceEntry, device_entry
from hardwire.app.faces import Addresses, Faces
from hardwire.app.groups import ensure
from hardwire.app.secrets import has_secret
from hardwire.app.tables import nearest
from hardwire.contracts.dialect import Dialect
from hardwire.contracts.driver import Driver
from hardwire.contracts.question import AddDevice, Question, RemoveDevice
from hardwire.contracts.store import Store
from hardwire.hub.feed import HubFeed
from hardwire.hub.hub import Hub
from hardwire.model.audit import HUB, Action, Asker, audited
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, CallerError, HardwireError, UnknownError
from hardwire.model.point import Point

# A driver that failed is started again after a pause that doubles up to a minute.
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0

log = structlog.get_logger("hardwire.drivers")


class Origin(Enum):
    """Who says that there is a device, and so who takes it away."""

    FILE = "file"
    COMMAND = "command"
    DEMO = "demo"
    """Nothing of it is kept: a demo takes no address away from a house."""


class Estate:
    """Owns the running drivers."""

    def __init__(
        self,
        hub: Hub,
        store: Store,
        dialects: Mapping[str, Dialect],
        *,
        zone: str,
        is_running: bool = True,
        doors: Doors | None = None,
        gathered: asyncio.Event | None = None,
        settings: Mapping[str, Any] | None = None,  # Any: each dialect's own Settings struct
        reserved: Addresses | None = None,
        destinations: Collection[str] = (),
    ) -> None:
        """`zone` is for devices that name none; an estate that is not running builds drivers and starts none.

        Without `doors` no device gets listeners of its own. Drivers wait for `gathered` where it is given: what is made
        from other devices, or steers them, then finds all of them when it begins. `reserved` addresses are those that
        tables ask for; no device that names none is given one of them. `destinations` are those that alarms of a device
        that is added by command may be sent to.
        """
        self._hub = hub
        self._store = store
        self._dialects = dialects
        self._zone = zone
        self._is_running = is_running
        self._doors = doors
        self._gathered = gathered
        self._destinations = destinations
        self._faces = Faces(hub, store, settings=settings or {}, reserved=reserved or {}, is_giving=is_running)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._members: dict[str, set[str]] = {}
        self._origins: dict[str, Origin] = {}
        # An address is looked up before the disk is waited for: one device comes or goes at a time.
        self._changing = asyncio.Lock()
        self._saving: set[asyncio.Task[None]] = set()

    async def add(self, entry: DeviceEntry, origin: Origin) -> None:
        """Build a device's driver, show the device in its dialects, start it.

        Raises:
            HardwireError: a setting or an address is wrong; nothing of the device stays.
        """
        async with self._changing:
            await self._add(entry, origin)

    async def remove(self, id: str, by: Asker = HUB) -> None:
        """Stop a device's driver and forget the device, one that could not start included.

        Raises:
            UnknownError: there is none.
            CallerError: it was not added by command; the sentence says where it stands.
        """
        async with self._changing:
            match self._origins.get(id):
                case Origin.FILE:
                    place = f"[devices.{id}]"
                    raise CallerError(
                        f"the device {id!r} stands in the configuration file, {place}: remove it there", code="in-file"
                    )
                case Origin.DEMO:
                    raise CallerError(
                        f"the device {id!r} belongs to the demo: it goes when the hub runs without --demo",
                        code="in-demo",
                    )
            line = audited(self._hub.now(), by, Action.DEVICE_REMOVED, id)
            if not await self._store.remove_device(id, audit=[line]):
                raise UnknownError(f"there is no device {id!r}")
            members = self._members.get(id, set())
            await self._stop(id)
            # What a driver had kept in its last moment, and what is behind the device.
            for gone in (id, *members):
                await self._store.forget_kept_values(gone)

    async def answer(self, question: Question, by: Asker = HUB) -> object:
        """Answer what the owner asks: devices added and removed by command."""
        match question:
            case AddDevice(id, settings):
                async with self._changing:
                    entry = device_entry(id, settings, self._zone)
                    check_destinations(entry.alarms, self._destinations, f"devices.{id}")
                    await self._add(entry, Origin.COMMAND)
                    line = audited(self._hub.now(), by, Action.DEVICE_ADDED, id, str(settings.get("driver", "")))
                    try:
                        await self._store.save_device(id, settings, is_secret=has_secret(entry, settings), audit=[line])
                    except HardwireError:
                        await self._stop(id)
                        raise
                return id
            case RemoveDevice(id):
                await self.remove(id, by)
                return id
        raise UnknownError(f"no answer to {type(question).__name__}")

    async def recall(self) -> None:
        """Start the devices that were added by command in earlier runs; one that fails is told and left out."""
        for id, settings in (await self._store.devices()).items():
            try:
                await self.add(device_entry(id, settings, self._zone), Origin.COMMAND)
            except HardwireError as error:
                log.error("a device that was added by command cannot start", device=id, reason=error.message)

    async def close(self) -> None:
        """Stop every driver."""
        for id in list(self._tasks):
            await self._stop(id)
        await self._faces.settled()
        if self._saving:
            await asyncio.wait(self._saving, timeout=5.0)

    async def _add(self, entry: DeviceEntry, origin: Origin) -> None:
        if entry.id in self._origins or self._hub.roster.device(entry.id) is not None:
            raise CallerError(f"there is already a device {entry.id!r}", code="exists")
        place = f"devices.{entry.id}"
        try:
            driver = entry.driver.make(entry.id, entry.group, entry.timezone, entry.settings)
        except BadValueError as error:
            where = f"{place}.{error.path}" if error.path else place
            raise BadValueError(f"{where}: {error.message}", path=where) from error
        # First, since an address that was shown is given away for ever.
        if self._doors is not None:
            await self._doors.open(entry)
        try:
            await ensure(self._hub, self._store, entry.group)
            # A demo's own devices give way to nothing and take nothing.
            await self._faces.show(entry, is_kept=origin is not Origin.DEMO)
        except HardwireError:
            await self._close_doors(entry.id)
            raise
        self._origins[entry.id] = origin
        self._members[entry.id] = set()
        feed = HubFeed(self._hub, lambda device: self._declare(entry, driver, device))
        for device in driver.devices:
            self._declare(entry, driver, device)
        self._warn_of_alarms(entry)
        if self._is_running:
            self._tasks[entry.id] = asyncio.get_running_loop().create_task(
                self._keep_running(entry.id, driver, feed), name=f"driver of {entry.id}"
            )
        await self._faces.settled()

    def _warn_of_alarms(self, entry: DeviceEntry) -> None:
        """Tell of alarms that would rest for ever if their point never came."""
        device = self._hub.roster.device(entry.id)
        known = () if device is None else [point.name for point in device.points]
        for alarm in entry.alarms:
            if known and alarm.point not in known:
                told = f"the device has no such point yet{nearest(alarm.point, known)}"
                log.warning(
                    "an alarm watches nothing", device=entry.id, alarm=alarm.name, point=alarm.point, reason=told
                )

    async def _close_doors(self, id: str) -> None:
        if self._doors is not None:
            await self._doors.close(id)

    async def _stop(self, id: str) -> None:
        await self._close_doors(id)
        task = self._tasks.pop(id, None)
        if task is not None:
            task.cancel()
            await asyncio.wait([task], timeout=5.0)
        for member in self._members.pop(id, ()):
            self._hub.forget(member)
        self._hub.forget(id)
        self._origins.pop(id, None)

    def _declare(self, entry: DeviceEntry, driver: Driver, device: Device) -> None:
        """Give a device what its dialects and its table add, then let the hub serve it."""
        is_main = device.id == entry.id
        changes: dict[str, Any] = {"group": entry.group}  # Any: fields of Device by name
        if is_main:
            if entry.name:
                changes["name"] = entry.name
            points = device.points if device.log == "self" else self._logged(device.points, entry)
            changes["points"] = (*points, *self._kept(device, entry))
            changes["alarms"] = entry.alarms
        else:
            self._members[entry.id].add(device.id)
        if self._origins.get(entry.id, Origin.DEMO) is not Origin.DEMO:
            self._faces.offer(entry, device)
        known = self._hub.roster.device(device.id)
        complete = msgspec.structs.replace(device, **changes)
        if known is None:
            self._hub.serve(complete, driver)
        else:
            self._hub.declare(complete)
        if known is None or known.points != complete.points:
            self._save_numbers(device.id)

    def _kept(self, device: Device, entry: DeviceEntry) -> Sequence[Point]:
        own = {point.name for point in device.points}
        return [
            point
            for name, face in entry.faces.items()
            for point in self._dialects[name].face(device, face)
            if point.name not in own
        ]

    def _logged(self, points: Sequence[Point], entry: DeviceEntry) -> Sequence[Point]:
        """Give numeric points without a log interval of their own the one that a face asks for."""
        interval_s = next(
            (face.log_interval_s for face in entry.faces.values() if getattr(face, "log_interval_s", 0)), 0
        )
        return [
            msgspec.structs.replace(point, log_interval_s=interval_s)
            if point.has_number and not point.log_interval_s
            else point
            for point in points
        ]

    def _save_numbers(self, device: str) -> None:
        numbers = dict(self._hub.roster.field_numbers(device))
        if numbers:
            task = asyncio.get_running_loop().create_task(
                self._saved_numbers(device, numbers), name=f"field numbers of {device}"
            )
            self._saving.add(task)
            task.add_done_callback(self._saving.discard)

    async def _saved_numbers(self, device: str, numbers: Mapping[str, int]) -> None:
        try:
            await self._store.save_field_numbers(device, numbers)
        except HardwireError as error:
            log.error("field numbers were not saved", device=device, reason=error.message)

    async def _keep_running(self, id: str, driver: Driver, feed: HubFeed) -> None:
        if self._gathered is not None:
            await self._gathered.wait()
        loop = asyncio.get_running_loop()
        pause_s = FIRST_PAUSE_S
        while True:
            began_s = loop.time()
            try:
                await driver.run(feed)
                reason = "the driver ended"
            except Exception as fault:
                reason = f"the driver failed: {fault}"
                log.error("a driver failed", device=id, exc_info=fault)
            self._hub.lost(id, reason)
            if loop.time() - began_s > LONGEST_PAUSE_S:
                pause_s = FIRST_PAUSE_S
            await asyncio.sleep(pause_s)
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
