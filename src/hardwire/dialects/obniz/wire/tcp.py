"""The `tcp` family: connections that a board opens (obniz reference, sections 3.15 and 6.3)."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, listed, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.payload import at_least, utf8
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, flag, needed, octets, only, text, whole
from hardwire.model.board.tcp import (
    CloseTcp,
    ConnectTcp,
    TcpAnswered,
    TcpConnected,
    TcpReceived,
    TcpResult,
    WriteTcp,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

CONNECTIONS = 8
LONGEST_DOMAIN = 30
DEFAULT_DOMAIN = "obniz.io"

_MESSAGES = {
    TcpResult.OK: "ok",
    TcpResult.PORT_USED: "Port Used",
    TcpResult.PORT_AREA_ERROR: "Port Area Error",
    TcpResult.LOOKUP_ERROR: "Lookup Error",
    TcpResult.ERROR: "Error",
}


def _connect(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    wish = fields_of(fields["connect"], ".connect")
    only(wish, ("port", "domain"), ".connect")
    port = whole(needed(wish, "port", ".connect"), 0, 0xFFFF, ".connect.port")
    host = text(wish.get("domain", DEFAULT_DOMAIN), ".connect.domain", 0, LONGEST_DOMAIN)
    return (ConnectTcp(channel, port, host),)


def _disconnect(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    # The vendor's encoder makes the same frame of true and false.
    flag(fields["disconnect"], ".disconnect")
    return (CloseTcp(channel),)


def _write(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    wish = fields_of(fields["write"], ".write")
    only(wish, ("data",), ".write")
    return (WriteTcp(channel, octets(needed(wish, "data", ".write"), ".write.data")),)


# In the order of the vendor's codec.
_FORMS: Sequence[Form] = (("connect", _connect), ("disconnect", _disconnect), ("write", _write))


def _connected(connect: ConnectTcp) -> Written:
    return {f"tcp{connect.channel}": {"connect": {"port": connect.port, "domain": connect.host}}}


def _wrote(write: WriteTcp) -> Written:
    return {f"tcp{write.channel}": {"write": {"data": [*write.octets]}}}


_CONNECT = struct.Struct(">BH")


def _framed_connect(payload: bytes) -> Sequence[Command]:
    channel, port = _CONNECT.unpack(at_least(payload, _CONNECT.size)[: _CONNECT.size])
    host = text(utf8(payload[_CONNECT.size :]), "", 0, LONGEST_DOMAIN)
    return (ConnectTcp(channel, port, host),)


def _framed_close(payload: bytes) -> Sequence[Command]:
    return (CloseTcp(sized(payload, 1)[0]),)


def _framed_write(payload: bytes) -> Sequence[Command]:
    return (WriteTcp(at_least(payload, 1)[0], payload[1:]),)


def _connect_frame(connect: ConnectTcp) -> bytes:
    return frame(13, 0, _CONNECT.pack(connect.channel, connect.port) + connect.host.encode())


def _stands(connected: TcpConnected) -> str:
    is_connected = "true" if connected.is_connected else "false"
    return f'{{"tcp{connected.channel}":{{"connection":{{"connected":{is_connected}}}}}}}'


def _answered(answered: TcpAnswered) -> str:
    result = answered.result
    return f'{{"tcp{answered.channel}":{{"connect":{{"message":"{_MESSAGES[result]}","code":{result.value}}}}}}}'


def _received(received: TcpReceived) -> str:
    return f'{{"tcp{received.channel}":{{"read":{{"data":{listed(received.octets)}}}}}}}'


def _told(channel: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    fields = fields_of(value, "")
    happenings: list[Happening] = []
    if "connection" in fields:
        connection = fields_of(fields["connection"], ".connection")
        is_connected = flag(needed(connection, "connected", ".connection"), ".connection.connected")
        happenings.append(TcpConnected(channel, is_connected))
    if "connect" in fields:
        outcome = fields_of(fields["connect"], ".connect")
        code = whole(needed(outcome, "code", ".connect"), 0, 0xFF, ".connect.code")
        happenings.append(TcpAnswered(channel, _result(code)))
    if "read" in fields:
        found = needed(fields_of(fields["read"], ".read"), "data", ".read")
        happenings.append(TcpReceived(channel, octets(found, ".read.data")))
    if not happenings:
        raise Misfit("one of connection, connect, read is needed")
    return happenings


def _result(code: int) -> TcpResult:
    try:
        return TcpResult(code)
    except ValueError:
        # So the vendor's client names every other code.
        return TcpResult.ERROR


def _framed_answered(payload: bytes) -> Sequence[Happening]:
    channel, code = sized(payload, 2)
    return (TcpAnswered(channel, _result(code)),)


def _framed_stands(payload: bytes) -> Sequence[Happening]:
    channel, is_gone = sized(payload, 2)
    return (TcpConnected(channel, not is_gone),)


def _framed_received(payload: bytes) -> Sequence[Happening]:
    return (TcpReceived(at_least(payload, 1)[0], payload[1:]),)


FAMILY = Family(
    name="tcp",
    keys=CONNECTIONS,
    module=13,
    decode=lambda channel, value: by_forms(channel, value, _FORMS),
    functions={0: _framed_connect, 1: _framed_close, 3: _framed_write},
    requests={
        ConnectTcp: _connected,
        CloseTcp: lambda close: {f"tcp{close.channel}": {"disconnect": True}},
        WriteTcp: _wrote,
    },
    framed_requests={
        ConnectTcp: _connect_frame,
        CloseTcp: lambda close: frame(13, 1, bytes((close.channel,))),
        WriteTcp: lambda write: frame(13, 3, bytes((write.channel,)) + write.octets),
    },
    answers={TcpConnected: _stands, TcpAnswered: _answered, TcpReceived: _received},
    framed_answers={
        TcpConnected: lambda connected: frame(13, 2, bytes((connected.channel, not connected.is_connected))),
        TcpAnswered: lambda answered: frame(13, 0, bytes((answered.channel, answered.result.value))),
        TcpReceived: lambda received: frame(13, 4, bytes((received.channel,)) + received.octets),
    },
    reports=_told,
    framed_reports={0: _framed_answered, 2: _framed_stands, 4: _framed_received},
)
