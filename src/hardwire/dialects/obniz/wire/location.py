"""The `location` family: where the board is (obniz reference, sections 3.19 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire.family import Family, Form, by_forms, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.payload import floats, read_floats
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, number
from hardwire.model.board.location import Located, StartLocation, StopLocation
from hardwire.model.command import Command
from hardwire.model.fact import Happening

FIELDS = ("latitude", "longitude", "altitude", "accuracy", "speed")
# Anything that JSON can say as a number; clients check no limits.
_LARGEST = 1e308


def _start(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    if fields_of(fields["start"], ".start"):
        raise Misfit("an empty object is needed", ".start")
    return (StartLocation(),)


_FORMS: Sequence[Form] = (("start", _start),)


def _decode(number: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopLocation(),)
    return by_forms(number, value, _FORMS)


def _framed_start(payload: bytes) -> Sequence[Command]:
    sized(payload, 0)
    return (StartLocation(),)


def _framed_stop(payload: bytes) -> Sequence[Command]:
    sized(payload, 0)
    return (StopLocation(),)


def _values(located: Located) -> tuple[float, ...]:
    return located.latitude, located.longitude, located.altitude, located.accuracy, located.speed


def _located(located: Located) -> str:
    return json.encode({"location": dict(zip(FIELDS, _values(located), strict=True))}).decode()


def _located_frame(located: Located) -> bytes | None:
    payload = floats(*_values(located))
    return None if payload is None else frame(20, 2, payload)


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    fields = fields_of(value, "")
    values = (number(needed(fields, name), -_LARGEST, _LARGEST, f".{name}") for name in FIELDS)
    return (Located(*map(float, values)),)


FAMILY = Family(
    name="location",
    module=20,
    decode=_decode,
    functions={0: _framed_start, 1: _framed_stop},
    requests={
        StartLocation: lambda start: {"location": {"start": {}}},
        StopLocation: lambda stop: {"location": None},
    },
    framed_requests={StartLocation: lambda start: frame(20, 0), StopLocation: lambda stop: frame(20, 1)},
    answers={Located: _located},
    framed_answers={Located: _located_frame},
    reports=_told,
    framed_reports={2: lambda payload: (Located(*read_floats(payload, len(FIELDS))),)},
)
