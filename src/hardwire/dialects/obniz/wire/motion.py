"""The `motion` family: the board's own motion sensor (obniz reference, sections 3.19 and 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire.family import Family, Written, sized, unknown_command
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.payload import floats, read_floats
from hardwire.dialects.obniz.wire.shape import Misfit, choice, fields_of, needed, number, whole
from hardwire.model.board.motion import (
    AccelerationMeasured,
    MotionRecognized,
    Sense,
    SenseMode,
    SenseMotion,
    StopMotion,
    TemperatureMeasured,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

QUANTITIES = ("temperature", "acceleration", "recognition")

_MODES = {mode.value: mode for mode in SenseMode}
_STATES = {"none": False, "moving": True}
# Anything that JSON can say as a number; sensors have no limits that clients check.
_LARGEST = 1e308


def _decode(_number: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopMotion(),)
    if type(value) is not dict or (value and not any(name in value for name in QUANTITIES)):
        raise unknown_command()
    return (SenseMotion(**{name: _sense(value[name], f".{name}") for name in QUANTITIES if name in value}),)


def _sense(value: Any, place: str) -> Sense:  # Any: JSON
    fields = fields_of(value, place)
    mode = choice(needed(fields, "mode", place), _MODES, f"{place}.mode")
    # The vendor's codec sends 0 where it is missing.
    return Sense(mode, float(number(fields.get("sensitivity", 0), 0, 1, f"{place}.sensitivity")))


def _senses(wish: SenseMotion) -> Mapping[str, Sense | None]:
    return {"temperature": wish.temperature, "acceleration": wish.acceleration, "recognition": wish.recognition}


def _sensed(wish: SenseMotion) -> Written:
    fields = {
        name: {"mode": sense.mode.value, "sensitivity": sense.sensitivity}
        for name, sense in _senses(wish).items()
        if sense is not None
    }
    return {"motion": fields}


_UNCHANGED = 0
_ONE_SHOT = 1
_SENSITIVE = 2


def _framed_sense(payload: bytes) -> Sequence[Command]:
    octets = sized(payload, 2 * len(QUANTITIES))
    senses = [_framed_one(*octets[at : at + 2]) for at in range(0, len(octets), 2)]
    return (SenseMotion(*senses),)


def _framed_stop(payload: bytes) -> Sequence[Command]:
    sized(payload, 0)
    return (StopMotion(),)


def _framed_one(mode: int, percent: int) -> Sense | None:
    if mode == _UNCHANGED:
        return None
    if mode not in (_ONE_SHOT, _SENSITIVE):
        raise Misfit(f"{mode} is no mode")
    sensitivity = whole(percent, 0, 100, "") / 100
    return Sense(SenseMode.ONE_SHOT if mode == _ONE_SHOT else SenseMode.SENSITIVE, sensitivity)


def _sense_frame(wish: SenseMotion) -> bytes:
    return frame(19, 0, b"".join(_pair(sense) for sense in _senses(wish).values()))


def _pair(sense: Sense | None) -> bytes:
    if sense is None:
        return bytes((_UNCHANGED, 0))
    if sense.mode is SenseMode.ONE_SHOT:
        # As the vendor's encoder: one value is told whatever the sensitivity.
        return bytes((_ONE_SHOT, 0))
    return bytes((_SENSITIVE, round(100 * sense.sensitivity)))


def _motion(fields: Mapping[str, Any]) -> str:  # Any: JSON
    return json.encode({"motion": fields}).decode()


def _recognized(recognized: MotionRecognized) -> str:
    state = "moving" if recognized.is_moving else "none"
    return _motion({"recognition": {"motion": state, "possibility": recognized.possibility}})


def _temperature_frame(measured: TemperatureMeasured) -> bytes | None:
    payload = floats(measured.celsius)
    return None if payload is None else frame(19, 2, payload)


def _acceleration_frame(measured: AccelerationMeasured) -> bytes | None:
    payload = floats(measured.r, measured.t, measured.p)
    return None if payload is None else frame(19, 3, payload)


def _read_acceleration(value: Any) -> Happening:  # Any: JSON
    place = ".acceleration"
    fields = fields_of(value, place)
    return AccelerationMeasured(*(_float(needed(fields, name, place), f"{place}.{name}") for name in "rtp"))


def _read_recognition(value: Any) -> Happening:  # Any: JSON
    place = ".recognition"
    fields = fields_of(value, place)
    is_moving = choice(needed(fields, "motion", place), _STATES, f"{place}.motion")
    possibility = number(needed(fields, "possibility", place), 0, 1, f"{place}.possibility")
    return MotionRecognized(is_moving, float(possibility))


def _float(value: Any, place: str) -> float:  # Any: JSON
    return float(number(value, -_LARGEST, _LARGEST, place))


_READERS: Mapping[str, Callable[[Any], Happening]] = {  # Any: JSON
    "temperature": lambda value: TemperatureMeasured(_float(value, ".temperature")),
    "acceleration": _read_acceleration,
    "recognition": _read_recognition,
}


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    fields = fields_of(value, "")
    happenings = [read(fields[name]) for name, read in _READERS.items() if name in fields]
    if not happenings:
        raise Misfit(f"one of {', '.join(QUANTITIES)} is needed")
    return happenings


def _framed_recognized(payload: bytes) -> Sequence[Happening]:
    state, percent = sized(payload, 2)
    return (MotionRecognized(whole(state, 0, 1, "") == 1, whole(percent, 0, 100, "") / 100),)


FAMILY = Family(
    name="motion",
    module=19,
    decode=_decode,
    functions={0: _framed_sense, 1: _framed_stop},
    requests={SenseMotion: _sensed, StopMotion: lambda stop: {"motion": None}},
    framed_requests={SenseMotion: _sense_frame, StopMotion: lambda stop: frame(19, 1)},
    answers={
        TemperatureMeasured: lambda measured: _motion({"temperature": measured.celsius}),
        AccelerationMeasured: lambda measured: _motion(
            {"acceleration": {"r": measured.r, "t": measured.t, "p": measured.p}}
        ),
        MotionRecognized: _recognized,
    },
    framed_answers={
        TemperatureMeasured: _temperature_frame,
        AccelerationMeasured: _acceleration_frame,
        MotionRecognized: lambda recognized: frame(
            19, 4, bytes((recognized.is_moving, round(100 * recognized.possibility)))
        ),
    },
    reports=_told,
    framed_reports={
        2: lambda payload: (TemperatureMeasured(*read_floats(payload, 1)),),
        3: lambda payload: (AccelerationMeasured(*read_floats(payload, 3)),),
        4: _framed_recognized,
    },
)
