"""Animations: steps exactly in time, however late the board is looked at."""

import pytest

from hardwire.drivers.simulated.board.animation import (
    ANIMATIONS_LIMIT,
    CATCH_UP_US,
    SHORTEST_STEP_US,
    STEPS_LIMIT,
    Animation,
)
from hardwire.drivers.simulated.board.circuit.history import Edge
from hardwire.model.board.analog import ReadAnalog
from hardwire.model.board.animation import (
    AnimationFinished,
    AnimationStep,
    PauseAnimation,
    ResumeAnimation,
    StartAnimation,
)
from hardwire.model.board.pin import DrivePin, PinLevel, StreamPin
from hardwire.model.board.pwm import ModulateAm, SetPwmPulse, StartPwm
from hardwire.model.board.system import BoardWarned, Reset
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, CallerError
from tests.drivers.simulated.board.desk import Desk, settings

WIRED = settings(nets=(("io0", "io8"),))


def blink(
    *durations_us: int, name: str = "blink", pin: int = 0, repeat: int | None = None, is_paused: bool = False
) -> StartAnimation:
    steps = [AnimationStep(us, (DrivePin(pin, index % 2 == 0),)) for index, us in enumerate(durations_us)]
    return StartAnimation(name, tuple(steps), repeat, is_paused)


def edges(desk: Desk, since_us: int) -> list[Edge]:
    """Return the edges of io0 until now, by the microsecond since then."""
    found = desk.board._pins[0].history.edges(since_us - 1, desk.unix_us)
    return [Edge(edge.at_us - since_us, edge.level) for edge in found]


@pytest.mark.parametrize("is_late", [True, False])
def test_a_loop_keeps_its_time_to_the_microsecond_for_ever(is_late: bool) -> None:
    desk = Desk()
    began_us = desk.unix_us
    desk.do(blink(10_007, 20_011))

    desk.pass_us(600_000, is_late=is_late)

    period_us = 30_018
    assert (
        edges(desk, began_us)
        == sorted(
            [Edge(period_us * turn, True) for turn in range(20)]
            + [Edge(period_us * turn + 10_007, False) for turn in range(20)],
            key=lambda edge: edge.at_us,
        )[: len(edges(desk, began_us))]
    )
    assert len(edges(desk, began_us)) == 40


def test_who_streams_the_line_hears_every_step() -> None:
    desk = Desk(WIRED)
    desk.do(StreamPin(8), blink(100_000, 100_000))

    told = desk.pass_us(350_000)

    assert told == [PinLevel(8, level) for level in (False, True, False)]


def test_repeat_counts_steps_and_the_end_is_told_once_when_the_last_one_is_over() -> None:
    desk = Desk()
    began_us = desk.unix_us
    desk.do(blink(10_000, 10_000, repeat=3))

    early = list(desk.pass_us(29_999))
    told = list(desk.pass_us(100_000))

    assert (early, told) == ([], [AnimationFinished("blink")])
    assert edges(desk, began_us) == [Edge(0, True), Edge(10_000, False), Edge(20_000, True)]


def test_a_kept_animation_begins_when_it_is_resumed() -> None:
    desk = Desk()
    desk.do(blink(10_000, 10_000, is_paused=True))
    desk.pass_us(50_000)
    began_us = desk.unix_us
    desk.do(ResumeAnimation("blink"))
    desk.pass_us(15_000)

    assert edges(desk, began_us) == [Edge(0, True), Edge(10_000, False)]


def test_a_kept_animation_that_has_run_out_can_be_begun_anew() -> None:
    desk = Desk()
    desk.do(blink(10_000, repeat=1, is_paused=True), ResumeAnimation("blink"))
    desk.pass_us(20_000)
    desk.do(ResumeAnimation("blink"))
    desk.pass_us(20_000)

    assert desk.told == [AnimationFinished("blink")] * 2


def test_a_paused_one_goes_on_in_the_middle_of_its_step() -> None:
    desk = Desk()
    began_us = desk.unix_us
    desk.do(blink(10_000, 10_000))
    desk.pass_us(4_000)
    desk.do(PauseAnimation("blink"), PauseAnimation("blink"))
    desk.pass_us(100_000)
    desk.do(ResumeAnimation("blink"), ResumeAnimation("blink"))
    desk.pass_us(7_000)

    assert edges(desk, began_us) == [Edge(0, True), Edge(110_000, False)]


