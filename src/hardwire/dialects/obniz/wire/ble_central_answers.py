"""What a board tells as a Bluetooth central, within the `ble` family (obniz reference, sections 3.22 and 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire import ble_error, ble_scan
from hardwire.dialects.obniz.wire.ble_hci import MODULE
from hardwire.dialects.obniz.wire.ble_place import (
    CHARACTERISTIC,
    DESCRIPTOR,
    DEVICE,
    SERVICE,
    cut_place,
    cut_whole_place,
    framed_place,
    framed_uuid,
    place,
    written_place,
)
from hardwire.dialects.obniz.wire.ble_rows import NOTHING, PROPERTIES, RESULT, RESULT_VALUE, TOLD_VALUE, Row
from hardwire.dialects.obniz.wire.family import FrameReader
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, choice, needed
from hardwire.model.board.ble_central import (
    BleFailed,
    BleLinkChanged,
    CharacteristicFound,
    CharacteristicNotified,
    CharacteristicRead,
    CharacteristicsEnded,
    CharacteristicWritten,
    DescriptorFound,
    DescriptorRead,
    DescriptorsEnded,
    DescriptorWritten,
    NotifyRegistered,
    NotifyUnregistered,
    ServiceFound,
    ServicesEnded,
)
from hardwire.model.board.ble_scan import BleScanEnded, BleScanned
from hardwire.model.fact import Happening

TextReader = Callable[[Any, str], Happening]  # Any: JSON
"""Make a happening of the value under a key and that key's path; may raise Misfit."""

_NOTIFIED = Row("notify_characteristic", 17, CharacteristicNotified, CHARACTERISTIC, TOLD_VALUE)
# What obniz.py 0.7.0 listens for instead. Both are sent, since programs by the vendor's schema know only the right one.
_MISSPELT = "nofity_characteristic"

_REGISTERED = Row("register_notify_characteristic_result", 12, NotifyRegistered, CHARACTERISTIC, RESULT)
# What the vendor's schema has instead, with a boolean as the result. obniz.py 0.7.0 listens for the other one, which
# the vendor's codec makes of a board's frame too. Both are sent.
_BY_SCHEMA = "characteristic_register_notify_result"

_ROWS = (
    Row("write_characteristic_result", 10, CharacteristicWritten, CHARACTERISTIC, RESULT),
    Row("read_characteristic_result", 11, CharacteristicRead, CHARACTERISTIC, RESULT_VALUE),
    Row("unregister_notify_characteristic_result", 13, NotifyUnregistered, CHARACTERISTIC, RESULT),
    Row("write_descriptor_result", 15, DescriptorWritten, DESCRIPTOR, RESULT),
    Row("read_descriptor_result", 16, DescriptorRead, DESCRIPTOR, RESULT_VALUE),
)
# Each with what ends a list of them.
_LISTS = (
    (
        Row("get_service_result", 8, ServiceFound, SERVICE, NOTHING),
        Row("get_service_result_finish", 8, ServicesEnded, DEVICE, NOTHING),
    ),
    (
        Row("get_characteristic_result", 9, CharacteristicFound, CHARACTERISTIC, PROPERTIES),
        Row("get_characteristic_result_finish", 9, CharacteristicsEnded, SERVICE, NOTHING),
    ),
    (
        Row("get_descriptor_result", 14, DescriptorFound, DESCRIPTOR, NOTHING),
        Row("get_descriptor_result_finish", 14, DescriptorsEnded, CHARACTERISTIC, NOTHING),
    ),
)
_LISTED = tuple(row for both in _LISTS for row in both)
_STATUSES = {"connected": True, "disconnected": False}


def written(fields: Mapping[str, Any]) -> str:  # Any: JSON
    """Return what the family's key holds as one JSON object."""
    return json.encode({"ble": fields}).decode()


def link(happening: Any) -> Mapping[str, Any]:  # Any: a link of either role; JSON
    """Return the fields of a link's state in JSON."""
    return {**written_place(happening, DEVICE), "status": "connected" if happening.is_connected else "disconnected"}


