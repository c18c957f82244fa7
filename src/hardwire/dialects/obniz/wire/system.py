"""The `system` family: the board as a whole (obniz reference, sections 3.2 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import system_reports
from hardwire.dialects.obniz.wire.family import Family, Form, by_forms, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, certain, choice, fields_of, flag, needed, octets, whole
from hardwire.model.board.system import (
    KeepWorkingOffline,
    PingBoard,
    Reset,
    SelfCheck,
    SetClock,
    SetPingInterval,
    SetQueueMode,
    SleepMinutes,
    SleepSeconds,
    Stamp,
    Wait,
    WakeOnEdge,
)
from hardwire.model.command import Command, Reboot

_MODULE = 0
# 16 bits on the binary wire; the SDK itself stops at 60,000 ms, 64,800 s and 64,800 minutes.
LONGEST_WAIT_MS = 0xFFFF
LONGEST_SLEEP = 0xFFFF
LONGEST_INTERVAL_MS = 0xFFFFFFFF
# What every JSON parser keeps whole; some 285,000 years.
LATEST_MS = (1 << 53) - 1

_STAMPS = {stamp.value: stamp for stamp in Stamp}
_FRAMED_STAMPS = (Stamp.NONE, Stamp.SECONDS, Stamp.MILLISECONDS)


def _reboot(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    certain(fields["reboot"], ".reboot")
    return (Reboot(),)


def _reset(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    certain(fields["reset"], ".reset")
    return (Reset(),)


def _wait(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (Wait(whole(fields["wait"], 0, LONGEST_WAIT_MS, ".wait")),)


def _self_check(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    certain(fields["self_check"], ".self_check")
    return (SelfCheck(),)


def _keep_working(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (KeepWorkingOffline(flag(fields["keep_working_at_offline"], ".keep_working_at_offline")),)


def _ping(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    key = needed(fields_of(fields["ping"], ".ping"), "key", ".ping")
    return (PingBoard(octets(key, ".ping.key")),)


def _sleep_seconds(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SleepSeconds(whole(fields["sleep_seconds"], 1, LONGEST_SLEEP, ".sleep_seconds")),)


def _sleep_minute(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SleepMinutes(whole(fields["sleep_minute"], 1, LONGEST_SLEEP, ".sleep_minute")),)


def _wake(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (WakeOnEdge(flag(fields["sleep_io_trigger"], ".sleep_io_trigger")),)


def _queue_mode(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    place = ".queue_mode"
    mode = fields_of(fields["queue_mode"], place)
    interval_ms = whole(mode.get("interval", 0), 0, LONGEST_INTERVAL_MS, f"{place}.interval")
    stamp = choice(mode.get("timestamp", "none"), _STAMPS, f"{place}.timestamp")
    return (SetQueueMode(interval_ms, stamp),)


def _clock(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SetClock(whole(fields["clock"], 0, LATEST_MS, ".clock")),)


# The order is that of the vendor's codec.
_FORMS: Sequence[Form] = (
    ("reboot", _reboot),
    ("reset", _reset),
    ("wait", _wait),
    ("self_check", _self_check),
    ("keep_working_at_offline", _keep_working),
    ("ping", _ping),
    ("sleep_seconds", _sleep_seconds),
    ("sleep_minute", _sleep_minute),
    ("sleep_io_trigger", _wake),
    ("queue_mode", _queue_mode),
    ("clock", _clock),
)


def _framed_ping(payload: bytes) -> Sequence[Command]:
    if len(payload) < 8:
        raise Misfit(f"at least 8 bytes are needed, not {len(payload)}")
    return (PingBoard(payload[8:], int.from_bytes(payload[:8])),)


def _framed_sleep(payload: bytes) -> int:
    return whole(int.from_bytes(sized(payload, 2)), 1, LONGEST_SLEEP, "")


def _framed_queue_mode(payload: bytes) -> Sequence[Command]:
    stamp = sized(payload, 9)[0]
    if stamp >= len(_FRAMED_STAMPS):
        raise Misfit(f"{stamp} is no timestamp")
    return (SetQueueMode(int.from_bytes(payload[1:5]), _FRAMED_STAMPS[stamp]),)


def _queue_mode_frame(command: SetQueueMode) -> bytes:
    stamp = bytes((_FRAMED_STAMPS.index(command.stamp),))
    return frame(_MODULE, 21, stamp + command.interval_ms.to_bytes(4) + bytes(4))


FAMILY = Family(
    name="system",
    decode=lambda number, value: by_forms(number, value, _FORMS),
    module=_MODULE,
    functions={
        0: lambda payload: (Reboot(),),
        2: lambda payload: (Reset(),),
        3: lambda payload: (SelfCheck(),),
        4: lambda payload: (Wait(int.from_bytes(sized(payload, 2))),),
        # The frame says whether to reset, JSON whether to go on.
        5: lambda payload: (KeepWorkingOffline(sized(payload, 1) == b"\0"),),
        8: _framed_ping,
        10: lambda payload: (SleepSeconds(_framed_sleep(payload)),),
        11: lambda payload: (SleepMinutes(_framed_sleep(payload)),),
        12: lambda payload: (WakeOnEdge(sized(payload, 1) != b"\0"),),
        18: lambda payload: (SetPingInterval(int.from_bytes(sized(payload, 4))),),
        21: _framed_queue_mode,
        22: lambda payload: (SetClock(whole(int.from_bytes(sized(payload, 8)), 0, LATEST_MS, "")),),
    },
    requests={
        Reboot: lambda command: {"system": {"reboot": True}},
        Reset: lambda command: {"system": {"reset": True}},
        SelfCheck: lambda command: {"system": {"self_check": True}},
        Wait: lambda command: {"system": {"wait": command.duration_ms}},
        KeepWorkingOffline: lambda command: {"system": {"keep_working_at_offline": command.is_wanted}},
        PingBoard: lambda command: {"system": {"ping": {"key": [*command.key]}}},
        SleepSeconds: lambda command: {"system": {"sleep_seconds": command.seconds}},
        SleepMinutes: lambda command: {"system": {"sleep_minute": command.minutes}},
        WakeOnEdge: lambda command: {"system": {"sleep_io_trigger": command.is_rising}},
        SetQueueMode: lambda command: {
            "system": {"queue_mode": {"interval": command.interval_ms, "timestamp": command.stamp.value}}
        },
        SetClock: lambda command: {"system": {"clock": command.unix_ms}},
    },
    framed_requests={
        Reboot: lambda command: frame(_MODULE, 0),
        Reset: lambda command: frame(_MODULE, 2),
        SelfCheck: lambda command: frame(_MODULE, 3),
        Wait: lambda command: frame(_MODULE, 4, command.duration_ms.to_bytes(2)),
        KeepWorkingOffline: lambda command: frame(_MODULE, 5, bytes((not command.is_wanted,))),
        PingBoard: lambda command: frame(_MODULE, 8, command.sent_ms.to_bytes(8) + command.key),
        SleepSeconds: lambda command: frame(_MODULE, 10, command.seconds.to_bytes(2)),
        SleepMinutes: lambda command: frame(_MODULE, 11, command.minutes.to_bytes(2)),
        WakeOnEdge: lambda command: frame(_MODULE, 12, bytes((command.is_rising,))),
        SetPingInterval: lambda command: frame(_MODULE, 18, command.interval_ms.to_bytes(4)),
        SetQueueMode: _queue_mode_frame,
        SetClock: lambda command: frame(_MODULE, 22, command.unix_ms.to_bytes(8)),
    },
    answers=system_reports.ANSWERS,
    framed_answers=system_reports.FRAMED_ANSWERS,
    reports=system_reports.told,
    framed_reports=system_reports.FRAMED_REPORTS,
)