def test_a_new_one_of_the_same_name_takes_the_place_of_the_old_one() -> None:
    desk = Desk()
    desk.do(blink(10_000, repeat=5))
    desk.pass_us(15_000)
    began_us = desk.unix_us
    desk.do(blink(1_000, 1_000, repeat=1))
    desk.pass_us(100_000)

    assert desk.told == [AnimationFinished("blink")]
    assert edges(desk, began_us) == []


@pytest.mark.parametrize("command", [PauseAnimation("nobody"), ResumeAnimation("nobody")])
def test_a_name_that_is_not_known_is_none_of_its_business(command: Command) -> None:
    desk = Desk()

    assert desk.do(command) == []
    assert desk.told == []


def test_several_animations_take_their_steps_in_the_order_of_time() -> None:
    desk = Desk(WIRED)
    began_us = desk.unix_us
    desk.do(blink(30_000, 30_000), StartAnimation("off", (AnimationStep(20_000, (DrivePin(0, False),)),)))

    desk.pass_us(45_000, is_late=True)

    assert edges(desk, began_us) == []
    assert desk.level(8) is False


def test_a_step_may_change_a_pwm() -> None:
    desk = Desk(WIRED)
    step = AnimationStep(10_000, (StartPwm(0, 0), SetPwmPulse(0, 1_000)))
    desk.do(StartAnimation("servo", (AnimationStep(10_000, ()), step)))

    desk.pass_us(10_000)

    assert desk.level(8) is True


def test_a_loop_of_no_duration_takes_its_time() -> None:
    desk = Desk()
    began_us = desk.unix_us
    desk.do(blink(0, 0))

    desk.pass_us(10 * SHORTEST_STEP_US, is_late=True)

    assert len(edges(desk, began_us)) == 11


def test_a_board_that_was_not_looked_at_for_an_hour_does_not_make_up_for_it() -> None:
    desk = Desk()
    desk.do(blink(0, 0))
    hour_us = 3_600_000_000

    desk.pass_us(hour_us, is_late=True)

    assert len(edges(desk, desk.unix_us - hour_us // 2)) <= CATCH_UP_US // SHORTEST_STEP_US + 1


def test_animations_that_would_do_too_much_come_later() -> None:
    done: list[Command] = []
    animation = Animation(lambda command, at_us: done.append(command), lambda happening: None)
    many = AnimationStep(0, tuple(DrivePin(0, index % 2 == 0) for index in range(250)))
    for index in range(20):
        animation.carry_out(StartAnimation(str(index), (many,)), 1_000)

    for at_us in range(1_000, 1_001_000, 1_000):
        animation.advance(at_us)

    assert 15_000 <= len(done) <= 30_000


def test_an_animation_ends_with_a_warning_at_a_pin_that_is_not_there() -> None:
    desk = Desk()
    desk.do(blink(10_000, 10_000, pin=40))

    desk.pass_us(50_000)

    (warning,) = desk.told
    assert isinstance(warning, BoardWarned)
    assert "blink" in warning.message
    assert "no io40" in warning.message


def test_a_reset_ends_all_of_them() -> None:
    desk = Desk()
    desk.do(blink(10_000, repeat=2), Reset())

    desk.pass_us(100_000)

    assert desk.told == []


@pytest.mark.parametrize(
    ("plan", "path"),
    [
        (StartAnimation("x", ()), "steps"),
        (blink(*[1_000] * (STEPS_LIMIT + 1)), "steps"),
        (blink(1_000, repeat=0), "repeat"),
        (blink(-1), "duration_us"),
        (StartAnimation("x", (AnimationStep(1_000, (ReadAnalog(0),)),)), "steps"),
        (StartAnimation("x", (AnimationStep(1_000, (DrivePin(0, True),) * 501),) * 2), "steps"),
        (StartAnimation("x", (AnimationStep(1_000, (ModulateAm(0, 100, bytes(5_001)),)),) * 2), "steps"),
    ],
)
def test_an_animation_that_no_board_can_do_is_refused(plan: StartAnimation, path: str) -> None:
    with pytest.raises(BadValueError) as refusal:
        Desk().do(plan)

    assert refusal.value.path == path


def test_a_board_has_room_for_so_many_and_an_old_name_always() -> None:
    desk = Desk()
    desk.do(*(blink(1_000_000, name=str(index)) for index in range(ANIMATIONS_LIMIT)))

    with pytest.raises(CallerError, match="at most 32"):
        desk.do(blink(1_000, name="one more"))

    assert desk.do(blink(1_000, name="0")) == []
