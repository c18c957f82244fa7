"""The `system` family: the board as a whole (obniz reference, sections 3.2 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire.family import Family, Form, by_forms, sized
from hardwire.dialects.obniz.wire.shape import Misfit, certain, fields_of, needed, octets, whole
from hardwire.model.board.system import PingBoard, Pong, Reboot, Reset, Wait
from hardwire.model.command import Command

# 16 bits on the binary wire; the SDK itself stops at 60,000.
LONGEST_WAIT_MS = 0xFFFF

_ENCODE = json.Encoder().encode


def pong(pong: Pong, asked_ms: int, answered_ms: int) -> str:
    """Return the answer to a ping as one JSON object. The Python SDK needs all three times (section 3.2).

    Unit: unix ms; when the hub took the ping and when it gives the answer.
    """
    key = _ENCODE([*pong.key]).decode()
    return (
        f'{{"system":{{"pong":{{"key":{key},"obnizTime":{pong.board_time_ms},'
        f'"pingServerTime":{asked_ms},"pongServerTime":{answered_ms}}}}}}}'
    )


def _reboot(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    certain(fields["reboot"], ".reboot")
    return (Reboot(),)


def _reset(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    certain(fields["reset"], ".reset")
    return (Reset(),)


def _wait(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (Wait(whole(fields["wait"], 0, LONGEST_WAIT_MS, ".wait")),)


def _ping(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    key = needed(fields_of(fields["ping"], ".ping"), "key", ".ping")
    return (PingBoard(octets(key, ".ping.key")),)


_FORMS: Sequence[Form] = (("reboot", _reboot), ("reset", _reset), ("wait", _wait), ("ping", _ping))


def _framed_wait(payload: bytes) -> Sequence[Command]:
    return (Wait(int.from_bytes(sized(payload, 2))),)


def _framed_ping(payload: bytes) -> Sequence[Command]:
    # The first 8 bytes are the client's clock; the hub tells the times by its own.
    if len(payload) < 8:
        raise Misfit(f"at least 8 bytes are needed, not {len(payload)}")
    return (PingBoard(payload[8:]),)


FAMILY = Family(
    name="system",
    decode=lambda number, value: by_forms(number, value, _FORMS),
    module=0,
    functions={
        0: lambda payload: (Reboot(),),
        2: lambda payload: (Reset(),),
        4: _framed_wait,
        8: _framed_ping,
    },
)
