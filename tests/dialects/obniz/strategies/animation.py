"""Animations of pins and PWM."""

from hypothesis import strategies as st

from hardwire.model.board.animation import (
    AnimationFinished,
    AnimationStep,
    PauseAnimation,
    ResumeAnimation,
    StartAnimation,
)
from tests.dialects.obniz.strategies import io, pwm

_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
# Their modulation has a loss of its own.
_INNER = [*io.COMMANDS.values(), *(each for kind, each in pwm.COMMANDS.items() if kind not in pwm.FRAME_LOSSES)]
# JSON has whole milliseconds.
_STEPS = st.builds(
    lambda duration_ms, commands: AnimationStep(duration_ms * 1000, commands),
    st.integers(0, 60_000),
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
