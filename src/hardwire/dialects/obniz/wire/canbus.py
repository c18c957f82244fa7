"""The `canbus` family: CAN frames out and in (obniz reference, sections 3.20 and 6.3)."""

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
    pin,
    whole,
)
from hardwire.model.board.can import CanMode, CanReceived, SendCan, StartCan, StopCan
from hardwire.model.command import Command
from hardwire.model.fact import Happening

# The request schema knows canbus0 and canbus1, the vendor's codec of requests canbus0 only (section 3).
BUSES = 2
FASTEST_KBPS = 1000
LONGEST_FRAME = 1024
U32 = 0xFFFF_FFFF

_MODES = {mode.value: mode for mode in CanMode}


def _start(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    mode = choice(fields["mode"], _MODES, ".mode")
    tx, rx = (pin(needed(fields, name), f".{name}") for name in ("tx", "rx"))
    distinct({"tx": tx, "rx": rx})
    start = StartCan(
        channel=channel,
        mode=mode,
        tx=tx,
        rx=rx,
        rate_kbps=whole(needed(fields, "kbps"), 1, FASTEST_KBPS, ".kbps"),
        filter_code=whole(needed(fields, "filter_code"), 0, U32, ".filter_code"),
        filter_mask=whole(needed(fields, "filter_mask"), 0, U32, ".filter_mask"),
    )
    return (start,)


def _send(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    send = SendCan(
        channel=channel,
        id=whole(fields["id"], 0, U32, ".id"),
        octets=octets(needed(fields, "data"), ".data", LONGEST_FRAME),
        is_extended=flag(fields.get("extended", False), ".extended"),
        is_remote=flag(fields.get("rtr", False), ".rtr"),
        is_single_shot=flag(fields.get("single_shot", False), ".single_shot"),
        is_self_received=flag(fields.get("self_reception", False), ".self_reception"),
    )
    return (send,)


_FORMS: Sequence[Form] = (("mode", _start), ("id", _send))


def _decode(channel: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopCan(channel),)
    return by_forms(channel, value, _FORMS)


def _started(start: StartCan) -> Written:
    fields = {
        "mode": start.mode.value,
        "tx": start.tx,
        "rx": start.rx,
        "kbps": start.rate_kbps,
        "filter_code": start.filter_code,
        "filter_mask": start.filter_mask,
    }
    return {f"canbus{start.channel}": fields}


def _sent(send: SendCan) -> Written:
    fields = {
        "id": send.id,
        "data": [*send.octets],
        "extended": send.is_extended,
        "rtr": send.is_remote,
        "single_shot": send.is_single_shot,
        "self_reception": send.is_self_received,
    }
    return {f"canbus{send.channel}": fields}


# Channel, tx, rx, speed, mode, filter's code and mask; channel, flags and id in front of what a frame carries.
_START = struct.Struct(">BBBHBII")
_HEAD = struct.Struct(">BBI")
_FRAMED_MODES = {0x00: CanMode.NORMAL, 0x40: CanMode.NO_ACK, 0x80: CanMode.LISTEN}
_MODE_NUMBERS = {mode: number for number, mode in _FRAMED_MODES.items()}
_EXTENDED, _REMOTE, _SINGLE_SHOT, _SELF_RECEPTION = 0x80, 0x40, 0x20, 0x10


def _framed_start(payload: bytes) -> Sequence[Command]:
    channel, tx, rx, kbps, mode, code, mask = _START.unpack(sized(payload, _START.size))
    if mode not in _FRAMED_MODES:
        raise Misfit(f"{mode} is no mode")
    fields = {
        "mode": _FRAMED_MODES[mode].value,
        "tx": tx,
        "rx": rx,
        "kbps": kbps,
        "filter_code": code,
        "filter_mask": mask,
    }
    return _start(channel, fields)


def _framed_stop(payload: bytes) -> Sequence[Command]:
    return (StopCan(sized(payload, 1)[0]),)


def _framed_send(payload: bytes) -> Sequence[Command]:
    channel, flags, id = _HEAD.unpack(at_least(payload, _HEAD.size)[: _HEAD.size])
    send = SendCan(
        channel=channel,
        id=id,
        octets=at_most(payload[_HEAD.size :], LONGEST_FRAME),
        is_extended=bool(flags & _EXTENDED),
        is_remote=bool(flags & _REMOTE),
        is_single_shot=bool(flags & _SINGLE_SHOT),
        is_self_received=bool(flags & _SELF_RECEPTION),
    )
    return (send,)


def _start_frame(start: StartCan) -> bytes:
    payload = _START.pack(
        start.channel,
        start.tx,
        start.rx,
        start.rate_kbps,
        _MODE_NUMBERS[start.mode],
        start.filter_code,
        start.filter_mask,
    )
    return frame(18, 0, payload)


def _send_frame(send: SendCan) -> bytes:
    flags = (
        (_EXTENDED if send.is_extended else 0)
        | (_REMOTE if send.is_remote else 0)
        | (_SINGLE_SHOT if send.is_single_shot else 0)
        | (_SELF_RECEPTION if send.is_self_received else 0)
    )
    return frame(18, 2, _HEAD.pack(send.channel, flags, send.id) + send.octets)


def _received(received: CanReceived) -> str:
    extended = "true" if received.is_extended else "false"
    remote = "true" if received.is_remote else "false"
    return (
        f'{{"canbus{received.channel}":{{"id":{received.id},"extended":{extended},"rtr":{remote},'
        f'"data":{listed(received.octets)}}}}}'
    )


def _received_frame(received: CanReceived) -> bytes:
    flags = (_EXTENDED if received.is_extended else 0) | (_REMOTE if received.is_remote else 0)
    return frame(18, 3, _HEAD.pack(received.channel, flags, received.id) + received.octets)


def _told(channel: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    fields = fields_of(value, "")
    received = CanReceived(
        channel=channel,
        id=whole(needed(fields, "id"), 0, U32, ".id"),
        octets=octets(needed(fields, "data"), ".data"),
        is_extended=flag(fields.get("extended", False), ".extended"),
        is_remote=flag(fields.get("rtr", False), ".rtr"),
    )
    return (received,)


def _framed_told(payload: bytes) -> Sequence[Happening]:
    channel, flags, id = _HEAD.unpack(at_least(payload, _HEAD.size)[: _HEAD.size])
    received = CanReceived(
        channel=channel,
        id=id,
        octets=payload[_HEAD.size :],
        is_extended=bool(flags & _EXTENDED),
        is_remote=bool(flags & _REMOTE),
    )
    return (received,)


FAMILY = Family(
    name="canbus",
    keys=BUSES,
    module=18,
    decode=_decode,
    functions={0: _framed_start, 1: _framed_stop, 2: _framed_send},
    requests={
        StartCan: _started,
        StopCan: lambda stop: {f"canbus{stop.channel}": None},
        SendCan: _sent,
    },
    framed_requests={
        StartCan: _start_frame,
        StopCan: lambda stop: frame(18, 1, bytes((stop.channel,))),
        SendCan: _send_frame,
    },
    answers={CanReceived: _received},
    framed_answers={CanReceived: _received_frame},
    reports=_told,
    framed_reports={3: _framed_told},
)
