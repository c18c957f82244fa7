"""The `spi` family: the board as master of a bus (obniz reference, sections 3.8 and 6.3)."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, listed, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.payload import at_least, at_most
from hardwire.dialects.obniz.wire.shape import (
    Misfit,
    choice,
    distinct,
    fields_of,
    flag,
    needed,
    octets,
    pin_or_none,
    whole,
)
from hardwire.model.board.spi import SpiRead, StartSpi, StopSpi, TransferSpi
from hardwire.model.command import Command
from hardwire.model.fact import Happening

BUSES = 2
FASTEST_CLOCK_HZ = 26_000_000
LONGEST_TRANSFER = 1024


def _start(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    choice(fields["mode"], {"master": True}, ".mode")
    clock_hz = whole(needed(fields, "clock"), 1, FASTEST_CLOCK_HZ, ".clock")
    pins = {name: pin_or_none(fields, name) for name in ("clk", "mosi", "miso")}
    distinct(pins)
    if all(one is None for one in pins.values()):
        raise Misfit("at least one of clk, mosi, miso is needed")
    return (StartSpi(channel=channel, clock_hz=clock_hz, cs=pin_or_none(fields, "cs"), **pins),)


def _transfer(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    sent = octets(fields["data"], ".data", LONGEST_TRANSFER)
    return (TransferSpi(channel, sent, flag(needed(fields, "read"), ".read")),)


_FORMS: Sequence[Form] = (("mode", _start), ("data", _transfer))


def _decode(channel: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopSpi(channel),)
    return by_forms(channel, value, _FORMS)


def _started(start: StartSpi) -> Written:
    pins = {"clk": start.clk, "mosi": start.mosi, "miso": start.miso, "cs": start.cs}
    used = {name: one for name, one in pins.items() if one is not None}
    return {f"spi{start.channel}": {"mode": "master", "clock": start.clock_hz, **used}}


def _transferred(transfer: TransferSpi) -> Written:
    return {f"spi{transfer.channel}": {"data": [*transfer.octets], "read": transfer.is_read}}


# Channel, mode, clk, mosi, miso, the two further lines of quad SPI, clock, cs.
_START = struct.Struct(">BBBBBBBIB")
_UNUSED = 0xFF
# obniz.js 1 to 3 have no cs, and end their frame before it.
_START_WITHOUT_CS_BYTES = _START.size - 1


def _framed_start(payload: bytes) -> Sequence[Command]:
    if len(payload) == _START_WITHOUT_CS_BYTES:
        payload += bytes((_UNUSED,))
    channel, mode, clk, mosi, miso, _wp, _hd, clock_hz, cs = _START.unpack(sized(payload, _START.size))
    if mode != 0:
        raise Misfit(f"{mode} is no mode")
    pins = {"clk": clk, "mosi": mosi, "miso": miso, "cs": cs}
    used = {name: one for name, one in pins.items() if one != _UNUSED}
    return _start(channel, {"mode": "master", "clock": clock_hz, **used})


def _framed_stop(payload: bytes) -> Sequence[Command]:
    return (StopSpi(sized(payload, 1)[0]),)


def _framed_read(payload: bytes) -> Sequence[Command]:
    return (TransferSpi(at_least(payload, 1)[0], at_most(payload[1:], LONGEST_TRANSFER)),)


def _framed_write(payload: bytes) -> Sequence[Command]:
    return (TransferSpi(at_least(payload, 1)[0], at_most(payload[1:], LONGEST_TRANSFER), False),)


def _start_frame(start: StartSpi) -> bytes:
    clk, mosi, miso, cs = (_UNUSED if one is None else one for one in (start.clk, start.mosi, start.miso, start.cs))
    return frame(5, 0, _START.pack(start.channel, 0, clk, mosi, miso, _UNUSED, _UNUSED, start.clock_hz, cs))


def _transfer_frame(transfer: TransferSpi) -> bytes:
    return frame(5, 2 if transfer.is_read else 3, bytes((transfer.channel,)) + transfer.octets)


def _read(read: SpiRead) -> str:
    return f'{{"spi{read.channel}":{{"data":{listed(read.octets)}}}}}'


def _read_frame(read: SpiRead) -> bytes | None:
    # The vendor's decoder makes nothing of a frame without bytes, and a program would wait for ever.
    return frame(5, 2, bytes((read.channel,)) + read.octets) if read.octets else None


def _told(channel: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    return (SpiRead(channel, octets(needed(fields_of(value, ""), "data"), ".data")),)


def _framed_told(payload: bytes) -> Sequence[Happening]:
    return (SpiRead(at_least(payload, 2)[0], payload[1:]),)


FAMILY = Family(
    name="spi",
    keys=BUSES,
    module=5,
    decode=_decode,
    functions={0: _framed_start, 1: _framed_stop, 2: _framed_read, 3: _framed_write},
    requests={
        StartSpi: _started,
        StopSpi: lambda stop: {f"spi{stop.channel}": None},
        TransferSpi: _transferred,
    },
    framed_requests={
        StartSpi: _start_frame,
        StopSpi: lambda stop: frame(5, 1, bytes((stop.channel,))),
        TransferSpi: _transfer_frame,
    },
    answers={SpiRead: _read},
    framed_answers={SpiRead: _read_frame},
    reports=_told,
    framed_reports={2: _framed_told},
)
