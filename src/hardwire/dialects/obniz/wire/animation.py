"""The `io` family without a number: animations (obniz reference, sections 3.4 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import animation_frames, io, pwm, shape
from hardwire.dialects.obniz.wire.family import Family, Form, MixedError, TextDecoder, Written, by_forms, quoted
from hardwire.dialects.obniz.wire.shape import Misfit, choice, fields_of, named, needed, only, whole
from hardwire.model.board.animation import (
    AnimationFinished,
    AnimationStep,
    PauseAnimation,
    ResumeAnimation,
    StartAnimation,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

LONGEST_STEP_MS = 60_000
MOST_STEPS_WALKED = 0xFFFFFFFF
_WORDS = {"loop": StartAnimation, "registrate": StartAnimation, "pause": PauseAnimation, "resume": ResumeAnimation}
_CONTROL_FIELDS = ("name", "status")
_START_FIELDS = (*_CONTROL_FIELDS, "repeat", "states")
_STATE_FIELDS = ("duration", "state")

_PLACE = ".animation"
_STATES = f"{_PLACE}.states"

# In the order of the vendor's codec: pins first, each by its number.
_KEYS: Mapping[str, tuple[TextDecoder, int]] = {
    f"{family.name}{number}": (family.decode, number)
    for family in (io.FAMILY, pwm.FAMILY)
    for number in range(family.keys or 0)
}
_WRITERS = {**io.FAMILY.requests, **pwm.FAMILY.requests}


def _animation(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    animation = fields_of(fields["animation"], _PLACE)
    name = _name(animation)
    wish = choice(needed(animation, "status", _PLACE), _WORDS, f"{_PLACE}.status")
    if wish is not StartAnimation:
        only(animation, _CONTROL_FIELDS, _PLACE)
        return (wish(name),)
    only(animation, _START_FIELDS, _PLACE)
    repeat = None
    if "repeat" in animation:
        repeat = whole(animation["repeat"], 1, MOST_STEPS_WALKED, f"{_PLACE}.repeat")
    states = needed(animation, "states", _PLACE)
    if type(states) is not list or not states:
        raise Misfit("an array of one state or more is needed", _STATES)
    steps: list[AnimationStep] = []
    count = 0
    for place, state in enumerate(states):
        steps.append(_step(state, f"{_STATES}.{place}"))
        count += len(steps[-1].commands)
        _bound(count)
    start = StartAnimation(name, tuple(steps), repeat, is_paused=animation["status"] == "registrate")
    size_bytes = len(animation_frames.payload_of(start))
    if size_bytes > animation_frames.LARGEST_BYTES:
        raise Misfit(f"{animation_frames.TOO_LARGE}, not {size_bytes}", _PLACE)
    return (start,)


def _name(animation: Mapping[str, Any]) -> str:  # Any: JSON
    name = shape.text(needed(animation, "name", _PLACE), f"{_PLACE}.name", 1, animation_frames.LONGEST_NAME)
    if len(name.encode()) > animation_frames.LONGEST_NAME:
        raise Misfit(f"at most {animation_frames.LONGEST_NAME} bytes of UTF-8 are taken", f"{_PLACE}.name")
    return name


def _step(value: Any, place: str) -> AnimationStep:  # Any: JSON
    fields = fields_of(value, place)
    only(fields, _STATE_FIELDS, place)
    duration_ms = whole(needed(fields, "duration", place), 0, LONGEST_STEP_MS, f"{place}.duration")
    state = needed(fields, "state", place)
    place = f"{place}.state"
    if type(state) is dict:
        commands = _commands(state, place)
    elif type(state) is list:
        _bound(len(state))
        commands = [
            command
            for position, each in enumerate(state)
            for command in _commands(fields_of(each, f"{place}.{position}"), f"{place}.{position}")
        ]
    else:
        raise Misfit(f"an object or an array of objects is needed, not {named(state)}", place)
    if not commands:
        raise Misfit("a command of io or pwm is needed", place)
    return AnimationStep(duration_ms * 1000, tuple(commands))


def _bound(count: int) -> None:
    """Refuse at once what is too large in any case: a command takes three bytes at least."""
    if count * 3 > animation_frames.LARGEST_BYTES:
        raise Misfit(animation_frames.TOO_LARGE, _PLACE)


def _commands(wishes: Mapping[str, Any], place: str) -> list[Command]:  # Any: JSON
    commands: list[Command] = []
    # What no animation can do is passed over, as the vendor's codec does.
    for key in [key for key in _KEYS if key in wishes]:
        decode_value, number = _KEYS[key]
        try:
            commands += decode_value(number, wishes[key])
        except Misfit as misfit:
            raise Misfit(misfit.message, f"{place}.{key}{misfit.field}") from None
        except MixedError as mixed:
            first = mixed.misfits[0]
            raise Misfit(first.message, f"{place}.{key}{first.field}") from None
    return commands


def _started(command: StartAnimation) -> Written:
    animation: Written = {"name": command.name, "status": "registrate" if command.is_paused else "loop"}
    if command.repeat is not None:
        animation["repeat"] = command.repeat
    animation["states"] = [
        {
            # The schema knows whole milliseconds only.
            "duration": step.duration_us // 1000,
            "state": [_WRITERS[type(each)](each) for each in step.commands],
        }
        for step in command.steps
    ]
    return {"io": {"animation": animation}}


def _controlled(command: PauseAnimation | ResumeAnimation) -> Written:
    status = "pause" if isinstance(command, PauseAnimation) else "resume"
    return {"io": {"animation": {"name": command.name, "status": status}}}


def _finished(happening: AnimationFinished) -> str:
    return f'{{"io":{{"animation":{{"name":{quoted(happening.name)},"status":"finish"}}}}}}'


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    animation = fields_of(needed(fields_of(value, ""), "animation"), _PLACE)
    choice(needed(animation, "status", _PLACE), {"finish": "finish"}, f"{_PLACE}.status")
    return (AnimationFinished(_name(animation)),)


_FORMS: Sequence[Form] = (("animation", _animation),)

FAMILY = Family(
    name="io",
    decode=lambda number, value: by_forms(number, value, _FORMS),
    module=animation_frames.MODULE,
    functions=animation_frames.FUNCTIONS,
    requests={StartAnimation: _started, PauseAnimation: _controlled, ResumeAnimation: _controlled},
    framed_requests=animation_frames.FRAMED_REQUESTS,
    answers={AnimationFinished: _finished},
    framed_answers=animation_frames.FRAMED_ANSWERS,
    reports=_told,
    framed_reports=animation_frames.FRAMED_REPORTS,
)
