"""A peripheral's services laid out as attributes: what each handle holds, and how it is read and written."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from hardwire.drivers.simulated.board.ble.gatt import (
    CLIENT_CONFIGURATION,
    AttError,
    Characteristic,
    Descriptor,
    RefusedError,
    Service,
)
from hardwire.drivers.simulated.board.ble.peripheral import Peripheral, Subscription
from hardwire.drivers.simulated.board.ble.uuids import uuid_octets

PRIMARY_SERVICE = "2800"
CHARACTERISTIC = "2803"


class Declaration(Struct, frozen=True, eq=False):
    """The attribute that says what a characteristic can do, and where its value is."""

    characteristic: Characteristic
    value_handle: int


class Configuration(Struct, frozen=True, eq=False):
    """The attribute by which a client subscribes."""

    service: Service
    characteristic: Characteristic


Subject: TypeAlias = Service | Declaration | Characteristic | Configuration | Descriptor


class Attribute(Struct, frozen=True):
    """One attribute (Bluetooth Core, volume 3, part G, section 3)."""

    handle: int
    uuid: str
    subject: Subject
    group_end: int = 0
    """The last handle of a service."""


class Attributes:
    """The attributes of one peripheral."""

    def __init__(self, peripheral: Peripheral) -> None:
        self._peripheral = peripheral
        self._all: Sequence[Attribute] = tuple(_laid_out(peripheral.shape.services))
        self._value_handles = {
            attribute.subject: attribute.handle
            for attribute in self._all
            if isinstance(attribute.subject, Characteristic)
        }

    def value_handle(self, characteristic: Characteristic) -> int:
        """Return the handle of a characteristic's value."""
        return self._value_handles[characteristic]

    def at(self, handle: int) -> Attribute | None:
        """Return the attribute of that handle."""
        return self._all[handle - 1] if 1 <= handle <= len(self._all) else None

    def between(self, start: int, end: int, uuid: str | None = None) -> Sequence[Attribute]:
        """Return those from handle to handle, all or of one type, in their order."""
        return [one for one in self._all if start <= one.handle <= end and uuid in (None, one.uuid)]

    def read(self, attribute: Attribute, now_us: int) -> bytes:
        """Return what an attribute holds. Raises RefusedError."""
        subject = attribute.subject
        match subject:
            case Service(uuid):
                return uuid_octets(uuid)
            case Declaration(characteristic, value_handle):
                properties = bytes((characteristic.properties.value,))
                return properties + value_handle.to_bytes(2, "little") + uuid_octets(characteristic.uuid)
            case Configuration(_, characteristic):
                return self._peripheral.subscription(characteristic).to_bytes(2, "little")
        return self._peripheral.read(subject, now_us)

    def write(self, attribute: Attribute, octets: bytes, now_us: int) -> None:
        """Change what an attribute holds. Raises RefusedError."""
        match attribute.subject:
            case Configuration(service, characteristic):
                if len(octets) != 2:
                    raise RefusedError(AttError.INVALID_ATTRIBUTE_LENGTH)
                mode = Subscription(int.from_bytes(octets, "little") & 0b11)
                self._peripheral.subscribe(service, characteristic, mode, now_us)
            case Characteristic() | Descriptor() as subject:
                self._peripheral.write(subject, octets)
            case _:
                raise RefusedError(AttError.WRITE_NOT_PERMITTED)


def _laid_out(services: Sequence[Service]) -> Iterator[Attribute]:
    """Yield the attributes of services in their order, handles from 1."""
    handle = 1
    for service in services:
        start = handle
        inside: list[Attribute] = []
        handle += 1
        for characteristic in service.characteristics:
            inside.append(Attribute(handle, CHARACTERISTIC, Declaration(characteristic, handle + 1)))
            inside.append(Attribute(handle + 1, characteristic.uuid, characteristic))
            handle += 2
            if characteristic.is_told:
                inside.append(Attribute(handle, CLIENT_CONFIGURATION, Configuration(service, characteristic)))
                handle += 1
            for descriptor in characteristic.descriptors:
                inside.append(Attribute(handle, descriptor.uuid, descriptor))
                handle += 1
        yield Attribute(start, PRIMARY_SERVICE, service, handle - 1)
        yield from inside
