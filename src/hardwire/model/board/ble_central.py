"""Bluetooth as a central, in words of its own: connect to peripherals and use what they offer.

An address has 12 hexadecimal digits, a UUID 4, 8 or 32: both in lower case, without anything between.
"""

from enum import Flag, IntEnum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class Property(Flag):
    """What may be done with a characteristic (obniz reference, section 6.3, numbered as on the binary wire)."""

    NONE = 0
    BROADCAST = 0x01
    READ = 0x02
    WRITE_WITHOUT_RESPONSE = 0x04
    WRITE = 0x08
    NOTIFY = 0x10
    INDICATE = 0x20
    AUTH = 0x40
    EXTENDED_PROPERTIES = 0x80


class BleError(IntEnum):
    """Why a request failed (obniz reference, section 6.3)."""

    NONE = 0
    NOT_CONNECTED = 1
    SERVICE_NOT_FOUND = 2
    CHARACTERISTIC_NOT_FOUND = 3
    DESCRIPTOR_NOT_FOUND = 4
    NO_PERMISSION = 5
    DEVICE_NOT_FOUND = 6
    BUSY = 7
    SERVICE_ALREADY_RUNNING = 8
    SECURITY_ALREADY_SET = 9


class ConnectBle(Command, frozen=True):
    """Connect to a peripheral; `BleLinkChanged` is published, or `BleFailed`. No answer."""

    address: str


class DisconnectBle(Command, frozen=True):
    """End a connection; `BleLinkChanged` is published, or `BleFailed`. No answer."""

    address: str


class ListServices(Command, frozen=True):
    """Tell the services of a peripheral: a `ServiceFound` for each, then `ServicesEnded`; or `BleFailed`."""

    address: str


class ListCharacteristics(Command, frozen=True):
    """Tell a service's characteristics: a `CharacteristicFound` each, then `CharacteristicsEnded`; or `BleFailed`."""

    address: str
    service: str


class ListDescriptors(Command, frozen=True):
    """Tell a characteristic's descriptors: a `DescriptorFound` each, then `DescriptorsEnded`; or `BleFailed`."""

    address: str
    service: str
    characteristic: str


class ReadCharacteristic(Command, frozen=True):
    """Read a characteristic. Answer: one `CharacteristicRead`, or `BleFailed`."""

    address: str
    service: str
    characteristic: str


class WriteCharacteristic(Command, frozen=True):
    """Write a characteristic; the peripheral confirms it unless `is_confirmed` is False.

    Answer: one `CharacteristicWritten`, or `BleFailed`.
    """

    address: str
    service: str
    characteristic: str
    octets: bytes
    is_confirmed: bool = True


class RegisterNotify(Command, frozen=True):
    """Publish a `CharacteristicNotified` whenever the peripheral tells the characteristic's value.

    Answer: one `NotifyRegistered`, or `BleFailed`.
    """

    address: str
    service: str
    characteristic: str


class UnregisterNotify(Command, frozen=True):
    """End what `RegisterNotify` began. Answer: one `NotifyUnregistered`, or `BleFailed`."""

    address: str
    service: str
    characteristic: str


class ReadDescriptor(Command, frozen=True):
    """Read a descriptor. Answer: one `DescriptorRead`, or `BleFailed`."""

    address: str
    service: str
    characteristic: str
    descriptor: str


class WriteDescriptor(Command, frozen=True):
    """Write a descriptor; the peripheral confirms it unless `is_confirmed` is False.

    Answer: one `DescriptorWritten`, or `BleFailed`.
    """

    address: str
    service: str
    characteristic: str
    descriptor: str
    octets: bytes
    is_confirmed: bool = True


class BleLinkChanged(Happening, frozen=True):
    """A peripheral is connected now, or is no more, whoever ended it."""

    address: str
    is_connected: bool


class ServiceFound(Happening, frozen=True):
    """A service of a peripheral."""

    address: str
    service: str


class ServicesEnded(Happening, frozen=True):
    """All services of a peripheral were told."""

    address: str


class CharacteristicFound(Happening, frozen=True):
    """A characteristic of a service, and what may be done with it."""

    address: str
    service: str
    characteristic: str
    properties: Property


class CharacteristicsEnded(Happening, frozen=True):
    """All characteristics of a service were told."""

    address: str
    service: str


class DescriptorFound(Happening, frozen=True):
    """A descriptor of a characteristic."""

    address: str
    service: str
    characteristic: str
    descriptor: str


class DescriptorsEnded(Happening, frozen=True):
    """All descriptors of a characteristic were told."""

    address: str
    service: str
    characteristic: str


class CharacteristicRead(Happening, frozen=True):
    """The answer to `ReadCharacteristic`."""

    address: str
    service: str
    characteristic: str
    is_success: bool
    octets: bytes = b""


class CharacteristicWritten(Happening, frozen=True):
    """The answer to `WriteCharacteristic`."""

    address: str
    service: str
    characteristic: str
    is_success: bool


class NotifyRegistered(Happening, frozen=True):
    """The answer to `RegisterNotify`."""

    address: str
    service: str
    characteristic: str
    is_success: bool


class NotifyUnregistered(Happening, frozen=True):
    """The answer to `UnregisterNotify`."""

    address: str
    service: str
    characteristic: str
    is_success: bool


class CharacteristicNotified(Happening, frozen=True):
    """A peripheral tells a characteristic's value."""

    address: str
    service: str
    characteristic: str
    octets: bytes


class DescriptorRead(Happening, frozen=True):
    """The answer to `ReadDescriptor`."""

    address: str
    service: str
    characteristic: str
    descriptor: str
    is_success: bool
    octets: bytes = b""


class DescriptorWritten(Happening, frozen=True):
    """The answer to `WriteDescriptor`."""

    address: str
    service: str
    characteristic: str
    descriptor: str
    is_success: bool


class BleFailed(Happening, frozen=True, kw_only=True):
    """A request was not carried out. `error` is a `BleError`, or a number that a real board has and it has not.

    `function` is the request's number on the binary wire (obniz reference, section 6.3). What the request named is
    told with it; empty where it named nothing of the kind.
    """

    error: int
    module_error: int = 1
    function: int
    address: str = ""
    service: str = ""
    characteristic: str = ""
    descriptor: str = ""
