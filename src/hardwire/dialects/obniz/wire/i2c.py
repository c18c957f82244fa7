"""The `i2c` family: requests of both encodings (obniz reference, sections 3.9 and 6.3)."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import i2c_told
from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.i2c_address import HIGHEST_ADDRESS, TEN_BIT, bits_of, plain
from hardwire.dialects.obniz.wire.payload import at_least, at_most
from hardwire.dialects.obniz.wire.shape import Misfit, choice, distinct, needed, octets, pin, whole
from hardwire.model.board.i2c import ReadI2c, StartI2cMaster, StartI2cSlave, StopI2c, WriteI2c
from hardwire.model.command import Command

BUSES = 2
FASTEST_CLOCK_HZ = 1_000_000
LONGEST_TRANSFER = 1024

# The schema knows no other length to say, but an address above 127 means 10 bits all the same (section 3.9).
_SAYABLE_BITS = {7: 7}


def _sayable(fields: Mapping[str, Any], name: str) -> None:  # Any: JSON
    bits = fields.get(name, 7)
    if type(bits) not in (int, float) or bits not in _SAYABLE_BITS:
        raise Misfit("only 7 means something here: an address above 127 has 10 bits anyway", f".{name}")


def _start(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    is_master = choice(fields["mode"], {"master": True, "slave": False}, ".mode")
    sda, scl = (pin(needed(fields, name), f".{name}") for name in ("sda", "scl"))
    distinct({"sda": sda, "scl": scl})
    if is_master:
        clock_hz = whole(needed(fields, "clock"), 1, FASTEST_CLOCK_HZ, ".clock")
        return (StartI2cMaster(channel, sda, scl, clock_hz),)
    address = whole(needed(fields, "slave_address"), 0, HIGHEST_ADDRESS, ".slave_address")
    _sayable(fields, "slave_address_length")
    return (StartI2cSlave(channel, sda, scl, address, bits_of(address)),)


def _address(fields: Mapping[str, Any]) -> int:
    address = whole(needed(fields, "address"), 0, HIGHEST_ADDRESS, ".address")
    _sayable(fields, "address_bits")
    return address


def _write(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    address = _address(fields)
    return (WriteI2c(channel, address, octets(fields["data"], ".data", LONGEST_TRANSFER), bits_of(address)),)


def _read(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    address = _address(fields)
    return (ReadI2c(channel, address, whole(fields["read"], 0, LONGEST_TRANSFER, ".read"), bits_of(address)),)


_FORMS: Sequence[Form] = (("mode", _start), ("data", _write), ("read", _read))


def _decode(channel: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopI2c(channel),)
    return by_forms(channel, value, _FORMS)


def _master_started(start: StartI2cMaster) -> Written:
    return {f"i2c{start.channel}": {"mode": "master", "sda": start.sda, "scl": start.scl, "clock": start.clock_hz}}


def _slave_started(start: StartI2cSlave) -> Written:
    fields = {"mode": "slave", "sda": start.sda, "scl": start.scl, "slave_address": start.address}
    return {f"i2c{start.channel}": fields}


# Channel, mode, sda, scl, clock; for a slave the length of its address and the address behind that.
_START = struct.Struct(">BBBBI")
_SLAVE = struct.Struct(">BBBBIBH")
_TARGET = struct.Struct(">BH")
_READ = struct.Struct(">BHI")


def _framed_start(payload: bytes) -> Sequence[Command]:
    channel, mode, sda, scl, clock_hz = _START.unpack(at_least(payload, _START.size)[: _START.size])
    if mode == 0:
        sized(payload, _START.size)
        return _start(channel, {"mode": "master", "sda": sda, "scl": scl, "clock": clock_hz})
    if mode != 1:
        raise Misfit(f"{mode} is no mode")
    *_, bits, address = _SLAVE.unpack(sized(payload, _SLAVE.size))
    if bits not in (7, 10):
        raise Misfit(f"{bits} is no length of an address")
    (slave,) = _start(channel, {"mode": "slave", "sda": sda, "scl": scl, "slave_address": address})
    assert isinstance(slave, StartI2cSlave), "it was asked for"
    return (StartI2cSlave(channel, sda, scl, address, max(bits, slave.address_bits)),)


def _framed_target(channel: int, target: int) -> tuple[int, int, int]:
    """Return channel, address and length of the address."""
    address = plain(target)
    return channel, address, 10 if target & TEN_BIT else bits_of(address)


def _framed_write(payload: bytes) -> Sequence[Command]:
    channel, address, bits = _framed_target(*_TARGET.unpack(at_least(payload, _TARGET.size)[: _TARGET.size]))
    return (WriteI2c(channel, address, at_most(payload[_TARGET.size :], LONGEST_TRANSFER), bits),)


def _framed_read(payload: bytes) -> Sequence[Command]:
    first, target, count = _READ.unpack(sized(payload, _READ.size))
    channel, address, bits = _framed_target(first, target)
    return (ReadI2c(channel, address, whole(count, 0, LONGEST_TRANSFER, ""), bits),)


def _framed_stop(payload: bytes) -> Sequence[Command]:
    return (StopI2c(sized(payload, 1)[0]),)


def _slave_frame(start: StartI2cSlave) -> bytes:
    payload = _SLAVE.pack(start.channel, 1, start.sda, start.scl, 0, start.address_bits, start.address)
    return frame(6, 0, payload)


def _target(wish: WriteI2c | ReadI2c) -> int:
    return wish.address | (TEN_BIT if wish.address_bits == 10 else 0)


FAMILY = Family(
    name="i2c",
    keys=BUSES,
    module=6,
    decode=_decode,
    functions={0: _framed_start, 1: _framed_stop, 2: _framed_write, 3: _framed_read},
    requests={
        StartI2cMaster: _master_started,
        StartI2cSlave: _slave_started,
        StopI2c: lambda stop: {f"i2c{stop.channel}": None},
        WriteI2c: lambda write: {f"i2c{write.channel}": {"address": write.address, "data": [*write.octets]}},
        ReadI2c: lambda read: {f"i2c{read.channel}": {"address": read.address, "read": read.count}},
    },
    framed_requests={
        StartI2cMaster: lambda start: frame(6, 0, _START.pack(start.channel, 0, start.sda, start.scl, start.clock_hz)),
        StartI2cSlave: _slave_frame,
        StopI2c: lambda stop: frame(6, 1, bytes((stop.channel,))),
        WriteI2c: lambda write: frame(6, 2, _TARGET.pack(write.channel, _target(write)) + write.octets),
        ReadI2c: lambda read: frame(6, 3, _READ.pack(read.channel, _target(read), read.count)),
    },
    answers=i2c_told.ANSWERS,
    framed_answers=i2c_told.FRAMED_ANSWERS,
    reports=i2c_told.told,
    framed_reports=i2c_told.FRAMED_REPORTS,
)
