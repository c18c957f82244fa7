"""What programs ask of a board as a Bluetooth central, within the `ble` family (obniz reference, 3.22 and 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.ble_hci import MODULE
from hardwire.dialects.obniz.wire.ble_place import (
    CHARACTERISTIC,
    DESCRIPTOR,
    DEVICE,
    SERVICE,
    cut_whole_place,
    framed_place,
)
from hardwire.dialects.obniz.wire.ble_rows import CONFIRMED_VALUE, NOTHING, Row
from hardwire.dialects.obniz.wire.family import Form, FrameDecoder, Written, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, only, whole
from hardwire.model.board.ble_central import (
    ConnectBle,
    DisconnectBle,
    ListCharacteristics,
    ListDescriptors,
    ListServices,
    ReadCharacteristic,
    ReadDescriptor,
    RegisterNotify,
    UnregisterNotify,
    WriteCharacteristic,
    WriteDescriptor,
)
from hardwire.model.board.ble_scan import ScanBle, StopBleScan
from hardwire.model.command import Command

_DEFAULT_SCAN_S = 30
# The binary wire has 32 bits for it.
_LONGEST_SCAN_S = 0xFFFF_FFFF
_TO_CONNECT, _TO_DISCONNECT = b"\0", b"\1"

# Frames have one function for both, and a byte behind the address.
_CONNECT = Row("connect", 7, ConnectBle, DEVICE, NOTHING)
_DISCONNECT = Row("disconnect", 7, DisconnectBle, DEVICE, NOTHING)

# In the order in which the vendor's codec carries several of one object out.
_ROWS = (
    Row("get_services", 8, ListServices, DEVICE, NOTHING),
    Row("get_characteristics", 9, ListCharacteristics, SERVICE, NOTHING),
    Row("read_characteristic", 11, ReadCharacteristic, CHARACTERISTIC, NOTHING),
    Row("write_characteristic", 10, WriteCharacteristic, CHARACTERISTIC, CONFIRMED_VALUE),
    Row("register_notify_characteristic", 12, RegisterNotify, CHARACTERISTIC, NOTHING),
    Row("unregister_notify_characteristic", 13, UnregisterNotify, CHARACTERISTIC, NOTHING),
    Row("get_descriptors", 14, ListDescriptors, CHARACTERISTIC, NOTHING),
    Row("read_descriptor", 16, ReadDescriptor, DESCRIPTOR, NOTHING),
    Row("write_descriptor", 15, WriteDescriptor, DESCRIPTOR, CONFIRMED_VALUE),
)


def _scan(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    if fields["scan"] is None:
        return (StopBleScan(),)
    chosen = fields_of(fields["scan"], ".scan")
    only(chosen, ("duration",), ".scan")
    return (ScanBle(whole(chosen.get("duration", _DEFAULT_SCAN_S), 0, _LONGEST_SCAN_S, ".scan.duration")),)


def _form(row: Row) -> Form:
    return row.key, lambda number, fields: (row.asked(fields[row.key], f".{row.key}"),)


FORMS: Sequence[Form] = (
    ("scan", _scan),
    *(_form(row) for row in (_CONNECT, _DISCONNECT, *_ROWS)),
)


def _framed_link(payload: bytes) -> Sequence[Command]:
    (address,), rest = cut_whole_place(payload, DEVICE)
    if rest not in (_TO_CONNECT, _TO_DISCONNECT):
        raise Misfit("0 to connect or 1 to disconnect is needed behind the address")
    return (ConnectBle(address) if rest == _TO_CONNECT else DisconnectBle(address),)


def _function(row: Row) -> FrameDecoder:
    return lambda payload: (row.cut(payload),)


FUNCTIONS: Mapping[int, FrameDecoder] = {
    4: lambda payload: (ScanBle(int.from_bytes(sized(payload, 4))),),
    5: lambda payload: (StopBleScan(),),
    7: _framed_link,
    **{row.function: _function(row) for row in _ROWS},
}


def _written(row: Row) -> Callable[[Any], Written]:  # Any: the command of the row
    return lambda command: {"ble": row.written(command)}


REQUESTS: Mapping[Any, Callable[[Any], Written]] = {  # Any: a type of command, and the command of that type
    ScanBle: lambda command: {"ble": {"scan": {"duration": command.duration_s}}},
    StopBleScan: lambda command: {"ble": {"scan": None}},
    **{row.kind: _written(row) for row in (_CONNECT, _DISCONNECT, *_ROWS)},
}

FRAMED_REQUESTS: Mapping[Any, Callable[[Any], bytes | None]] = {  # Any: as above
    ScanBle: lambda command: frame(MODULE, 4, command.duration_s.to_bytes(4)),
    StopBleScan: lambda command: frame(MODULE, 5),
    ConnectBle: lambda command: frame(MODULE, 7, framed_place(command, DEVICE) + _TO_CONNECT),
    DisconnectBle: lambda command: frame(MODULE, 7, framed_place(command, DEVICE) + _TO_DISCONNECT),
    **{row.kind: row.framed for row in _ROWS},
}
