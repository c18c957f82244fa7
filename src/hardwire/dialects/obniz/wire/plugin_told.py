"""The `plugin` family: what the program on the board answers and tells (obniz reference, sections 3.17 and 6.3)."""

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.debug import message_of
from hardwire.dialects.obniz.wire.family import listed, quoted, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.payload import at_least
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, octets, text, whole
from hardwire.model.board.plugin import (
    PluginCalled,
    PluginFailed,
    PluginFrameBegan,
    PluginFrameEnded,
    PluginReceived,
    TransactionAsked,
)
from hardwire.model.fact import Happening

U32 = 0xFFFF_FFFF


def _began(began: PluginFrameBegan) -> str:
    return f'{{"plugin":{{"frame":{{"start":{{"id":{began.id},"length":{began.size_bytes}}}}}}}}}'


def _called(called: PluginCalled) -> str:
    status = 1 if called.is_failed else 0
    return f'{{"plugin":{{"call_response":{{"id":{called.id},"status":{status},"result":{quoted(called.result)}}}}}}}'


def _asked(asked: TransactionAsked) -> str:
    return f'{{"plugin":{{"cloud_transaction_request":{{"id":{asked.id},"data":{listed(asked.octets)}}}}}}}'


ANSWERS: Mapping[type[Happening], Callable[[Any], str]] = {  # Any: the happening of that type
    PluginReceived: lambda received: f'{{"plugin":{{"receive":{listed(received.octets)}}}}}',
    PluginFrameBegan: _began,
    PluginFrameEnded: lambda ended: '{"plugin":{"frame":{"end":{}}}}',
    PluginFailed: lambda failed: f'{{"plugin":{{"error":{{"message":{quoted(failed.message)}}}}}}}',
    PluginCalled: _called,
    TransactionAsked: _asked,
}


def _read_frame_mark(value: Any) -> Happening:  # Any: JSON
    mark = fields_of(value, ".frame")
    if "start" not in mark:
        fields_of(needed(mark, "end", ".frame"), ".frame.end")
        return PluginFrameEnded()
    place = ".frame.start"
    start = fields_of(mark["start"], place)
    return PluginFrameBegan(
        whole(needed(start, "id", place), 0, U32, f"{place}.id"),
        whole(needed(start, "length", place), 0, U32, f"{place}.length"),
    )


def _read_call(value: Any) -> Happening:  # Any: JSON
    place = ".call_response"
    answer = fields_of(value, place)
    return PluginCalled(
        whole(needed(answer, "id", place), 0, U32, f"{place}.id"),
        text(needed(answer, "result", place), f"{place}.result"),
        whole(needed(answer, "status", place), 0, 0xFF, f"{place}.status") > 0,
    )


def _read_transaction(value: Any) -> Happening:  # Any: JSON
    place = ".cloud_transaction_request"
    asked = fields_of(value, place)
    id = whole(needed(asked, "id", place), 0, U32, f"{place}.id")
    return TransactionAsked(id, octets(needed(asked, "data", place), f"{place}.data"))


_READERS: Mapping[str, Callable[[Any], Happening]] = {  # Any: JSON
    "receive": lambda value: PluginReceived(octets(value, ".receive")),
    "frame": _read_frame_mark,
    "error": lambda value: PluginFailed(message_of(value, ".error")),
    "call_response": _read_call,
    "cloud_transaction_request": _read_transaction,
}


def told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    """Read what the program tells.

    Raises:
        Misfit: it is nothing that it can tell.
    """
    fields = fields_of(value, "")
    happenings = [read(fields[name]) for name, read in _READERS.items() if name in fields]
    if not happenings:
        raise Misfit(f"one of {', '.join(_READERS)} is needed")
    return happenings


# A zero in front of id and length; id and status, id alone in front of text or bytes.
_BEGIN = struct.Struct(">BBI")
_CALL = struct.Struct(">IB")
_ID = struct.Struct(">I")
_END = b"\1"


def _began_frame(began: PluginFrameBegan) -> bytes | None:
    return frame(15, 2, _BEGIN.pack(0, began.id, began.size_bytes)) if began.id < 256 else None


def _called_frame(called: PluginCalled) -> bytes:
    return frame(15, 7, _CALL.pack(called.id, called.is_failed) + called.result.encode())


FRAMED_ANSWERS: Mapping[type[Happening], Callable[[Any], bytes | None]] = {  # Any: the happening of that type
    PluginReceived: lambda received: frame(15, 1, received.octets),
    PluginFrameBegan: _began_frame,
    PluginFrameEnded: lambda ended: frame(15, 2, _END),
    PluginFailed: lambda failed: frame(15, 5, failed.message.encode()),
    PluginCalled: _called_frame,
    TransactionAsked: lambda asked: frame(15, 8, _ID.pack(asked.id) + asked.octets),
}


def _framed_mark(payload: bytes) -> Sequence[Happening]:
    if payload == _END:
        return (PluginFrameEnded(),)
    kind, id, size_bytes = _BEGIN.unpack(sized(payload, _BEGIN.size))
    if kind != 0:
        raise Misfit(f"{kind} is no mark of a frame")
    return (PluginFrameBegan(id, size_bytes),)


def _framed_call(payload: bytes) -> Sequence[Happening]:
    id, status = _CALL.unpack(at_least(payload, _CALL.size)[: _CALL.size])
    # A result may be any bytes of Lua; what is no UTF-8 must not keep a program waiting.
    return (PluginCalled(id, payload[_CALL.size :].decode(errors="replace"), status > 0),)


def _framed_transaction(payload: bytes) -> Sequence[Happening]:
    (id,) = _ID.unpack(at_least(payload, _ID.size)[: _ID.size])
    return (TransactionAsked(id, payload[_ID.size :]),)


FRAMED_REPORTS: Mapping[int, Callable[[bytes], Sequence[Happening]]] = {
    1: lambda payload: (PluginReceived(payload),),
    2: _framed_mark,
    5: lambda payload: (PluginFailed(payload.decode(errors="replace")),),
    7: _framed_call,
    8: _framed_transaction,
}
