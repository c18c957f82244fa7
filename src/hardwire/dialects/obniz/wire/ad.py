"""The `ad` family: analog inputs (obniz reference, sections 3.5 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Family, Form, by_forms, sized
from hardwire.dialects.obniz.wire.shape import flag
from hardwire.model.board.analog import AnalogValue, ReadAnalog, StopAnalog, StreamAnalog
from hardwire.model.command import Command

CHANNELS = 40


def _stream(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    is_streamed = flag(fields["stream"], ".stream")
    return (StreamAnalog(channel) if is_streamed else ReadAnalog(channel),)


_FORMS: Sequence[Form] = (("stream", _stream),)


def _decode(channel: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopAnalog(channel),)
    return by_forms(channel, value, _FORMS)


def _value(happening: AnalogValue) -> str:
    # obniz.js drops what is not 0 to 5 (section 1.8), so a reading a little outside is worth its limit.
    voltage_v = min(5.0, max(0.0, happening.voltage_v))
    return f'{{"ad{happening.channel}":{round(voltage_v, 3)}}}'


FAMILY = Family(
    name="ad",
    keys=CHANNELS,
    decode=_decode,
    module=7,
    functions={
        0: lambda payload: (StreamAnalog(sized(payload, 1)[0]),),
        1: lambda payload: (StopAnalog(sized(payload, 1)[0]),),
        3: lambda payload: (ReadAnalog(sized(payload, 1)[0]),),
    },
    answers={AnalogValue: _value},
)
