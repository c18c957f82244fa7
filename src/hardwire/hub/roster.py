"""The world as the hub knows it: devices, their addresses, their last values, who is alive."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from hardwire.contracts.house import Reading
from hardwire.model.device import Device
from hardwire.model.errors import CallerError
from hardwire.model.fact import Fact, Incident, LogRow, Sample
from hardwire.model.value import Value

NOTHING: Mapping[str, Reading] = MappingProxyType({})
NO_VALUES: Mapping[str, Value] = MappingProxyType({})
NO_NUMBERS: Mapping[str, int] = MappingProxyType({})
AHEAD = timedelta(minutes=5)
"""So much may the clocks of sources differ from the hub's."""

NO_FACES: Mapping[str, tuple[str, Any]] = MappingProxyType({})  # Any: each dialect's own Face struct


class Roster:
    """Owns every device's state. All in memory, none of it waits."""

    def __init__(self) -> None:
        self._devices: dict[str, Device] = {}
        self._children: dict[str, list[str]] = {}
        self._addresses: dict[tuple[str, str], str] = {}
        self._faces: dict[str, dict[str, tuple[str, Any]]] = {}  # Any: each dialect's own Face struct
        self._readings: dict[str, dict[str, Reading]] = {}
        self._kept: dict[str, dict[str, Value]] = {}
        self._alive_at: dict[str, datetime] = {}
        self._online_since: dict[str, datetime] = {}
        self._lost: dict[str, tuple[datetime, str]] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        self._identified: dict[str, datetime] = {}
        self._rebooted: dict[str, datetime] = {}
        self._troubles: dict[str, dict[str, tuple[int, str]]] = {}
        self._defaults: dict[str, str] = {}

    def declare(self, device: Device) -> None:
        """Add a device, or replace what is known of it; values stay, new fields get the next numbers."""
        if device.id not in self._devices and device.parent is not None:
            self._children.setdefault(device.parent, []).append(device.id)
        self._devices[device.id] = device
        self._readings.setdefault(device.id, {})
        numbers = self._numbers.setdefault(device.id, {})
        free = max(numbers.values(), default=0) + 1
        for point in device.points:
            if point.has_number and point.name not in numbers:
                numbers[point.name] = free
                free += 1

    def remove(self, id: str) -> None:
        """Forget a device with all behind it. Its addresses are kept by the store, so nobody else gets them.

        Its field numbers stay known: they are given for ever, so a device of the same id gets them back.
        """
        for child in self._children.pop(id, []):
            self.remove(child)
        for children in self._children.values():
            if id in children:
                children.remove(id)
        for known in (
            self._devices,
            self._readings,
            self._kept,
            self._alive_at,
            self._online_since,
            self._lost,
            self._identified,
            self._rebooted,
            self._troubles,
        ):
            known.pop(id, None)
        self._faces.pop(id, None)
        self._addresses = {key: device for key, device in self._addresses.items() if device != id}
        self._defaults = {dialect: device for dialect, device in self._defaults.items() if device != id}

    def show(
        self,
        device: str,
        dialect: str,
        address: str,
        face: Any,  # Any: the dialect's Face struct
        *,
        second: str = "",
    ) -> None:
        """Show a device in a dialect under an address; the first one of a dialect is its default.

        `second` is an address by which it is found too.

        Raises:
            CallerError: an address belongs to another device.
        """
        given = (address, second) if second else (address,)
        for one in given:
            owner = self._addresses.get((dialect, one))
            if owner is not None and owner != device:
                raise CallerError(f"the {dialect} address {one} belongs to the device {owner!r}", code="address-taken")
        for one in given:
            self._addresses[dialect, one] = device
        self._faces.setdefault(device, {})[dialect] = (address, face)
        self._defaults.setdefault(dialect, device)

    def find_also(self, device: str, dialect: str, address: str) -> None:
        """Let a device be found under an address that it had before, unless another device has it now."""
        self._addresses.setdefault((dialect, address), device)

    def make_default(self, dialect: str, device: str) -> None:
        """Let the main listeners speak for this device in a one-device dialect."""
        self._defaults[dialect] = device

    def know_numbers(self, numbers: Mapping[str, Mapping[str, int]]) -> None:
        """Take the field numbers that were given in earlier runs."""
        for device, points in numbers.items():
            self._numbers[device] = dict(points)

    def is_from_source(self, fact: Fact) -> bool:
        """Whether a fact shows that its source lives: what the hub itself tells of a device shows nothing of it."""
        match fact:
            case Incident():
                return False
            case LogRow():
                known = self._devices.get(fact.device)
                return known is not None and known.log == "self"
            case _:
                return True

    def remember(self, fact: Fact, now: datetime) -> None:
        """Keep a sample's values where what is known is not newer, and that its source lives."""
        if isinstance(fact, Sample):
            readings = self._readings.setdefault(fact.device, {})
            at = fact.at
            for name, value in fact.values.items():
                known = readings.get(name)
                # What is known from far beyond now is of a clock that was set back since: it may freeze nothing.
                if known is None or known.at <= at or known.at > now + AHEAD:
                    readings[name] = Reading(value, at)
        self.mark_alive(fact.device, now)

    def keep(self, device: str, values: Mapping[str, Value], now: datetime) -> None:
        """Set hub-kept points; it says nothing about the source's life."""
        readings = self._readings.setdefault(device, {})
        for name, value in values.items():
            readings[name] = Reading(value, now)

    def note_kept(self, device: str, values: Mapping[str, Value]) -> None:
        """Know that these values are on the disk; by itself that shows nobody anything."""
        self._kept.setdefault(device, {}).update(values)

    def mark_alive(self, device: str, now: datetime) -> None:
        """The source showed life."""
        self._alive_at[device] = now
        if self._lost:
            self._lost.pop(device, None)

    def mark_lost(self, device: str, reason: str, now: datetime) -> None:
        """The source is gone: its values are stale at once."""
        self._lost[device] = (now, reason)

    def turn(self, device: str, now: datetime, *, is_online: bool) -> None:
        """Keep since when a device is online; call it when that changes."""
        if is_online:
            self._online_since[device] = now
        else:
            self._online_since.pop(device, None)

    def trouble(self, device: str, kind: str, message: str) -> None:
        """Count a fault and keep its newest sentence."""
        troubles = self._troubles.setdefault(device, {})
        troubles[kind] = (troubles.get(kind, (0, ""))[0] + 1, message)

    def identify(self, device: str, until: datetime) -> None:
        """Let the device show which one it is until then."""
        self._identified[device] = until

    def reboot(self, device: str, now: datetime) -> None:
        """The device starts anew."""
        self._rebooted[device] = now

    def devices(self) -> Iterable[Device]:
        """Every device, in the order of declaration."""
        return tuple(self._devices.values())

    def device(self, id: str) -> Device | None:
        """The device of that id."""
        return self._devices.get(id)

    def children(self, id: str) -> Iterable[Device]:
        """The devices behind a device."""
        return tuple(self._devices[child] for child in self._children.get(id, ()))

    def find(self, dialect: str, address: str) -> Device | None:
        """The device that a dialect calls by that address."""
        id = self._addresses.get((dialect, address))
        return None if id is None else self._devices.get(id)

    def address(self, dialect: str, device: str) -> str | None:
        """What a dialect calls a device."""
        shown = self._faces.get(device, NO_FACES).get(dialect)
        return None if shown is None else shown[0]

    def face(self, dialect: str, device: str) -> Any:  # Any: the dialect's own Face struct
        """A device's settings in a dialect."""
        shown = self._faces.get(device, NO_FACES).get(dialect)
        return None if shown is None else shown[1]

    def addresses(self, device: str) -> Mapping[str, str]:
        """Dialect -> address of a device."""
        return {dialect: address for dialect, (address, _) in self._faces.get(device, NO_FACES).items()}

    def is_shown(self, device: str) -> bool:
        """Whether any dialect shows the device."""
        return device in self._faces

    def default(self, dialect: str) -> Device | None:
        """The device that the main listeners speak for."""
        id = self._defaults.get(dialect)
        return None if id is None else self._devices.get(id)

    def readings(self, device: str) -> Mapping[str, Reading]:
        """The last value of each point that has one."""
        return self._readings.get(device, NOTHING)

    def kept(self, device: str) -> Mapping[str, Value]:
        """What is on the disk of a device's values: hub-kept points, and what its driver keeps."""
        return self._kept.get(device, NO_VALUES)

    def alive_at(self, device: str) -> datetime | None:
        """When the source last showed life."""
        return self._alive_at.get(device)

    def online_since(self, device: str) -> datetime | None:
        """Since when the device has been online without a break."""
        return self._online_since.get(device)

    def is_fresh(self, device: str, now: datetime) -> bool:
        """Whether the source lives. What hangs behind a meter lives as long as the meter does."""
        known = self._devices.get(device)
        if known is None or device in self._lost:
            return False
        if known.parent is not None:
            return self.is_fresh(known.parent, now)
        alive_at = self._alive_at.get(device)
        if alive_at is None:
            return False
        return known.stale_after_s is None or now - alive_at <= timedelta(seconds=known.stale_after_s)

    def lost_since(self, device: str) -> tuple[datetime, str] | None:
        """Since when the source is known to be gone, and why."""
        return self._lost.get(device)

    def troubles(self, device: str) -> Mapping[str, tuple[int, str]]:
        """Kind of fault -> how often, with its newest sentence."""
        return self._troubles.get(device, {})

    def field_numbers(self, device: str) -> Mapping[str, int]:
        """The stable field number of each numeric point."""
        return self._numbers.get(device, NO_NUMBERS)

    def identified_until(self, device: str) -> datetime | None:
        """Until when a device shows which one it is."""
        return self._identified.get(device)

    def rebooted_at(self, device: str) -> datetime | None:
        """When somebody last had the device start anew."""
        return self._rebooted.get(device)
