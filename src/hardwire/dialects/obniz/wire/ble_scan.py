"""What a scan for Bluetooth devices finds, within the `ble` family (obniz reference, sections 3.22 and 6.3)."""

from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import json

from hardwire.dialects.obniz.wire.ble_hci import MODULE
from hardwire.dialects.obniz.wire.ble_place import DEVICE, address, cut_place, framed_place
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, choice, fields_of, needed, octets, whole
from hardwire.model.board.ble_scan import AddressType, AdvertisementKind, BleScanEnded, BleScanned, DeviceType
from hardwire.model.fact import Happening

T = TypeVar("T")
FUNCTION = 6
MOST_DATA = 31

_DEVICE_TYPES = {one.value: one for one in DeviceType}
_ADDRESS_TYPES = {one.value: one for one in AddressType}
_KINDS = {one.value: one for one in AdvertisementKind}
# Numbered by their place here; device types have no 0.
_FRAMED_DEVICE_TYPES = (None, DeviceType.CLASSIC, DeviceType.LOW_ENERGY, DeviceType.DUAL)
_FRAMED_ADDRESS_TYPES = tuple(AddressType)
_FRAMED_KINDS = tuple(AdvertisementKind)
_FOUND, _COMPLETE = 0, 1
# Without the number that says which of the two it is.
_RESULT_BYTES = 85
# How often a device was heard; JSON has no word for it.
_COUNT = 1


def scanned(happening: BleScanned) -> str:
    """Return one packet of a scan as JSON."""
    found = {
        "address": happening.address,
        "device_type": happening.device_type.value,
        "address_type": happening.address_type.value,
        "ble_event_type": happening.kind.value,
        # The schema has no number above 0, and obniz.js drops what does not fit it (section 1.8).
        "rssi": min(0, happening.rssi_dbm),
        "adv_data": [*happening.advertisement],
        "flag": happening.flags,
        "scan_resp": [*happening.scan_response],
    }
    return json.encode({"ble": {"scan_result": found}}).decode()


def ended(happening: BleScanEnded) -> str:
    """Return the end of a scan as JSON."""
    return '{"ble":{"scan_result_finish":true}}'


def read_scanned(value: Any, within: str) -> Happening:  # Any: JSON
    """Read one packet of a scan.

    Raises:
        Misfit: something of it is missing or wrong.
    """
    fields = fields_of(value, within)
    return BleScanned(
        address=address(needed(fields, "address", within), f"{within}.address"),
        device_type=choice(needed(fields, "device_type", within), _DEVICE_TYPES, f"{within}.device_type"),
        address_type=choice(needed(fields, "address_type", within), _ADDRESS_TYPES, f"{within}.address_type"),
        kind=choice(needed(fields, "ble_event_type", within), _KINDS, f"{within}.ble_event_type"),
        flags=whole(fields.get("flag", 0), 0, 0xFFFF_FFFF, f"{within}.flag"),
        rssi_dbm=whole(needed(fields, "rssi", within), -128, 127, f"{within}.rssi"),
        advertisement=octets(fields.get("adv_data", []), f"{within}.adv_data", MOST_DATA),
        scan_response=octets(fields.get("scan_resp", []), f"{within}.scan_resp", MOST_DATA),
    )


def read_ended(value: Any, within: str) -> Happening:  # Any: JSON
    """Read the end of a scan, whatever it is given."""
    return BleScanEnded()


def scanned_frame(happening: BleScanned) -> bytes:
    """Return one packet of a scan as a frame."""
    advertisement, response = happening.advertisement, happening.scan_response
    return frame(
        MODULE,
        FUNCTION,
        bytes((_FOUND,))
        + framed_place(happening, DEVICE)
        + bytes(
            (
                _FRAMED_DEVICE_TYPES.index(happening.device_type),
                _FRAMED_ADDRESS_TYPES.index(happening.address_type),
                _FRAMED_KINDS.index(happening.kind),
            )
        )
        + happening.rssi_dbm.to_bytes(4, signed=True)
        + (advertisement + response).ljust(2 * MOST_DATA, b"\0")
        + happening.flags.to_bytes(4)
        + _COUNT.to_bytes(4)
        + bytes((len(advertisement), len(response))),
    )


def ended_frame(happening: BleScanEnded) -> bytes:
    """Return the end of a scan as a frame, which is as long as a result: the vendor's decoder skips a shorter one."""
    return frame(MODULE, FUNCTION, bytes((_COMPLETE,)) + bytes(_RESULT_BYTES))


def read_frame(payload: bytes) -> Sequence[Happening]:
    """Read what a scan tells in a frame.

    Raises:
        Misfit: it is none of the two.
    """
    if payload[:1] == bytes((_COMPLETE,)):
        return (BleScanEnded(),)
    if len(payload) != 1 + _RESULT_BYTES or payload[0] != _FOUND:
        raise Misfit("this is no result of a scan")
    (found,), rest = cut_place(payload[1:], DEVICE)
    sizes = rest[-2:]
    if max(sizes) > MOST_DATA:
        raise Misfit(f"at most {MOST_DATA} bytes are advertised, not {max(sizes)}")
    return (
        BleScanned(
            address=found,
            device_type=_numbered(rest[0], _FRAMED_DEVICE_TYPES),
            address_type=_numbered(rest[1], _FRAMED_ADDRESS_TYPES),
            kind=_numbered(rest[2], _FRAMED_KINDS),
            flags=int.from_bytes(rest[69:73]),
            rssi_dbm=int.from_bytes(rest[3:7], signed=True),
            advertisement=rest[7 : 7 + sizes[0]],
            scan_response=rest[7 + sizes[0] : 7 + sizes[0] + sizes[1]],
        ),
    )


def _numbered(number: int, choices: Sequence[T | None]) -> T:
    found = choices[number] if number < len(choices) else None
    if found is None:
        raise Misfit(f"{number} stands for nothing here")
    return found