def read_link(value: Any, within: str) -> tuple[str, bool]:  # Any: JSON
    """Return the address of a link and whether it stands.

    Raises:
        Misfit: something is missing or wrong.
    """
    (address,) = place(value, DEVICE, within)
    return address, choice(needed(value, "status", within), _STATUSES, f"{within}.status")


def _notified(happening: CharacteristicNotified) -> str:
    told = _NOTIFIED.written(happening)
    return written(told | {_MISSPELT: told[_NOTIFIED.key]})


def _registered(happening: NotifyRegistered) -> str:
    by_schema = {**written_place(happening, CHARACTERISTIC), "result": happening.is_success}
    return written(_REGISTERED.written(happening) | {_BY_SCHEMA: by_schema})


def _answer(row: Row) -> Callable[[Any], str]:  # Any: the happening of the row
    return lambda happening: written(row.written(happening))


ANSWERS: Mapping[Any, Callable[[Any], str]] = {  # Any: a type of happening, and the happening of that type
    BleScanned: ble_scan.scanned,
    BleScanEnded: ble_scan.ended,
    BleLinkChanged: lambda happening: written({"status_update": link(happening)}),
    CharacteristicNotified: _notified,
    NotifyRegistered: _registered,
    BleFailed: ble_error.failed,
    **{row.kind: _answer(row) for row in (*_ROWS, *_LISTED)},
}

REPORTS: Mapping[str, TextReader] = {
    "scan_result": ble_scan.read_scanned,
    "scan_result_finish": ble_scan.read_ended,
    "status_update": lambda value, within: BleLinkChanged(*read_link(value, within)),
    "error": ble_error.read_failed,
    **{row.key: row.read for row in (*_ROWS, *_LISTED, _NOTIFIED, _REGISTERED)},
}
"""What reads the value under a key; a board that says the other spellings of some of them too says it once."""


def _end_frame(found: Row, end: Row) -> Callable[[Any], bytes]:  # Any: the happening that ends the list
    # A UUID of no bytes ends the list; a characteristic has a byte of properties behind it even then.
    more = framed_uuid("") + (b"\0" if found.tail is PROPERTIES else b"")
    return lambda happening: frame(MODULE, end.function, framed_place(happening, end.names) + more)


FRAMED_ANSWERS: Mapping[Any, Callable[[Any], bytes | None]] = {  # Any: as above
    BleScanned: ble_scan.scanned_frame,
    BleScanEnded: ble_scan.ended_frame,
    BleLinkChanged: lambda happening: frame(
        MODULE, 7, framed_place(happening, DEVICE) + bytes((not happening.is_connected,))
    ),
    CharacteristicNotified: _NOTIFIED.framed,
    NotifyRegistered: _REGISTERED.framed,
    BleFailed: ble_error.failed_frame,
    **{row.kind: row.framed for row in _ROWS},
    **{found.kind: found.framed for found, _ in _LISTS},
    **{end.kind: _end_frame(found, end) for found, end in _LISTS},
}


def _read_link_frame(payload: bytes) -> Sequence[Happening]:
    (address,), rest = cut_whole_place(payload, DEVICE)
    if rest not in (b"\0", b"\1"):
        raise Misfit("0 for connected or 1 for disconnected is needed behind the address")
    return (BleLinkChanged(address, rest == b"\0"),)


def _list_reader(found: Row, end: Row) -> FrameReader:
    def read(payload: bytes) -> Sequence[Happening]:
        names, _ = cut_place(payload, found.names)
        return (found.cut(payload) if names[-1] else end.kind(*names[:-1]),)

    return read


def reader(row: Row) -> FrameReader:
    """Return what reads the frames of a row."""
    return lambda payload: (row.cut(payload),)


FRAMED_REPORTS: Mapping[int, FrameReader] = {
    ble_scan.FUNCTION: ble_scan.read_frame,
    7: _read_link_frame,
    **{row.function: reader(row) for row in (*_ROWS, _NOTIFIED, _REGISTERED)},
    **{found.function: _list_reader(found, end) for found, end in _LISTS},
    ble_error.FUNCTION: ble_error.read_frame,
}
