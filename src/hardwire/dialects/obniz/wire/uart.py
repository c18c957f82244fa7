"""The `uart` family: serial ports (obniz reference, sections 3.7 and 6.3)."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, listed, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.payload import at_least
from hardwire.dialects.obniz.wire.shape import (
    Misfit,
    choice,
    distinct,
    fields_of,
    needed,
    octets,
    pin,
    pin_or_none,
    whole,
)
from hardwire.model.board.uart import (
    FlowControl,
    Parity,
    SetUartDirection,
    StartUart,
    StopBits,
    StopUart,
    UartReceived,
    WriteUart,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

# The request schema stops at uart1, the vendor's codec at uart2 (section 3).
PORTS = 3
FASTEST_BAUD = 5_000_000

_STOPS = {stop.value: stop for stop in StopBits}
_PARITIES = {parity.value: parity for parity in Parity}
_FLOWS = {flow.value: flow for flow in FlowControl}


def _start(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    for name in ("rx", "tx"):
        needed(fields, name)
    pins = {name: pin_or_none(fields, name) for name in ("rx", "tx", "rts", "cts")}
    distinct(pins)
    if pins["rx"] is None and pins["tx"] is None:
        raise Misfit("at least one of rx, tx is needed")
    stop = fields.get("stop", 1)
    if type(stop) not in (int, float) or stop not in _STOPS:
        raise Misfit("one of 1, 1.5, 2 is needed", ".stop")
    start = StartUart(
        channel=channel,
        rx=pins["rx"],
        tx=pins["tx"],
        baud=whole(fields.get("baud", 115_200), 1, FASTEST_BAUD, ".baud"),
        stop=_STOPS[stop],
        bits=whole(fields.get("bits", 8), 5, 8, ".bits"),
        parity=choice(fields.get("parity", "off"), _PARITIES, ".parity"),
        flow=choice(fields.get("flowcontrol", "off"), _FLOWS, ".flowcontrol"),
        rts=pins["rts"],
        cts=pins["cts"],
    )
    return (start,)


def _start_without_rx(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    needed(fields, "rx")
    return ()


def _write(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (WriteUart(channel, octets(fields["data"], ".data")),)


def _direct(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SetUartDirection(channel, pin(fields["de"], ".de")),)


# In the order of the vendor's codec, which carries out all that an object holds.
_FORMS: Sequence[Form] = (("rx", _start), ("tx", _start_without_rx), ("data", _write), ("de", _direct))


def _decode(channel: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopUart(channel),)
    return by_forms(channel, value, _FORMS)


def _started(start: StartUart) -> Written:
    fields: dict[str, Any] = {  # Any: JSON
        "rx": start.rx,
        "tx": start.tx,
        "baud": start.baud,
        "stop": start.stop.value,
        "bits": start.bits,
        "parity": start.parity.value,
        "flowcontrol": start.flow.value,
    }
    if start.rts is not None:
        fields["rts"] = start.rts
    if start.cts is not None:
        fields["cts"] = start.cts
    return {f"uart{start.channel}": fields}


_START = struct.Struct(">BBBIBBBBBB")
_UNUSED = 0xFF
_FRAMED_STOPS = {1: StopBits.ONE, 2: StopBits.ONE_AND_A_HALF, 3: StopBits.TWO}
_FRAMED_PARITIES = {0: Parity.OFF, 2: Parity.EVEN, 3: Parity.ODD}
_FRAMED_FLOWS = {0: FlowControl.OFF, 2: FlowControl.RTS, 3: FlowControl.CTS, 4: FlowControl.RTS_CTS}
_STOP_NUMBERS = {stop: number for number, stop in _FRAMED_STOPS.items()}
_PARITY_NUMBERS = {parity: number for number, parity in _FRAMED_PARITIES.items()}
_FLOW_NUMBERS = {flow: number for number, flow in _FRAMED_FLOWS.items()}


def _framed_start(payload: bytes) -> Sequence[Command]:
    channel, tx, rx, baud, stop, bits, parity, flow, rts, cts = _START.unpack(sized(payload, _START.size))
    for number, numbers, name in (
        (stop, _FRAMED_STOPS, "stop length"),
        (parity, _FRAMED_PARITIES, "parity"),
        (flow, _FRAMED_FLOWS, "flow control"),
    ):
        if number not in numbers:
            raise Misfit(f"{number} is no {name}")
    pins = {"rx": rx, "tx": tx}
    fields: dict[str, Any] = {  # Any: JSON
        **{name: None if one == _UNUSED else one for name, one in pins.items()},
        "baud": baud,
        "stop": _FRAMED_STOPS[stop].value,
        "bits": bits,
        "parity": _FRAMED_PARITIES[parity].value,
        "flowcontrol": _FRAMED_FLOWS[flow].value,
    }
    # 0 says both "pin 0" and "absent": it is the pin only where the line is used and nothing else is on that pin.
    taken = {rx, tx}
    for name, one, flows in (
        ("rts", rts, (FlowControl.RTS, FlowControl.RTS_CTS)),
        ("cts", cts, (FlowControl.CTS, FlowControl.RTS_CTS)),
    ):
        if one or (_FRAMED_FLOWS[flow] in flows and 0 not in taken):
            fields[name] = one
            taken.add(one)
    return _start(channel, fields)


def _framed_stop(payload: bytes) -> Sequence[Command]:
    return (StopUart(sized(payload, 1)[0]),)


def _framed_write(payload: bytes) -> Sequence[Command]:
    return (WriteUart(at_least(payload, 1)[0], payload[1:]),)


def _framed_direction(payload: bytes) -> Sequence[Command]:
    channel, de = sized(payload, 2)
    return (SetUartDirection(channel, pin(de, ".de")),)


def _start_frame(start: StartUart) -> bytes:
    payload = _START.pack(
        start.channel,
        _UNUSED if start.tx is None else start.tx,
        _UNUSED if start.rx is None else start.rx,
        start.baud,
        _STOP_NUMBERS[start.stop],
        start.bits,
        _PARITY_NUMBERS[start.parity],
        _FLOW_NUMBERS[start.flow],
        start.rts or 0,
        start.cts or 0,
    )
    return frame(4, 0, payload)


def _received(received: UartReceived) -> str:
    return f'{{"uart{received.channel}":{{"data":{listed(received.octets)}}}}}'


def _received_frame(received: UartReceived) -> bytes | None:
    # The vendor's decoder makes nothing of a frame without bytes (section 6.3).
    return frame(4, 3, bytes((received.channel,)) + received.octets) if received.octets else None


def _told(channel: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    return (UartReceived(channel, octets(needed(fields_of(value, ""), "data"), ".data")),)


def _framed_told(payload: bytes) -> Sequence[Happening]:
    return (UartReceived(at_least(payload, 2)[0], payload[1:]),)


FAMILY = Family(
    name="uart",
    keys=PORTS,
    module=4,
    decode=_decode,
    functions={0: _framed_start, 1: _framed_stop, 2: _framed_write, 4: _framed_direction},
    requests={
        StartUart: _started,
        StopUart: lambda stop: {f"uart{stop.channel}": None},
        WriteUart: lambda write: {f"uart{write.channel}": {"data": [*write.octets]}},
        SetUartDirection: lambda direction: {f"uart{direction.channel}": {"de": direction.pin}},
    },
    framed_requests={
        StartUart: _start_frame,
        StopUart: lambda stop: frame(4, 1, bytes((stop.channel,))),
        WriteUart: lambda write: frame(4, 2, bytes((write.channel,)) + write.octets),
        SetUartDirection: lambda direction: frame(4, 4, bytes((direction.channel, direction.pin))),
    },
    answers={UartReceived: _received},
    framed_answers={UartReceived: _received_frame},
    reports=_told,
    framed_reports={3: _framed_told},
)
