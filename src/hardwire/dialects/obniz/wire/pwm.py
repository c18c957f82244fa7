"""The `pwm` family: pins that go up and down by themselves (obniz reference, sections 3.6 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.duration import microseconds, milliseconds
from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.packing import packed, unpacked
from hardwire.dialects.obniz.wire.shape import Misfit, bits, choice, fields_of, needed, pin, whole
from hardwire.model.board.pwm import ModulateAm, SetPwmFrequency, SetPwmPulse, StartPwm, StopPwm
from hardwire.model.command import Command

CHANNELS = 6
_MODULE = 3
HIGHEST_HZ = 80_000_000
# 32 bits of microseconds on the binary wire.
LONGEST_PULSE_MS = 0xFFFFFFFF / 1000
SYMBOL_MS = (0.05, 1000)


def _io(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (StartPwm(channel, pin(fields["io"], ".io")),)


def _freq(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SetPwmFrequency(channel, whole(fields["freq"], 1, HIGHEST_HZ, ".freq")),)


def _pulse(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SetPwmPulse(channel, microseconds(fields["pulse"], 0, LONGEST_PULSE_MS, ".pulse")),)


def _modulate(channel: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    place = ".modulate"
    burst = fields_of(fields["modulate"], place)
    choice(needed(burst, "type", place), {"am": "am"}, f"{place}.type")
    symbol_us = microseconds(needed(burst, "symbol_length", place), *SYMBOL_MS, f"{place}.symbol_length")
    return (ModulateAm(channel, symbol_us, bits(needed(burst, "data", place), f"{place}.data")),)


_FORMS: Sequence[Form] = (("io", _io), ("freq", _freq), ("pulse", _pulse), ("modulate", _modulate))


def _decode(channel: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is None:
        return (StopPwm(channel),)
    return by_forms(channel, value, _FORMS)


def _framed_start(payload: bytes) -> Sequence[Command]:
    channel, one = sized(payload, 2)
    return (StartPwm(channel, one),)


def _framed_frequency(payload: bytes) -> Sequence[Command]:
    frequency_hz = int.from_bytes(sized(payload, 5)[1:])
    return (SetPwmFrequency(payload[0], whole(frequency_hz, 1, HIGHEST_HZ, ".freq")),)


def _framed_pulse(payload: bytes) -> Sequence[Command]:
    return (SetPwmPulse(sized(payload, 5)[0], int.from_bytes(payload[1:])),)


def _framed_modulate(payload: bytes) -> Sequence[Command]:
    if len(payload) < 5:
        raise Misfit(f"at least 5 bytes are needed, not {len(payload)}")
    return (ModulateAm(payload[0], int.from_bytes(payload[1:5]), unpacked(payload[5:])),)


def _modulation(command: ModulateAm) -> Written:
    burst = {"type": "am", "symbol_length": milliseconds(command.symbol_us), "data": [*command.bits]}
    return {f"pwm{command.channel}": {"modulate": burst}}


def _modulation_frame(command: ModulateAm) -> bytes:
    return frame(_MODULE, 4, bytes((command.channel,)) + command.symbol_us.to_bytes(4) + packed(command.bits))


FAMILY = Family(
    name="pwm",
    keys=CHANNELS,
    decode=_decode,
    module=_MODULE,
    functions={
        0: _framed_start,
        1: lambda payload: (StopPwm(sized(payload, 1)[0]),),
        2: _framed_frequency,
        3: _framed_pulse,
        4: _framed_modulate,
    },
    requests={
        StartPwm: lambda command: {f"pwm{command.channel}": {"io": command.pin}},
        StopPwm: lambda command: {f"pwm{command.channel}": None},
        SetPwmFrequency: lambda command: {f"pwm{command.channel}": {"freq": command.frequency_hz}},
        SetPwmPulse: lambda command: {f"pwm{command.channel}": {"pulse": milliseconds(command.pulse_us)}},
        ModulateAm: _modulation,
    },
    framed_requests={
        StartPwm: lambda command: frame(_MODULE, 0, bytes((command.channel, command.pin))),
        StopPwm: lambda command: frame(_MODULE, 1, bytes((command.channel,))),
        SetPwmFrequency: lambda command: frame(
            _MODULE, 2, bytes((command.channel,)) + command.frequency_hz.to_bytes(4)
        ),
        SetPwmPulse: lambda command: frame(_MODULE, 3, bytes((command.channel,)) + command.pulse_us.to_bytes(4)),
        ModulateAm: _modulation_frame,
    },
)
