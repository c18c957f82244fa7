"""The `i2c` family: what buses answer and tell, in both encodings (obniz reference, sections 3.9 and 6.3)."""

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import debug
from hardwire.dialects.obniz.wire.family import listed, quoted
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.i2c_address import HIGHEST_ADDRESS, bits_of, plain
from hardwire.dialects.obniz.wire.payload import at_least
from hardwire.dialects.obniz.wire.shape import Misfit, choice, fields_of, flag, needed, octets, whole
from hardwire.model.board.i2c import I2cFailed, I2cFault, I2cRead, I2cWarned, I2cWritten
from hardwire.model.fact import Happening


def _read(read: I2cRead) -> str:
    return f'{{"i2c{read.channel}":{{"mode":"master","address":{read.address},"data":{listed(read.octets)}}}}}'


def _written(written: I2cWritten) -> str:
    is_fragmented = "true" if written.is_fragmented else "false"
    return (
        f'{{"i2c{written.channel}":{{"mode":"slave","address":{written.address},'
        f'"is_fragmented":{is_fragmented},"data":{listed(written.octets)}}}}}'
    )


ANSWERS: Mapping[type[Happening], Callable[[Any], str]] = {  # Any: the happening of that type
    I2cRead: _read,
    I2cWritten: _written,
    I2cFailed: lambda failed: f'{{"i2c{failed.channel}":{{"error":{{"message":{quoted(failed.message)}}}}}}}',
    I2cWarned: lambda warned: f'{{"i2c{warned.channel}":{{"warning":{{"message":{quoted(warned.message)}}}}}}}',
}


def told(channel: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    """Read what a bus answers, or what went wrong on it.

    Raises:
        Misfit: it is nothing of that.
    """
    fields = fields_of(value, "")
    if "error" in fields:
        return (_failed(channel, debug.message_of(fields["error"], ".error")),)
    if "warning" in fields:
        return (I2cWarned(channel, debug.message_of(fields["warning"], ".warning")),)
    is_master = choice(needed(fields, "mode"), {"master": True, "slave": False}, ".mode")
    address = whole(needed(fields, "address"), 0, HIGHEST_ADDRESS, ".address")
    found = octets(needed(fields, "data"), ".data")
    if is_master:
        return (I2cRead(channel, address, found),)
    is_fragmented = flag(needed(fields, "is_fragmented"), ".is_fragmented")
    return (I2cWritten(channel, address, found, is_fragmented, bits_of(address)),)


def _failed(channel: int, message: str) -> I2cFailed:
    # JSON has the sentence only. The vendor's own ("writing error. Communication Timeout. ...") say by their words
    # what the frames say by numbers; any other is taken for a failed reading, since that is what somebody waits for.
    fault = I2cFault.TIMEOUT if "timeout" in message.lower() else I2cFault.FAILED
    return I2cFailed(channel, fault, not message.lower().startswith("writing"), message)


_TOLD = struct.Struct(">BH")
_SLAVE_TOLD = struct.Struct(">BBH")
_WRITING = 2
_READING = 3


def _read_frame(read: I2cRead) -> bytes | None:
    # The vendor's decoder makes nothing of a frame without bytes, and takes bit 15 for a part of the address.
    return frame(6, 3, _TOLD.pack(read.channel, read.address) + read.octets) if read.octets else None


def _written_frame(written: I2cWritten) -> bytes | None:
    head = _SLAVE_TOLD.pack(written.channel, written.address_bits, written.address)
    return frame(6, 4, head + written.octets) if written.octets else None


def _failed_frame(failed: I2cFailed) -> bytes | None:
    # The frame has no channel, and the vendor's decoder takes it for one of i2c0: a failure of i2c1 goes as text.
    if failed.channel != 0:
        return None
    return frame(6, debug.NOTICE, bytes((0, failed.fault.value, _READING if failed.is_read else _WRITING)))


FRAMED_ANSWERS: Mapping[type[Happening], Callable[[Any], bytes | None]] = {  # Any: the happening of that type
    I2cRead: _read_frame,
    I2cWritten: _written_frame,
    I2cFailed: _failed_frame,
}


def _framed_read(payload: bytes) -> Sequence[Happening]:
    channel, address = _TOLD.unpack(at_least(payload, _TOLD.size + 1)[: _TOLD.size])
    return (I2cRead(channel, plain(address), payload[_TOLD.size :]),)


def _framed_written(payload: bytes) -> Sequence[Happening]:
    channel, bits, target = _SLAVE_TOLD.unpack(at_least(payload, _SLAVE_TOLD.size + 1)[: _SLAVE_TOLD.size])
    if bits not in (7, 10):
        raise Misfit(f"{bits} is no length of an address")
    address = plain(target)
    # Frames do not say whether more follows; the vendor's decoder always says so.
    return (I2cWritten(channel, address, payload[_SLAVE_TOLD.size :], True, max(bits, bits_of(address))),)


def _framed_notice(payload: bytes) -> Sequence[Happening]:
    # The vendor's decoder looks at the first three bytes, and takes other functions for no failure of a transfer.
    if len(payload) < debug.NOTICE_SIZE or payload[2] not in (_WRITING, _READING):
        return (debug.noticed("i2c", payload),)
    _, number, function = payload[: debug.NOTICE_SIZE]
    is_read = function == _READING
    fault = I2cFault.TIMEOUT if number == I2cFault.TIMEOUT.value else I2cFault.FAILED
    verb = "reading" if is_read else "writing"
    outcome = "timeout, perhaps nothing is connected" if fault is I2cFault.TIMEOUT else "failed"
    return (I2cFailed(0, fault, is_read, f"{verb} error: {outcome}"),)


FRAMED_REPORTS: Mapping[int, Callable[[bytes], Sequence[Happening]]] = {
    3: _framed_read,
    4: _framed_written,
    debug.NOTICE: _framed_notice,
}
