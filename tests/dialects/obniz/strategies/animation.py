"""Animations of pins and PWM."""

from hypothesis import strategies as st

from hardwire.model.board.animation import (
    AnimationFinished,
    AnimationStep,
    PauseAnimation,
    ResumeAnimation,
    StartAnimation,
)
from tests.dialects.obniz.loss import Loss
from tests.dialects.obniz.strategies import io, pwm

_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
# Their modulation has a loss of its own.
_INNER = [*io.COMMANDS.values(), *(each for kind, each in pwm.COMMANDS.items() if kind not in pwm.FRAME_LOSSES)]
_STEPS = st.builds(
    AnimationStep,
    st.integers(0, 60_000_000),
    st.lists(st.one_of(_INNER), min_size=1, max_size=4).map(tuple),
)

COMMANDS = {
    StartAnimation: st.builds(
        StartAnimation,
        _NAMES,
        st.lists(_STEPS, min_size=1, max_size=4).map(tuple),
        st.none() | st.integers(1, 0xFFFFFFFF),
        is_paused=st.booleans(),
    ),
    PauseAnimation: st.builds(PauseAnimation, _NAMES),
    ResumeAnimation: st.builds(ResumeAnimation, _NAMES),
}
HAPPENINGS = {AnimationFinished: st.builds(AnimationFinished, _NAMES)}


def _in_milliseconds(word: StartAnimation) -> tuple[StartAnimation]:
    steps = tuple(AnimationStep(step.duration_us // 1000 * 1000, step.commands) for step in word.steps)
    return (StartAnimation(word.name, steps, word.repeat, word.is_paused),)


TEXT_LOSSES = {StartAnimation: Loss("JSON has whole milliseconds", _in_milliseconds)}
