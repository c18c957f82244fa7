"""The `logic_analyzer` family: samples of a pin (obniz reference, sections 3.10 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.duration import microseconds, milliseconds
from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, listed, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.packing import packed, unpacked
from hardwire.dialects.obniz.wire.shape import Misfit, bits, fields_of, flag, needed, pin, whole
from hardwire.model.board.logic_analyzer import LogicSampled, StartLogicAnalyzer, StopLogicAnalyzer
from hardwire.model.command import Command
from hardwire.model.fact import Happening

_MODULE = 10
_LONGEST_US = 0xFFFFFFFF
# One byte on the binary wire.
MOST_SAMPLES = 255


def _start(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    pins = fields["io"]
    if type(pins) is not list or len(pins) != 1:
        raise Misfit("an array of one pin is needed", ".io")
    trigger = fields_of(fields.get("trigger", {"value": False, "samples": 0}), ".trigger")
    return (
        StartLogicAnalyzer(
            pin=pin(pins[0], ".io.0"),
            # More often than each microsecond cannot be said in a frame.
            interval_us=microseconds(needed(fields, "interval"), 0.001, _LONGEST_US / 1000, ".interval"),
            duration_us=whole(needed(fields, "duration"), 1, _LONGEST_US // 1000, ".duration") * 1000,
            trigger_level=flag(needed(trigger, "value", ".trigger"), ".trigger.value"),
            trigger_samples=whole(needed(trigger, "samples", ".trigger"), 0, MOST_SAMPLES, ".trigger.samples"),
        ),
    )


_FORMS: Sequence[Form] = (("io", _start),)


def _decode(number: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopLogicAnalyzer(),)
    return by_forms(number, value, _FORMS)


def _framed_start(payload: bytes) -> Sequence[Command]:
    count, one = sized(payload, 12)[:2]
    interval_us, duration_us = int.from_bytes(payload[2:6]), int.from_bytes(payload[6:10])
    if count != 1:
        raise Misfit("one pin is needed")
    if not interval_us or not duration_us:
        raise Misfit("an interval and a duration of at least 1 microsecond are needed")
    return (
        StartLogicAnalyzer(
            pin=one,
            interval_us=interval_us,
            duration_us=duration_us,
            trigger_level=payload[10] > 0,
            trigger_samples=payload[11],
        ),
    )


def _framed_stop(payload: bytes) -> Sequence[Command]:
    return (StopLogicAnalyzer(),)


def _started(command: StartLogicAnalyzer) -> Written:
    return {
        "logic_analyzer": {
            "io": [command.pin],
            "interval": milliseconds(command.interval_us),
            "duration": max(1, command.duration_us // 1000),
            "trigger": {"value": command.trigger_level, "samples": command.trigger_samples},
        }
    }


def _started_frame(command: StartLogicAnalyzer) -> bytes:
    times = command.interval_us.to_bytes(4) + command.duration_us.to_bytes(4)
    trigger = bytes((command.trigger_level, command.trigger_samples))
    return frame(_MODULE, 0, bytes((1, command.pin)) + times + trigger)


def _sampled(happening: LogicSampled) -> str:
    return f'{{"logic_analyzer":{{"data":{listed(happening.bits)}}}}}'


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    return (LogicSampled(bits(needed(fields_of(value, ""), "data"), ".data")),)


FAMILY = Family(
    name="logic_analyzer",
    decode=_decode,
    module=_MODULE,
    functions={0: _framed_start, 1: _framed_stop},
    requests={StartLogicAnalyzer: _started, StopLogicAnalyzer: lambda command: {"logic_analyzer": None}},
    framed_requests={StartLogicAnalyzer: _started_frame, StopLogicAnalyzer: lambda command: frame(_MODULE, 1)},
    answers={LogicSampled: _sampled},
    framed_answers={LogicSampled: lambda happening: frame(_MODULE, 2, packed(happening.bits))},
    reports=_told,
    framed_reports={2: lambda payload: (LogicSampled(unpacked(payload)),)},
)
