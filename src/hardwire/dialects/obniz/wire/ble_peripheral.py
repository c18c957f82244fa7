"""What programs ask of a board as a Bluetooth peripheral, within the `ble` family (obniz reference, 3.22 and 6.3).

In JSON a service is one object with all that is in it, and advertising another; in frames each piece is one. The words
are the pieces, so those have no JSON of their own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.ble_flags import flags, flags_of_bits
from hardwire.dialects.obniz.wire.ble_hci import MODULE
from hardwire.dialects.obniz.wire.ble_place import (
    OWN_CHARACTERISTIC,
    OWN_DESCRIPTOR,
    OWN_SERVICE,
    cut_whole_place,
    framed_place,
    uuid,
)
from hardwire.dialects.obniz.wire.ble_rows import NOTHING, VALUE, Row
from hardwire.dialects.obniz.wire.family import Form, FrameDecoder, Written
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, octets, only
from hardwire.model.board.ble_central import Property
from hardwire.model.board.ble_peripheral import (
    AddCharacteristic,
    AddDescriptor,
    AddService,
    NotifyOwnCharacteristic,
    Permission,
    ReadOwnCharacteristic,
    ReadOwnDescriptor,
    SetAdvertisement,
    SetScanResponse,
    StartAdvertising,
    StartService,
    StopAdvertising,
    StopService,
    StopServices,
    WriteOwnCharacteristic,
    WriteOwnDescriptor,
)
from hardwire.model.command import Command

_MOST_DATA = 31
_READ_WRITE = ["read", "write"]
_DESCRIPTOR_KEYS = ("uuid", "data", "permissions")
_CHARACTERISTIC_KEYS = (*_DESCRIPTOR_KEYS, "properties", "descriptors")
# What the vendor's codec makes of a value that is not given.
_NO_VALUE = [0]
_START, _STOP = b"\0", b"\1"

# Frames have one function for both, and a byte behind the service.
_STOPPING = Row("stop_service", 34, StopService, OWN_SERVICE, NOTHING)

# In the order in which the vendor's codec carries several of one object out.
_ROWS = (
    Row("read_characteristic", 26, ReadOwnCharacteristic, OWN_CHARACTERISTIC, NOTHING),
    Row("write_characteristic", 25, WriteOwnCharacteristic, OWN_CHARACTERISTIC, VALUE),
    Row("notify_characteristic", 33, NotifyOwnCharacteristic, OWN_CHARACTERISTIC, NOTHING),
    Row("read_descriptor", 30, ReadOwnDescriptor, OWN_DESCRIPTOR, NOTHING),
    Row("write_descriptor", 29, WriteOwnDescriptor, OWN_DESCRIPTOR, VALUE),
)


def _advertisement(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    within = ".advertisement"
    if fields["advertisement"] is None:
        return (StopAdvertising(),)
    chosen = fields_of(fields["advertisement"], within)
    only(chosen, ("adv_data", "scan_resp"), within)
    commands: list[Command] = [
        SetAdvertisement(octets(needed(chosen, "adv_data", within), f"{within}.adv_data", _MOST_DATA))
    ]
    if "scan_resp" in chosen:
        commands.append(SetScanResponse(octets(chosen["scan_resp"], f"{within}.scan_resp", _MOST_DATA)))
    return (*commands, StartAdvertising())


ADVERTISING_FORMS: Sequence[Form] = (("advertisement", _advertisement),)


def _services(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    pieces: list[Command] = []
    starts: list[Command] = []
    for value, within in _objects(fields, "services", "", ("uuid", "characteristics")):
        service = uuid(needed(value, "uuid", within), f"{within}.uuid")
        pieces.append(AddService(service))
        pieces += _characteristics(service, value, within)
        starts.append(StartService(service))
    if not starts:
        raise Misfit("at least one service is needed", ".services")
    return (*pieces, *starts)


def _characteristics(service: str, fields: Mapping[str, Any], within: str) -> Iterator[Command]:  # Any: JSON
    for value, here in _objects(fields, "characteristics", within, _CHARACTERISTIC_KEYS):
        characteristic = uuid(needed(value, "uuid", here), f"{here}.uuid")
        yield AddCharacteristic(
            service=service,
            characteristic=characteristic,
            permissions=flags(value.get("permissions", _READ_WRITE), Permission, f"{here}.permissions"),
            properties=flags(value.get("properties", _READ_WRITE), Property, f"{here}.properties"),
            octets=octets(value.get("data", _NO_VALUE), f"{here}.data"),
        )
        for descriptor, there in _objects(value, "descriptors", here, _DESCRIPTOR_KEYS):
            yield AddDescriptor(
                service=service,
                characteristic=characteristic,
                descriptor=uuid(needed(descriptor, "uuid", there), f"{there}.uuid"),
                permissions=flags(descriptor.get("permissions", _READ_WRITE), Permission, f"{there}.permissions"),
                octets=octets(descriptor.get("data", _NO_VALUE), f"{there}.data"),
            )


def _objects(
    fields: Mapping[str, Any], key: str, within: str, names: Sequence[str]
) -> Iterator[tuple[dict[str, Any], str]]:  # Any: JSON
    """Yield each object of an array with its path; an array that is not there has none. They hold `names` alone."""
    values = fields.get(key, [])
    array = f"{within}.{key}"
    if type(values) is not list:
        raise Misfit("an array of objects is needed", array)
    for n, value in enumerate(values):
        here = f"{array}.{n}"
        only(fields_of(value, here), names, here)
        yield value, here


def _form(row: Row) -> Form:
    return row.key, lambda number, fields: (row.asked(fields[row.key], f".{row.key}"),)


FORMS: Sequence[Form] = (("services", _services), *(_form(row) for row in (_STOPPING, *_ROWS)))
"""What `peripheral` may hold; null stops every service."""


def _framed_service(payload: bytes) -> Sequence[Command]:
    (service,), rest = cut_whole_place(payload, OWN_SERVICE)
    if rest:
        raise Misfit(f"there are {len(rest)} bytes too many")
    return (AddService(service),)


def _framed_characteristic(payload: bytes) -> Sequence[Command]:
    (service, characteristic), rest = cut_whole_place(payload, OWN_CHARACTERISTIC)
    if len(rest) < 3:
        raise Misfit("permissions and properties are missing")
    return (
        AddCharacteristic(
            service=service,
            characteristic=characteristic,
            permissions=flags_of_bits(int.from_bytes(rest[:2]), Permission),
            properties=flags_of_bits(rest[2], Property),
            octets=rest[3:],
        ),
    )


def _framed_descriptor(payload: bytes) -> Sequence[Command]:
    (service, characteristic, descriptor), rest = cut_whole_place(payload, OWN_DESCRIPTOR)
    if len(rest) < 2:
        raise Misfit("permissions are missing")
    return (
        AddDescriptor(
            service=service,
            characteristic=characteristic,
            descriptor=descriptor,
            permissions=flags_of_bits(int.from_bytes(rest[:2]), Permission),
            octets=rest[2:],
        ),
    )


def _framed_switch(payload: bytes) -> Sequence[Command]:
    (service,), rest = cut_whole_place(payload, OWN_SERVICE)
    if rest not in (_START, _STOP):
        raise Misfit("0 to start or 1 to stop is needed behind the service")
    return (StartService(service) if rest == _START else StopService(service),)


def _framed_stop(payload: bytes) -> Sequence[Command]:
    if payload != _STOP:
        raise Misfit("only 1 means something here")
    return (StopServices(),)


def _function(row: Row) -> FrameDecoder:
    return lambda payload: (row.cut(payload),)


FUNCTIONS: Mapping[int, FrameDecoder] = {
    0: lambda payload: (SetAdvertisement(_short(payload)),),
    1: lambda payload: (SetScanResponse(_short(payload)),),
    2: lambda payload: (StartAdvertising(),),
    3: lambda payload: (StopAdvertising(),),
    20: _framed_stop,
    22: _framed_service,
    23: _framed_characteristic,
    24: _framed_descriptor,
    34: _framed_switch,
    **{row.function: _function(row) for row in _ROWS},
}


def _short(payload: bytes) -> bytes:
    if len(payload) > _MOST_DATA:
        raise Misfit(f"at most {_MOST_DATA} bytes are advertised, not {len(payload)}")
    return payload


def _written(row: Row) -> Callable[[Any], Written]:  # Any: the command of the row
    return lambda command: {"ble": {"peripheral": row.written(command)}}


REQUESTS: Mapping[Any, Callable[[Any], Written]] = {  # Any: a type of command, and the command of that type
    StopAdvertising: lambda command: {"ble": {"advertisement": None}},
    StopServices: lambda command: {"ble": {"peripheral": None}},
    **{row.kind: _written(row) for row in (_STOPPING, *_ROWS)},
}


def _characteristic_frame(command: AddCharacteristic) -> bytes:
    head = framed_place(command, OWN_CHARACTERISTIC) + command.permissions.value.to_bytes(2)
    return frame(MODULE, 23, head + bytes((command.properties.value,)) + command.octets)


def _descriptor_frame(command: AddDescriptor) -> bytes:
    head = framed_place(command, OWN_DESCRIPTOR) + command.permissions.value.to_bytes(2)
    return frame(MODULE, 24, head + command.octets)


FRAMED_REQUESTS: Mapping[Any, Callable[[Any], bytes | None]] = {  # Any: as above
    SetAdvertisement: lambda command: frame(MODULE, 0, command.octets),
    SetScanResponse: lambda command: frame(MODULE, 1, command.octets),
    StartAdvertising: lambda command: frame(MODULE, 2),
    StopAdvertising: lambda command: frame(MODULE, 3),
    AddService: lambda command: frame(MODULE, 22, framed_place(command, OWN_SERVICE)),
    AddCharacteristic: _characteristic_frame,
    AddDescriptor: _descriptor_frame,
    StartService: lambda command: frame(MODULE, 34, framed_place(command, OWN_SERVICE) + _START),
    StopService: lambda command: frame(MODULE, 34, framed_place(command, OWN_SERVICE) + _STOP),
    StopServices: lambda command: frame(MODULE, 20, _STOP),
    **{row.kind: row.framed for row in _ROWS},
}
