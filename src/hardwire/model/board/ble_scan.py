"""Looking for Bluetooth devices: what they advertise, for a while."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class DeviceType(Enum):
    """Which Bluetooth a peripheral speaks (obniz reference, section 3.22, with its spelling)."""

    CLASSIC = "breder"
    LOW_ENERGY = "ble"
    DUAL = "dumo"


class AddressType(Enum):
    """What kind of address a peripheral goes by (obniz reference, section 3.22)."""

    PUBLIC = "public"
    RANDOM = "random"
    RPA_PUBLIC = "rpa_public"
    RPA_RANDOM = "rpa_random"


class AdvertisementKind(Enum):
    """What a packet of a scan was (obniz reference, section 3.22, with its spellings)."""

    CONNECTABLE = "connectable_advertisemnt"
    DIRECTED = "connectable_directed_advertisemnt"
    SCANNABLE = "scannable_advertising"
    NON_CONNECTABLE = "non_connectable_advertising"
    SCAN_RESPONSE = "scan_response"


class ScanBle(Command, frozen=True):
    """Publish a `BleScanned` for each packet of a peripheral, for that long, then `BleScanEnded`. No answer."""

    duration_s: int = 30


class StopBleScan(Command, frozen=True):
    """End a scan now. No answer."""


class BleScanned(Happening, frozen=True, kw_only=True):
    """A packet of a scan. At most 31 bytes of advertising data and of scan response each.

    Unit: dBm, -128 to 0. `flags` are those of the advertising data.
    """

    address: str
    device_type: DeviceType = DeviceType.LOW_ENERGY
    address_type: AddressType = AddressType.PUBLIC
    kind: AdvertisementKind = AdvertisementKind.CONNECTABLE
    flags: int = 0
    rssi_dbm: int
    advertisement: bytes = b""
    scan_response: bytes = b""


class BleScanEnded(Happening, frozen=True):
    """A scan is over: its time has passed, or it was stopped."""
