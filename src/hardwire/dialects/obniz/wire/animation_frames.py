"""The frames of animations, with frames of pins and PWM inside (obniz reference, section 6.3, module 1)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import io, pwm
from hardwire.dialects.obniz.wire.family import FrameDecoder, FrameReader
from hardwire.dialects.obniz.wire.framing import BadFrameError, frame, frames
from hardwire.dialects.obniz.wire.shape import Misfit
from hardwire.model.board.animation import (
    AnimationFinished,
    AnimationStep,
    PauseAnimation,
    ResumeAnimation,
    StartAnimation,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

MODULE = 1
LONGEST_NAME = 254
LARGEST_BYTES = 1000
TOO_LARGE = f"an animation takes at most {LARGEST_BYTES} bytes of frames"

_IS_STARTED = 1
_IS_COUNTED = 2

_FUNCTIONS: Mapping[int, FrameDecoder] = {
    module << 8 | function: decode
    for module, functions in ((2, io.FAMILY.functions), (3, pwm.FAMILY.functions))
    for function, decode in functions.items()
}
_WRITERS = {**io.FAMILY.framed_requests, **pwm.FAMILY.framed_requests}


def payload_of(command: StartAnimation) -> bytes:
    """Return the payload of an animation's frame, however large it is."""
    kind = (0 if command.is_paused else _IS_STARTED) | (0 if command.repeat is None else _IS_COUNTED)
    parts = [_named(command.name), bytes((kind,)), (command.repeat or 0).to_bytes(4)]
    for step in command.steps:
        wishes = b"".join(_WRITERS[type(each)](each) or b"" for each in step.commands)
        parts += (len(wishes).to_bytes(4), step.duration_us.to_bytes(4), wishes)
    return b"".join(parts)


def _named(name: str) -> bytes:
    # The length counts the zero behind the name too.
    octets = name.encode() + b"\0"
    return bytes((len(octets),)) + octets


def _name_at(payload: bytes, at: int) -> tuple[str, int]:
    """Return the name whose length stands there, and where it ends."""
    end = at + 1 + (payload[at] if len(payload) > at else 0)
    if end < at + 3 or len(payload) < end or payload[end - 1]:
        raise Misfit("a name with a zero behind it is needed")
    try:
        return payload[at + 1 : end - 1].decode(), end
    except UnicodeDecodeError:
        raise Misfit("the name is no UTF-8") from None


def _only_name(payload: bytes) -> str:
    name, end = _name_at(payload, 0)
    if end != len(payload):
        raise Misfit("a name with a zero behind it is needed")
    return name


def _start(payload: bytes) -> Sequence[Command]:
    if len(payload) > LARGEST_BYTES:
        raise Misfit(f"{TOO_LARGE}, not {len(payload)}")
    name, at = _name_at(payload, 0)
    try:
        return (_kinded(name, payload[at:]),)
    except Misfit as misfit:
        try:
            # Programs of a board whose firmware is below 2.0.0 say no kind: the states follow the name. Read as a kind
            # they make no states, since the number of bytes that they would have is that of their duration.
            return (StartAnimation(name, _steps(payload[at:])),)
        except Misfit:
            raise misfit from None


def _kinded(name: str, rest: bytes) -> StartAnimation:
    if len(rest) < 5:
        raise Misfit("the animation is cut off")
    repeat = int.from_bytes(rest[1:5]) if rest[0] & _IS_COUNTED else None
    if repeat == 0:
        raise Misfit("Value 0 is less than minimum 1")
    return StartAnimation(name, _steps(rest[5:]), repeat, is_paused=not rest[0] & _IS_STARTED)


def _steps(payload: bytes) -> tuple[AnimationStep, ...]:
    steps: list[AnimationStep] = []
    at = 0
    while at < len(payload):
        start = at + 8
        end = start + int.from_bytes(payload[at : at + 4])
        if len(payload) < max(start, end):
            raise Misfit("the animation is cut off")
        commands = tuple(_commands(payload[start:end]))
        if not commands:
            raise Misfit("a command of io or pwm is needed")
        steps.append(AnimationStep(int.from_bytes(payload[at + 4 : start]), commands))
        at = end
    if not steps:
        raise Misfit("one state or more is needed")
    return tuple(steps)


def _commands(message: bytes) -> list[Command]:
    commands: list[Command] = []
    try:
        for module, function, payload in frames(message):
            decode = _FUNCTIONS.get(module << 8 | function)
            if decode is None:
                raise Misfit("only commands of io and pwm may be here")
            commands += decode(payload)
    except BadFrameError as error:
        raise Misfit(str(error)) from None
    return commands


def _start_frame(command: StartAnimation) -> bytes | None:
    payload = payload_of(command)
    return frame(MODULE, 0, payload) if len(payload) <= LARGEST_BYTES else None


def _finished(payload: bytes) -> Sequence[Happening]:
    # What the first byte means nobody says.
    name, end = _name_at(payload, 1)
    if end != len(payload):
        raise Misfit("a name with a zero behind it is needed")
    return (AnimationFinished(name),)


FUNCTIONS: Mapping[int, FrameDecoder] = {
    0: _start,
    1: lambda payload: (PauseAnimation(_only_name(payload)),),
    2: lambda payload: (ResumeAnimation(_only_name(payload)),),
}

FRAMED_REQUESTS: Mapping[type[Command], Callable[[Any], bytes | None]] = {  # Any: the command of that type
    StartAnimation: _start_frame,
    PauseAnimation: lambda command: frame(MODULE, 1, _named(command.name)),
    ResumeAnimation: lambda command: frame(MODULE, 2, _named(command.name)),
}

FRAMED_ANSWERS: Mapping[type[Happening], Callable[[Any], bytes | None]] = {  # Any: the happening of that type
    AnimationFinished: lambda happening: frame(MODULE, 3, b"\0" + _named(happening.name)),
}

FRAMED_REPORTS: Mapping[int, FrameReader] = {3: _finished}
