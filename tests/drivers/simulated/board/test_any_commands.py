"""Whatever programs ask of a board, and whenever: it answers or refuses, lives on, and its time never goes back."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from hardwire.drivers.simulated.board.function import Aside
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.analog import ReadAnalog, StopAnalog, StreamAnalog
from hardwire.model.board.animation import AnimationStep, PauseAnimation, ResumeAnimation, StartAnimation
from hardwire.model.board.logic_analyzer import StartLogicAnalyzer, StopLogicAnalyzer
from hardwire.model.board.measure import MeasureEcho
from hardwire.model.board.pin import Drive, DrivePin, Pull, ReadPin, ReleasePin, SetDrive, SetPull, StreamPin
from hardwire.model.board.pwm import ModulateAm, SetPwmFrequency, SetPwmPulse, StartPwm, StopPwm
from hardwire.model.board.system import (
    PingBoard,
    Reset,
    SelfCheck,
    SetClock,
    SetQueueMode,
    SleepSeconds,
    Stamp,
    Wait,
    WakeOnEdge,
)
from hardwire.model.board.uart import StartUart, StopUart
from hardwire.model.command import Command
from hardwire.model.errors import CallerError
from tests.drivers.simulated.board.desk import Desk

Moves: TypeAlias = Sequence[tuple[Command, int, bool]]
"""Commands, each with the time that passes after it and whether nobody looks at the board meanwhile."""

pins = st.integers(-1, 12)
channels = st.integers(-1, 6)
times = st.one_of(st.integers(-1, 40), st.sampled_from([500, 10_000, 10**6, 10**9]))
pin_commands = st.one_of(
    st.builds(DrivePin, pins, st.booleans()),
    st.builds(ReadPin, pins),
    st.builds(StreamPin, pins),
    st.builds(ReleasePin, pins),
    st.builds(SetDrive, pins, st.sampled_from(Drive)),
    st.builds(SetPull, pins, st.sampled_from(Pull)),
    st.builds(StartPwm, channels, pins),
    st.builds(StopPwm, channels),
    st.builds(SetPwmFrequency, channels, st.sampled_from([0, 1, 50, 1_000, 38_000, 999_999, 80_000_000])),
    st.builds(SetPwmPulse, channels, times),
    st.builds(ModulateAm, channels, st.sampled_from([0, 50, 1_000]), st.binary(max_size=9)),
)
steps = st.lists(st.builds(AnimationStep, times, st.lists(pin_commands, max_size=4).map(tuple)), max_size=3).map(tuple)
names = st.sampled_from("ab")
commands = st.one_of(
    pin_commands,
    st.builds(ReadAnalog, pins),
    st.builds(StreamAnalog, pins),
    st.builds(StopAnalog, pins),
    st.builds(StartAnimation, names, steps, st.none() | st.integers(0, 4), st.booleans()),
    st.builds(PauseAnimation, names),
    st.builds(ResumeAnimation, names),
    st.builds(
        StartLogicAnalyzer,
        pin=pins,
        interval_us=times,
        duration_us=times,
        trigger_level=st.booleans(),
        trigger_samples=st.integers(-1, 9),
    ),
    st.builds(StopLogicAnalyzer),
    st.builds(
        MeasureEcho,
        pulse_pin=pins,
        echo_pin=pins,
        is_positive=st.booleans(),
        pulse_us=times,
        edges=st.integers(0, 5),
        timeout_us=times,
    ),
    st.builds(StartUart, channel=st.integers(0, 2), tx=pins, rx=pins),
    st.builds(StopUart, st.integers(0, 2)),
    st.builds(SetQueueMode, st.sampled_from([0, 10, 1_000]), st.sampled_from(Stamp)),
    st.builds(SetClock, st.sampled_from([0, 1_000])),
    st.builds(Wait, st.integers(-1, 20)),
    st.builds(PingBoard, st.binary(max_size=4)),
    st.sampled_from([Reset(), SelfCheck(), WakeOnEdge(True), SleepSeconds(1)]),
)
moves = st.lists(st.tuples(commands, times.map(lambda us: max(0, us)), st.booleans()), max_size=25)

WIRED = Settings(nets=(("io0", "io8"), ("io1", "io2", "io3"), ("io6", "io7")))


@given(moves)
@settings(deadline=None)
def test_a_board_answers_or_refuses_and_lives_on(several: Moves) -> None:
    desk = Desk(WIRED)

    for command, span_us, is_late in several:
        before = desk.now
        if not desk.board.is_offline(desk.now):
            with suppress(CallerError):
                desk.do(command)
        # A stream of a fast line would take a test long: of a long time, only its end is looked at.
        desk.pass_us(span_us, is_late=is_late or span_us > 100_000)
        assert desk.now >= before
        assert desk.board.next_change(desk.now) > desk.now

    desk.pass_us(2_000_000, is_late=True)
    desk.do(Reset())
    assert all(pin.output is None for pin in desk.board._pins.all())
    assert not isinstance(desk.board.carry_out(PingBoard(b"alive"), desk.now), Aside)
