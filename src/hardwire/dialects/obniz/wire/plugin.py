"""The `plugin` family: requests to the program on the board, in both encodings (obniz reference, section 3.17)."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import plugin_told
from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.payload import at_least, utf8
from hardwire.dialects.obniz.wire.shape import Misfit, certain, fields_of, flag, needed, octets, text, whole
from hardwire.model.board.plugin import AnswerTransaction, CallPlugin, ReloadPlugin, RunLua, SendToPlugin
from hardwire.model.command import Command

U32 = 0xFFFF_FFFF


def _send(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SendToPlugin(octets(fields["send"], ".send")),)


def _run(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (RunLua(text(fields["exec_lua"], ".exec_lua")),)


def _reload(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    certain(fields["reload"], ".reload")
    return (ReloadPlugin(),)


def _call(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    place = ".call_request"
    call = fields_of(fields["call_request"], place)
    id = whole(needed(call, "id", place), 0, U32, f"{place}.id")
    return (CallPlugin(id, text(needed(call, "lua", place), f"{place}.lua")),)


def _answer(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    place = ".cloud_transaction_response"
    answer = fields_of(fields["cloud_transaction_response"], place)
    id = whole(needed(answer, "id", place), 0, U32, f"{place}.id")
    is_success = flag(needed(answer, "success", place), f"{place}.success")
    return (AnswerTransaction(id, is_success, text(answer.get("result", ""), f"{place}.result")),)


# In the order of the vendor's codec.
_FORMS: Sequence[Form] = (
    ("send", _send),
    ("exec_lua", _run),
    ("reload", _reload),
    ("call_request", _call),
    ("cloud_transaction_response", _answer),
)


def _answered(answer: AnswerTransaction) -> Written:
    fields = {"id": answer.id, "success": answer.is_success, "result": answer.result}
    return {"plugin": {"cloud_transaction_response": fields}}


_ID = struct.Struct(">I")
_ANSWER = struct.Struct(">IB")


def _framed_reload(payload: bytes) -> Sequence[Command]:
    if payload != b"\1":
        raise Misfit("only 1 means something here")
    return (ReloadPlugin(),)


def _framed_call(payload: bytes) -> Sequence[Command]:
    (id,) = _ID.unpack(at_least(payload, _ID.size)[: _ID.size])
    return (CallPlugin(id, utf8(payload[_ID.size :])),)


def _framed_answer(payload: bytes) -> Sequence[Command]:
    id, success = _ANSWER.unpack(at_least(payload, _ANSWER.size)[: _ANSWER.size])
    return (AnswerTransaction(id, success > 0, utf8(payload[_ANSWER.size :])),)


FAMILY = Family(
    name="plugin",
    module=15,
    decode=lambda number, value: by_forms(number, value, _FORMS),
    functions={
        0: lambda payload: (SendToPlugin(payload),),
        3: lambda payload: (RunLua(utf8(payload)),),
        4: _framed_reload,
        6: _framed_call,
        9: _framed_answer,
    },
    requests={
        SendToPlugin: lambda send: {"plugin": {"send": [*send.octets]}},
        RunLua: lambda run: {"plugin": {"exec_lua": run.source}},
        ReloadPlugin: lambda reload: {"plugin": {"reload": True}},
        CallPlugin: lambda call: {"plugin": {"call_request": {"id": call.id, "lua": call.source}}},
        AnswerTransaction: _answered,
    },
    framed_requests={
        SendToPlugin: lambda send: frame(15, 0, send.octets),
        RunLua: lambda run: frame(15, 3, run.source.encode()),
        ReloadPlugin: lambda reload: frame(15, 4, b"\1"),
        CallPlugin: lambda call: frame(15, 6, _ID.pack(call.id) + call.source.encode()),
        AnswerTransaction: lambda answer: frame(
            15, 9, _ANSWER.pack(answer.id, answer.is_success) + answer.result.encode()
        ),
    },
    answers=plugin_told.ANSWERS,
    framed_answers=plugin_told.FRAMED_ANSWERS,
    reports=plugin_told.told,
    framed_reports=plugin_told.FRAMED_REPORTS,
)
