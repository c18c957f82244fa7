"""What a peripheral offers: services with characteristics with descriptors, and how it refuses (Bluetooth GATT)."""

from collections.abc import Callable
from enum import Flag, IntEnum

from msgspec import Struct

DESCRIPTION = "2901"
"""The descriptor that names a characteristic for people."""
CLIENT_CONFIGURATION = "2902"
"""The descriptor by which a client subscribes; the peripheral keeps it, and it stands in no list of `Descriptor`s."""

VALUE_BYTES = 512
"""The longest value (Bluetooth Core, volume 3, part F, section 3.2.9)."""


class Property(Flag):
    """What a characteristic can do (Bluetooth Core, volume 3, part G, section 3.3.1.1)."""

    BROADCAST = 0x01
    READ = 0x02
    WRITE_WITHOUT_RESPONSE = 0x04
    WRITE = 0x08
    NOTIFY = 0x10
    INDICATE = 0x20
    AUTH = 0x40
    EXTENDED = 0x80


class AttError(IntEnum):
    """Why an attribute is refused (Bluetooth Core, volume 3, part F, section 3.4.1.1)."""

    INVALID_HANDLE = 0x01
    READ_NOT_PERMITTED = 0x02
    WRITE_NOT_PERMITTED = 0x03
    INVALID_PDU = 0x04
    REQUEST_NOT_SUPPORTED = 0x06
    INVALID_OFFSET = 0x07
    PREPARE_QUEUE_FULL = 0x09
    ATTRIBUTE_NOT_FOUND = 0x0A
    INVALID_ATTRIBUTE_LENGTH = 0x0D
    UNSUPPORTED_GROUP_TYPE = 0x10
    CONTROL_POINT_NOT_SUPPORTED = 0x80
    """Of the heart rate service: no such control (Heart Rate Service, section 1.6)."""
    IMPROPERLY_CONFIGURED = 0xFD
    """A subscription to what the characteristic does not send (Supplement to Bluetooth Core, part B)."""


class RefusedError(Exception):
    """A peripheral does not do what it was asked; nothing has changed."""

    def __init__(self, error: AttError) -> None:
        super().__init__(error.name)
        self.error = error


Reading = Callable[[int], bytes]
"""What a value is at an instant. Unit of its argument: whole microseconds since 1970."""


def constant(octets: bytes) -> Reading:
    """Return a value that never changes by itself."""
    return lambda now_us: octets


# `eq=False`: two alike in two services are two, each with a value of its own.
class Descriptor(Struct, frozen=True, eq=False):
    """A fact about a characteristic."""

    uuid: str
    octets: bytes = b""
    is_writable: bool = False


class Characteristic(Struct, frozen=True, eq=False, kw_only=True):
    """One value of a service.

    `accept` looks at what is written, and may raise RefusedError; None takes everything up to `size_limit`.
    """

    uuid: str
    properties: Property
    reading: Reading = constant(b"")
    descriptors: tuple[Descriptor, ...] = ()
    every_us: int = 1_000_000
    """How often it tells its subscribers the value."""
    size_limit: int = VALUE_BYTES
    accept: Callable[[bytes], None] | None = None

    @property
    def is_told(self) -> bool:
        """Whether a client can subscribe to it."""
        return bool(self.properties & (Property.NOTIFY | Property.INDICATE))

    @property
    def is_writable(self) -> bool:
        """Whether a client can write it in any way."""
        return bool(self.properties & (Property.WRITE | Property.WRITE_WITHOUT_RESPONSE))


class Service(Struct, frozen=True, eq=False):
    """A group of characteristics that belong together."""

    uuid: str
    characteristics: tuple[Characteristic, ...] = ()
