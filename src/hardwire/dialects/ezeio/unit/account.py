"""What a key reaches: the account's units with their fields."""

from collections.abc import Mapping

from msgspec import Struct

from hardwire.contracts.house import House
from hardwire.dialects.ezeio.wire import EPOCH, AccountEntry, FieldEntry, SystemEntry, utc_text
from hardwire.model.access import Caller, Credential, Group
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.value import Value

DIALECT = "ezeio"

STATUS = "status"
"""The topic of the ten-minute log."""

LOG = "log"
"""The topic of the fast log."""

# Display only, values are never rounded to it; what a field is shown with where its point does not say.
DECIMALS = 2

# A unit has no more fields (ezeio reference, section 4). Points beyond have their numbers, and are not shown here.
FIELD_LIMIT = 90

# The largest double (IEEE 754): (2 - 2**-52) * 2**1023.
_LARGEST = float.fromhex("0x1.fffffffffffffp+1023")
# Whole numbers beyond 64 bits have no place in JSON that others read.
_WHOLE_LIMIT = 2**63


class Unit(Struct, frozen=True):
    """A device under the name that this dialect has for it."""

    device: Device
    serial: str


class Account:
    """The units in a key's scope, read from the house when they are asked for."""

    def __init__(self, house: House, credential: Credential) -> None:
        self._house = house
        self._credential = credential
        self._account = house.account(credential.group)

    @property
    def group(self) -> Group | None:
        """The account that the key belongs to: the nearest one at or above its group. It stays that of the beginning,
        whatever becomes of the tree while a socket is open."""
        return self._account

    def units(self) -> tuple[Unit, ...]:
        """Every unit in scope, in the order of declaration."""
        return tuple(
            Unit(device, serial)
            for device in self._house.devices()
            if (serial := self._house.address(DIALECT, device.id)) is not None and self._reaches(device)
        )

    def unit(self, serial: str) -> Unit | None:
        """The unit of that serial, where it is in scope."""
        device = self._house.find(DIALECT, serial)
        return Unit(device, serial) if device is not None and self._reaches(device) else None

    def caller(self) -> Caller:
        """Who the key's calls and sockets act as: the units in scope now, nothing else."""
        devices = tuple(unit.device.id for unit in self.units())
        return Caller(credential=self._credential.id, devices=devices, rights=self._credential.rights)

    def entry(self) -> AccountEntry:
        """What a ticket tells of the account; a group that nobody described is told by its id."""
        group = self.group
        if group is None:
            return AccountEntry(id="0", name=self._credential.group, description="")
        return AccountEntry(id=str(group.number), name=group.name, description=group.description)

    def systems(self) -> tuple[SystemEntry, ...]:
        """What a ticket tells of the units."""
        return tuple(self._system(unit) for unit in self.units())

    def channels(self, device: str) -> tuple[Channel, Channel]:
        """The channels of a unit's two logs."""
        account = self._credential.group if self._account is None else self._account.id
        return (
            Channel(DIALECT, device, STATUS, account=account),
            Channel(DIALECT, device, LOG, account=account),
        )

    def _reaches(self, device: Device) -> bool:
        devices = self._credential.devices
        if devices is not None and device.id not in devices:
            return False
        group = self._house.face(DIALECT, device.id).group or device.group
        if group == self._credential.group:
            return True
        return self._credential.is_inherited and self._house.reaches(self._credential.group, group)

    def _system(self, unit: Unit) -> SystemEntry:
        device = unit.device
        face = self._house.face(DIALECT, device.id)
        return SystemEntry(
            serial=unit.serial,
            name=face.name or device.name or device.id,
            note=face.note,
            # The type is a string that clients read as a time: never seen is the beginning of time.
            lastseen=utc_text(self._house.alive_at(device.id) or EPOCH),
            fields=_fields(device, self._house.field_numbers(device.id), face.log_interval_s),
        )


def numbered(values: Mapping[str, Value], numbers: Mapping[str, int]) -> dict[int, float]:
    """Return the values of a row by field number, 1 to 90: what has none, is no number or is not finite is left out."""
    fields: dict[int, float] = {}
    for name, value in values.items():
        # The comparison is false for what is no number at all, and does not overflow for a whole one of any length.
        number = numbers.get(name)
        if number is None or number > FIELD_LIMIT:
            continue
        if isinstance(value, bool | str | tuple) or not abs(value) <= _LARGEST:
            continue
        fields[number] = value if abs(value) < _WHOLE_LIMIT else float(value)
    return fields


def _fields(device: Device, numbers: Mapping[str, int], log_interval_s: int) -> tuple[FieldEntry, ...]:
    known = [
        (numbers[point.name], point)
        for point in device.points
        if numbers.get(point.name, FIELD_LIMIT + 1) <= FIELD_LIMIT
    ]
    return tuple(
        FieldEntry(
            fieldno=str(number),
            name=point.label or point.name,
            unit=point.unit,
            decimals=str(DECIMALS if point.decimals is None else point.decimals),
            assettag=point.tag,
            loginterval=str(point.log_interval_s if device.log == "self" else point.log_interval_s or log_interval_s),
        )
        for number, point in sorted(known, key=lambda pair: pair[0])
    )
