"""How devices are shown: by the faces of their tables or by given ones, under addresses that are theirs for ever."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import structlog

from hardwire.app import parts
from hardwire.app.entries import DeviceEntry
from hardwire.contracts.dialect import DialectPart
from hardwire.contracts.store import Store
from hardwire.hub.hub import Hub
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, HardwireError

Addresses = Mapping[tuple[str, str], str]
"""(dialect, address) -> device."""

log = structlog.get_logger("hardwire.devices")


def declared(entries: Iterable[DeviceEntry]) -> Addresses:
    """Return the addresses that tables ask for: no device that comes before its owner is given one of them."""
    known = parts.dialects()
    return {
        (name, address): entry.id
        for entry in entries
        for name, face in entry.faces.items()
        for address in _addresses(known[name], face)
    }


class Faces:
    """Shows devices. It knows every address that was ever given, and is alone in giving more of them."""

    def __init__(
        self,
        hub: Hub,
        store: Store,
        *,
        settings: Mapping[str, Any],  # Any: each dialect's own Settings struct
        reserved: Addresses,
        is_giving: bool,
    ) -> None:
        """`reserved` addresses are for their devices alone; one that is not giving shows what was given already."""
        self._hub = hub
        self._store = store
        self._settings = settings
        self._reserved = reserved
        self._is_giving = is_giving
        self._given: dict[tuple[str, str], str] = {}
        self._is_loaded = False
        self._saving: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def show(self, entry: DeviceEntry, *, is_kept: bool) -> None:
        """Show a device in the dialects of its table: in all of them or in none.

        What is not kept takes no address away from anybody.

        Raises:
            CallerError: an address belongs to another device.
            HubFaultError: the disk refuses.
        """
        await self._load()
        known = parts.dialects()
        wanted = [(name, text) for name, face in entry.faces.items() for text in _addresses(known[name], face)]
        for dialect, address in wanted:
            shown = self._hub.roster.find(dialect, address)
            owner = shown.id if shown is not None else self._given.get((dialect, address), entry.id)
            if owner != entry.id and (shown is not None or is_kept):
                raise CallerError(
                    f"devices.{entry.id}.{dialect}: the address {address} belongs to the device {owner!r} for ever: "
                    "choose another one, or give this device that id",
                    code="address-taken",
                )
        if is_kept:
            for dialect, address in wanted:
                await self._store.save_address(dialect, address, entry.id)
                self._given[dialect, address] = entry.id
        for name, face in entry.faces.items():
            if _addresses(known[name], face):
                self._show(entry.id, name, face)

    def offer(self, entry: DeviceEntry, device: Device) -> None:
        """Show a device, or one behind a device, in each dialect that gives addresses, where it is not shown yet.

        An address that it has already is its own again at once; a new one is shown as soon as it is on the disk.
        """
        if not any(point.has_number for point in device.points):
            # There is nothing to be read, and an address would be used up for ever.
            return
        for name, part in parts.dialects().items():
            is_open = (name, device.id) not in self._saving and self._hub.roster.address(name, device.id) is None
            if part.give_address is not None and name not in entry.hidden and is_open:
                self._give(entry, part, device)

    async def settled(self) -> None:
        """Return when what was offered is shown."""
        if self._saving:
            await asyncio.wait(list(self._saving.values()), timeout=5.0)

    async def _load(self) -> None:
        if not self._is_loaded:
            self._given = dict(await self._store.addresses())
            self._is_loaded = True

    def _give(self, entry: DeviceEntry, part: DialectPart, device: Device) -> None:
        assert part.give_address is not None
        name = part.name
        own = next(iter(self._own(name, device.id)), None)
        table = entry.faces.get(name)
        is_main = device.id == entry.id
        face = part.give_address(
            table if is_main else None, own, lambda text: self._is_taken(name, text), self._settings.get(name)
        )
        if face is None or (own is None and not self._is_giving):
            return
        if not is_main and (group := getattr(table, "group", "")):
            # What hangs behind a device belongs to whom the device was given.
            face = msgspec.structs.replace(face, group=group)
        if own is not None:
            self._show(device.id, name, face)
            return
        self._given[name, _addresses(part, face)[0]] = device.id
        saving = asyncio.get_running_loop().create_task(
            self._save(part, device.id, face), name=f"{name} address of {device.id}"
        )
        self._saving[name, device.id] = saving
        saving.add_done_callback(lambda _: self._saving.pop((name, device.id), None))

    async def _save(self, part: DialectPart, device: str, face: Any) -> None:  # Any: the dialect's own Face struct
        address = _addresses(part, face)[0]
        try:
            await self._store.save_address(part.name, address, device)
        except HardwireError as error:
            del self._given[part.name, address]
            log.error("an address was not saved", device=device, dialect=part.name, reason=error.message)
            return
        # It may have gone in the meantime, and gets its address back when it returns.
        if self._hub.roster.device(device) is not None:
            self._show(device, part.name, face)
            self._hub.line.notify("devices", device)

    def _show(self, device: str, name: str, face: Any) -> None:  # Any: the dialect's own Face struct
        part = parts.dialects()[name]
        first, *rest = _addresses(part, face)
        self._hub.roster.show(device, name, first, face, second=rest[0] if rest else "")
        if part.give_address is not None:
            # Clients that know it by an address of earlier days find it as before.
            for address in self._own(name, device):
                self._hub.roster.find_also(device, name, address)

    def _own(self, dialect: str, device: str) -> list[str]:
        return sorted(text for (name, text), owner in self._given.items() if (name, owner) == (dialect, device))

    def _is_taken(self, dialect: str, address: str) -> bool:
        key = (dialect, address)
        return key in self._given or key in self._reserved or self._hub.roster.find(dialect, address) is not None


def _addresses(part: DialectPart, face: Any) -> list[str]:  # Any: the dialect's own Face struct
    second = getattr(face, part.second_address) if part.second_address else ""
    return [str(address) for address in (getattr(face, part.address), second) if address]
