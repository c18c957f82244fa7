"""Bluetooth as a peripheral, in words of its own: advertise, offer services, and hear what centrals want of them.

Addresses and UUIDs look as in `ble_central`. A service is put together piece by piece, then started.
"""

from enum import Flag

from hardwire.model.board.ble_central import Property
from hardwire.model.command import Command
from hardwire.model.fact import Happening


class Permission(Flag):
    """What centrals may do with a value (obniz reference, section 6.3, numbered as on the binary wire)."""

    NONE = 0
    READ = 0x001
    READ_ENCRYPTED = 0x002
    READ_ENCRYPTED_MITM = 0x004
    WRITE = 0x010
    WRITE_ENCRYPTED = 0x020
    WRITE_ENCRYPTED_MITM = 0x040
    WRITE_SIGNED = 0x080
    WRITE_SIGNED_MITM = 0x100


class SetAdvertisement(Command, frozen=True):
    """Choose the advertising data, at most 31 bytes. No answer."""

    octets: bytes


class SetScanResponse(Command, frozen=True):
    """Choose what is answered to an active scan, at most 31 bytes. No answer."""

    octets: bytes


class StartAdvertising(Command, frozen=True):
    """Advertise what was chosen; `CentralLinkChanged` is published when a central connects. No answer."""


class StopAdvertising(Command, frozen=True):
    """Advertise no more. No answer."""


class AddService(Command, frozen=True):
    """Begin a service. No answer."""

    service: str


class AddCharacteristic(Command, frozen=True, kw_only=True):
    """Put a characteristic into a service that was begun. No answer."""

    service: str
    characteristic: str
    permissions: Permission = Permission.READ | Permission.WRITE
    properties: Property = Property.READ | Property.WRITE
    octets: bytes


class AddDescriptor(Command, frozen=True, kw_only=True):
    """Put a descriptor to a characteristic of a service that was begun. No answer."""

    service: str
    characteristic: str
    descriptor: str
    permissions: Permission = Permission.READ | Permission.WRITE
    octets: bytes


class StartService(Command, frozen=True):
    """Offer a service with all that was put into it. No answer."""

    service: str


class StopService(Command, frozen=True):
    """Offer a service no more. No answer."""

    service: str


class StopServices(Command, frozen=True):
    """Offer no service any more. No answer."""


class ReadOwnCharacteristic(Command, frozen=True):
    """Tell the value of an own characteristic. Answer: one `OwnCharacteristicRead`."""

    service: str
    characteristic: str


class WriteOwnCharacteristic(Command, frozen=True):
    """Give an own characteristic a value. Answer: one `OwnCharacteristicWritten`."""

    service: str
    characteristic: str
    octets: bytes


class NotifyOwnCharacteristic(Command, frozen=True):
    """Tell an own characteristic's value to the centrals that asked for it. No answer."""

    service: str
    characteristic: str


class ReadOwnDescriptor(Command, frozen=True):
    """Tell the value of an own descriptor. Answer: one `OwnDescriptorRead`."""

    service: str
    characteristic: str
    descriptor: str


class WriteOwnDescriptor(Command, frozen=True):
    """Give an own descriptor a value. Answer: one `OwnDescriptorWritten`."""

    service: str
    characteristic: str
    descriptor: str
    octets: bytes


class CentralLinkChanged(Happening, frozen=True):
    """A central is connected to the board now, or is no more."""

    address: str
    is_connected: bool


class OwnCharacteristicRead(Happening, frozen=True):
    """The answer to `ReadOwnCharacteristic`."""

    service: str
    characteristic: str
    is_success: bool
    octets: bytes = b""


class OwnCharacteristicWritten(Happening, frozen=True):
    """The answer to `WriteOwnCharacteristic`."""

    service: str
    characteristic: str
    is_success: bool


class OwnDescriptorRead(Happening, frozen=True):
    """The answer to `ReadOwnDescriptor`."""

    service: str
    characteristic: str
    descriptor: str
    is_success: bool
    octets: bytes = b""


class OwnDescriptorWritten(Happening, frozen=True):
    """The answer to `WriteOwnDescriptor`."""

    service: str
    characteristic: str
    descriptor: str
    is_success: bool


class CharacteristicReadByCentral(Happening, frozen=True):
    """A central has read an own characteristic."""

    address: str
    service: str
    characteristic: str


class CharacteristicWrittenByCentral(Happening, frozen=True):
    """A central has written an own characteristic."""

    address: str
    service: str
    characteristic: str
    octets: bytes


class DescriptorReadByCentral(Happening, frozen=True):
    """A central has read an own descriptor."""

    address: str
    service: str
    characteristic: str
    descriptor: str


class DescriptorWrittenByCentral(Happening, frozen=True):
    """A central has written an own descriptor."""

    address: str
    service: str
    characteristic: str
    descriptor: str
    octets: bytes
