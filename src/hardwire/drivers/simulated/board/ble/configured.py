"""Peripherals as the configuration describes them, and the shapes that they take."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from hashlib import sha256
from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct

from hardwire.drivers.simulated.board.ble import advertisement
from hardwire.drivers.simulated.board.ble.gatt import (
    VALUE_BYTES,
    Characteristic,
    Descriptor,
    Property,
    Service,
    constant,
)
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Shape
from hardwire.drivers.simulated.board.ble.uuids import uuid_of
from hardwire.model.errors import BadValueError

Hex = Annotated[str, Meta(pattern=r"^([0-9a-fA-F]{2})*$", description="two hex digits for each byte, such as ffff2a")]
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-fA-F-]{4,36}$", description="4 or 32 hex digits, such as 180f")]
Address = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-fA-F]{2}([:-]?[0-9a-fA-F]{2}){5}$", description="six bytes in hex, such as c4:a0:b1:e0:00:09"
    ),
]
Ability = Literal["read", "write", "write_without_response", "notify", "indicate"]
Name = Annotated[str, Meta(min_length=1, max_length=29)]

RANDOM_STATIC = 0xC0
"""Both high bits of a random address that stays the same (Bluetooth Core, volume 6, part B, section 1.3.2.1)."""

Given = TypeVar("Given")
Made = TypeVar("Made")


class AddressKind(Enum):
    """Which kind of address a peripheral has."""

    RANDOM = "random"
    PUBLIC = "public"


class DescriptorSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A descriptor of a characteristic; the one for subscriptions comes by itself."""

    uuid: Uuid
    """Its UUID, 4 or 32 hex digits."""
    text: str = ""
    """What it holds, as text."""
    value: Hex = ""
    """What it holds, as hex digits, where it is no text."""
    writable: bool = False
    """Whether programs may write it."""


class CharacteristicSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of a service."""

    uuid: Uuid
    """Its UUID, 4 or 32 hex digits."""
    properties: Annotated[tuple[Ability, ...], Meta(min_length=1)] = ("read",)
    """What programs can do with it."""
    text: str = ""
    """What it holds at first, as text."""
    value: Hex = ""
    """What it holds at first, as hex digits, where it is no text."""
    every_s: Annotated[float, Meta(ge=0.02, le=3_600)] = 1.0
    """How often it tells its subscribers the value, in s."""
    descriptors: Annotated[tuple[DescriptorSettings, ...], Meta(max_length=8)] = ()
    """Facts about it."""


class ServiceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service of a peripheral."""

    uuid: Uuid
    """Its UUID, 4 or 32 hex digits."""
    advertised: bool = True
    """Whether the advertisement names it."""
    characteristics: Annotated[tuple[CharacteristicSettings, ...], Meta(max_length=16)] = ()
    """Its values."""


class PeripheralSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A peripheral that advertises around the board."""

    name: Name
    """Its local name."""
    address: Address | None = None
    """Its address, such as `c4:a0:b1:e0:00:09`; made of its name where none is given."""
    address_type: AddressKind = AddressKind.RANDOM
    """Which kind of address that is."""
    connectable: bool = True
    """Whether programs can connect to it."""
    rssi_dbm: Annotated[int, Meta(ge=-120, le=0)] = -60
    """How loud it is on average."""
    manufacturer: Hex = ""
    """Data of its manufacturer in the advertisement, beginning with the company's two bytes."""
    advertisement: Hex = ""
    """The whole advertisement, where it is to be another than what the other settings make."""
    scan_response: Hex = ""
    """The whole scan response, where it is to be another than the name."""
    services: Annotated[tuple[ServiceSettings, ...], Meta(max_length=16)] = ()
    """What it offers to programs that connect to it."""


def shapes_of(settings: Sequence[PeripheralSettings], also: Iterable[Shape] = ()) -> Sequence[Shape]:
    """Return the peripherals that the settings describe, and others too, but for those whose address is taken.

    Raises:
        BadValueError: `path` names the setting that cannot be.
    """
    shapes = _each("peripherals", _shape, settings)
    known: set[str] = set()
    for number, shape in enumerate(shapes):
        if shape.address in known:
            raise BadValueError("each peripheral has an address of its own", path=f"peripherals[{number}].address")
        known.add(shape.address)
    return (*shapes, *(shape for shape in also if shape.address not in known))


def _shape(given: PeripheralSettings) -> Shape:
    services = _each(".services", _service, given.services)
    return Shape(
        name=given.name,
        address=_address(given),
        is_random=given.address_type is AddressKind.RANDOM,
        advertising=Advertising.CONNECTABLE if given.connectable else Advertising.SCANNABLE,
        advertisement=constant(_at(".advertisement", _advertisement, given)),
        scan_response=constant(_at(".scan_response" if given.scan_response else ".name", _scan_response, given)),
        rssi_dbm=given.rssi_dbm,
        services=services,
    )


def _address(given: PeripheralSettings) -> str:
    if given.address is not None:
        return given.address.replace(":", "").replace("-", "").lower()
    octets = sha256(given.name.encode()).digest()[:6]
    return (bytes((octets[0] | RANDOM_STATIC,)) + octets[1:]).hex()


def _advertisement(given: PeripheralSettings) -> bytes:
    if given.advertisement:
        return advertisement.advertised(bytes.fromhex(given.advertisement))
    uuids = [uuid_of(service.uuid) for service in given.services if service.advertised]
    data = bytes.fromhex(given.manufacturer)
    return advertisement.advertised(
        advertisement.flags(),
        advertisement.services(uuids),
        advertisement.structure(advertisement.MANUFACTURER, data) if data else b"",
    )


def _scan_response(given: PeripheralSettings) -> bytes:
    octets = bytes.fromhex(given.scan_response) or advertisement.name(given.name)
    return advertisement.advertised(octets)


def _service(given: ServiceSettings) -> Service:
    uuid = _at(".uuid", uuid_of, given.uuid)
    return Service(uuid, _each(".characteristics", _characteristic, given.characteristics))


def _characteristic(given: CharacteristicSettings) -> Characteristic:
    properties = Property(0)
    for ability in given.properties:
        properties |= Property[ability.upper()]
    return Characteristic(
        uuid=_at(".uuid", uuid_of, given.uuid),
        properties=properties,
        reading=constant(_held(given.text, given.value)),
        every_us=round(given.every_s * 1_000_000),
        descriptors=_each(".descriptors", _descriptor, given.descriptors),
    )


def _descriptor(given: DescriptorSettings) -> Descriptor:
    uuid = _at(".uuid", uuid_of, given.uuid)
    return Descriptor(uuid, _held(given.text, given.value), given.writable)


def _held(text: str, value: str) -> bytes:
    if text and value:
        raise BadValueError("give its text or its value, not both", path=".value")
    octets = text.encode() or bytes.fromhex(value)
    if len(octets) > VALUE_BYTES:
        raise BadValueError(f"a value has at most {VALUE_BYTES} bytes", path=".value")
    return octets


def _each(path: str, make: Callable[[Given], Made], given: Sequence[Given]) -> tuple[Made, ...]:
    return tuple(_at(f"{path}[{number}]", make, one) for number, one in enumerate(given))


def _at(path: str, make: Callable[[Given], Made], given: Given) -> Made:
    """Make something of what is given at a path; what is wrong with it is named from there on."""
    try:
        return make(given)
    except BadValueError as error:
        raise BadValueError(error.message, path=path + error.path) from None
