"""The `ad` family: analog inputs (obniz reference, sections 3.5 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Family, Form, by_forms, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, flag, number
from hardwire.model.board.analog import AnalogValue, ReadAnalog, StopAnalog, StreamAnalog
from hardwire.model.command import Command
from hardwire.model.fact import Happening

CHANNELS = 40
HIGHEST_V = 5.0
_MODULE = 7
_DECIMALS = 3


def _stream(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    is_streamed = flag(fields["stream"], ".stream")
    return (StreamAnalog(channel) if is_streamed else ReadAnalog(channel),)


_FORMS: Sequence[Form] = (("stream", _stream),)


def _decode(channel: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopAnalog(channel),)
    return by_forms(channel, value, _FORMS)


def _clients_v(voltage_v: float) -> float:
    # obniz.js drops what is not 0 to 5 (section 1.8), so a reading a little outside is worth its limit.
    return round(min(HIGHEST_V, max(0.0, voltage_v)), _DECIMALS)


def _value(happening: AnalogValue) -> str:
    return f'{{"ad{happening.channel}":{_clients_v(happening.voltage_v)}}}'


def _value_frame(happening: AnalogValue) -> bytes:
    voltage_v = _clients_v(happening.voltage_v)
    # Three forms, each with steps of its own: 10 mV, 4.9 mV, and 0.8 mV that end at 3.3 V.
    forms = (
        round(voltage_v * 100),
        0x8000 | round(voltage_v * 1023 / 5),
        0x4000 | min(0xFFF, round(voltage_v * 4095 / 3.3)),
    )
    nearest = min(forms, key=lambda form: abs(_framed_v(form) - voltage_v))
    return frame(_MODULE, 2, bytes((happening.channel,)) + nearest.to_bytes(2))


def _framed_v(form: int) -> float:
    """Return the voltage that two bytes of a frame stand for."""
    if form & 0x8000:
        voltage_v = (form & 0x3FF) * 5 / 1023
    elif form & 0x4000:
        voltage_v = (form & 0xFFF) * 3.3 / 4095
    else:
        voltage_v = form / 100
    return round(voltage_v, _DECIMALS)


def _told(channel: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    return (AnalogValue(channel, number(value, 0, HIGHEST_V, "")),)


def _framed_told(payload: bytes) -> Sequence[Happening]:
    if not payload or len(payload) % 3:
        raise Misfit(f"three bytes for each value are needed, not {len(payload)} in all")
    return tuple(
        AnalogValue(payload[at], _framed_v(int.from_bytes(payload[at + 1 : at + 3])))
        for at in range(0, len(payload), 3)
    )


FAMILY = Family(
    name="ad",
    keys=CHANNELS,
    decode=_decode,
    module=_MODULE,
    functions={
        0: lambda payload: (StreamAnalog(sized(payload, 1)[0]),),
        1: lambda payload: (StopAnalog(sized(payload, 1)[0]),),
        3: lambda payload: (ReadAnalog(sized(payload, 1)[0]),),
    },
    requests={
        StreamAnalog: lambda command: {f"ad{command.channel}": {"stream": True}},
        ReadAnalog: lambda command: {f"ad{command.channel}": {"stream": False}},
        StopAnalog: lambda command: {f"ad{command.channel}": None},
    },
    framed_requests={
        StreamAnalog: lambda command: frame(_MODULE, 0, bytes((command.channel,))),
        StopAnalog: lambda command: frame(_MODULE, 1, bytes((command.channel,))),
        ReadAnalog: lambda command: frame(_MODULE, 3, bytes((command.channel,))),
    },
    answers={AnalogValue: _value},
    framed_answers={AnalogValue: _value_frame},
    reports=_told,
    framed_reports={2: _framed_told},
)
