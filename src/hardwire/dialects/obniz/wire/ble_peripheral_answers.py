"""What a board tells as a Bluetooth peripheral, within the `ble` family (obniz reference, sections 3.22 and 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.ble_central_answers import TextReader, link, read_link, reader, written
from hardwire.dialects.obniz.wire.ble_hci import MODULE
from hardwire.dialects.obniz.wire.ble_place import (
    CHARACTERISTIC,
    DESCRIPTOR,
    DEVICE,
    OWN_CHARACTERISTIC,
    OWN_DESCRIPTOR,
    cut_whole_place,
    framed_place,
)
from hardwire.dialects.obniz.wire.ble_rows import NOTHING, RESULT, SURE_VALUE, VALUE, Row
from hardwire.dialects.obniz.wire.family import FrameReader
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit
from hardwire.model.board.ble_peripheral import (
    CentralLinkChanged,
    CharacteristicReadByCentral,
    CharacteristicWrittenByCentral,
    DescriptorReadByCentral,
    DescriptorWrittenByCentral,
    OwnCharacteristicRead,
    OwnCharacteristicWritten,
    OwnDescriptorRead,
    OwnDescriptorWritten,
)
from hardwire.model.fact import Happening

_KEY = "peripheral"

_ROWS = (
    Row("write_characteristic_result", 25, OwnCharacteristicWritten, OWN_CHARACTERISTIC, RESULT),
    Row("read_characteristic_result", 26, OwnCharacteristicRead, OWN_CHARACTERISTIC, SURE_VALUE),
    Row("notify_write_characteristic", 27, CharacteristicWrittenByCentral, CHARACTERISTIC, VALUE),
    Row("notify_read_characteristic", 28, CharacteristicReadByCentral, CHARACTERISTIC, NOTHING),
    Row("write_descriptor_result", 29, OwnDescriptorWritten, OWN_DESCRIPTOR, RESULT),
    Row("read_descriptor_result", 30, OwnDescriptorRead, OWN_DESCRIPTOR, SURE_VALUE),
    Row("notify_write_descriptor", 31, DescriptorWrittenByCentral, DESCRIPTOR, VALUE),
    Row("notify_read_descriptor", 32, DescriptorReadByCentral, DESCRIPTOR, NOTHING),
)


def _answer(row: Row) -> Callable[[Any], str]:  # Any: the happening of the row
    return lambda happening: written({_KEY: row.written(happening)})


ANSWERS: Mapping[Any, Callable[[Any], str]] = {  # Any: a type of happening, and the happening of that type
    CentralLinkChanged: lambda happening: written({_KEY: {"connection_status": link(happening)}}),
    **{row.kind: _answer(row) for row in _ROWS},
}

REPORTS: Mapping[str, TextReader] = {
    "connection_status": lambda value, within: CentralLinkChanged(*read_link(value, within)),
    **{row.key: row.read for row in _ROWS},
}
"""What reads the value under a key of `peripheral`."""

FRAMED_ANSWERS: Mapping[Any, Callable[[Any], bytes | None]] = {  # Any: as above
    CentralLinkChanged: lambda happening: frame(
        MODULE, 21, framed_place(happening, DEVICE) + bytes((happening.is_connected,))
    ),
    **{row.kind: row.framed for row in _ROWS},
}


def _read_link_frame(payload: bytes) -> Sequence[Happening]:
    (address,), rest = cut_whole_place(payload, DEVICE)
    # The other way round than for the links of a central.
    if rest not in (b"\0", b"\1"):
        raise Misfit("1 for connected or 0 for disconnected is needed behind the address")
    return (CentralLinkChanged(address, rest == b"\1"),)


FRAMED_REPORTS: Mapping[int, FrameReader] = {21: _read_link_frame, **{row.function: reader(row) for row in _ROWS}}
