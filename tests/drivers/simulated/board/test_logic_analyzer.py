"""The logic analyzer: samples of what was on a line, each time its trigger is met."""

import pytest

from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.logic_analyzer import REST_US, SAMPLES_LIMIT
from hardwire.model.board.logic_analyzer import LogicSampled, StopLogicAnalyzer
from hardwire.model.board.pin import DrivePin, PinOwner, Pull, SetPull
from hardwire.model.board.system import Reset
from hardwire.model.board.uart import StartUart
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, UnknownError
from tests.drivers.simulated.board.desk import Desk, analyzer, settings, wave


def bits(text: str) -> LogicSampled:
    return LogicSampled(bytes(int(bit) for bit in text))


@pytest.mark.parametrize("is_late", [True, False])
def test_without_trigger_it_samples_from_any_change_on(is_late: bool) -> None:
    desk = Desk()
    desk.do(analyzer(3, 1_000, 10_000))
    desk.pass_us(5_300)
    desk.do(DrivePin(3, True))
    desk.pass_us(2_500, is_late=is_late)
    desk.do(DrivePin(3, False))
    desk.pass_us(20_000, is_late=is_late)

    assert desk.told == [bits("1110000000")]


def test_a_line_that_never_changes_is_never_sampled() -> None:
    desk = Desk()
    desk.do(analyzer(3, 1_000, 10_000))

    assert desk.pass_us(10_000_000) == []


def test_samples_begin_with_those_that_met_the_trigger() -> None:
    desk = Desk(settings(generators=(wave(1, 50),)))
    desk.pass_us(3_000)
    desk.do(analyzer(1, 1_000, 20_000, level=False, samples=3))

    desk.pass_us(40_000)

    assert desk.told == [bits("0" * 10 + "1" * 10)]


def test_too_short_a_level_does_not_meet_the_trigger() -> None:
    desk = Desk(settings(generators=(wave(1, 100),)))
    desk.do(analyzer(1, 1_000, 20_000, level=True, samples=6))

    assert desk.pass_us(200_000) == []


def test_a_trigger_longer_than_the_samples_fills_them_all() -> None:
    desk = Desk(settings(generators=(Generator(pin=1, duty=1.0),)))
    desk.do(analyzer(1, 1_000, 3_000, level=True, samples=5))

    desk.pass_us(10_000)

    assert desk.told == [bits("111")]


@pytest.mark.parametrize("is_late", [True, False])
def test_it_samples_again_and_again_with_a_rest_in_between(is_late: bool) -> None:
    desk = Desk(settings(generators=(wave(1, 100),)))
    desk.do(analyzer(1, 1_000, 10_000))

    desk.pass_us(1_000_000, is_late=is_late)

    assert set(map(type, desk.told)) == {LogicSampled}
    assert 1_000_000 // (REST_US + 20_000) <= len(desk.told) <= 1_000_000 // REST_US


@pytest.mark.parametrize("stop", [StopLogicAnalyzer(), Reset(), analyzer(4, 1_000, 10_000)])
def test_it_stops_when_it_is_told_to_or_put_elsewhere(stop: Command) -> None:
    desk = Desk(settings(generators=(wave(1, 100),)))
    desk.do(analyzer(1, 1_000, 10_000), stop)

    assert desk.pass_us(1_000_000) == []
    assert desk.board._pins[1].owner is PinOwner.NOBODY


def test_stopping_what_does_not_run_is_no_fault() -> None:
    assert Desk().do(StopLogicAnalyzer()) == []


def test_it_takes_the_pin_from_nobody_and_gives_back_only_its_own() -> None:
    desk = Desk()
    desk.do(DrivePin(3, True), analyzer(3, 1_000, 10_000), StopLogicAnalyzer())
    kept = desk.board._pins[3].owner
    desk.do(analyzer(4, 1_000, 10_000), StartUart(channel=0, tx=4, rx=5), StopLogicAnalyzer())

    assert (kept, desk.board._pins[4].owner) == (PinOwner.OUTPUT, PinOwner.UART)
    assert desk.told == []


def test_a_generator_acts_while_it_watches() -> None:
    desk = Desk(settings(generators=(Generator(pin=1, duty=1.0),)))
    desk.do(SetPull(1, Pull.DOWN), analyzer(1, 1_000, 3_000, level=True, samples=1))

    desk.pass_us(10_000)

    assert desk.told == [bits("111")]


def test_a_line_too_fast_to_look_at_costs_a_bounded_amount() -> None:
    desk = Desk(settings(generators=(wave(1, 400_000),)))
    desk.do(analyzer(1, 1, 1_000, level=True, samples=100))

    assert desk.pass_us(60_000_000, is_late=True) == []
    assert desk.pass_us(1_000) == []


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (analyzer(0, 0, 1_000), "interval_us"),
        (analyzer(0, 10, 0), "duration_us"),
        (analyzer(0, 10, 10 * SAMPLES_LIMIT + 1), "duration_us"),
        (analyzer(0, 10, 1_000, samples=-1), "trigger_samples"),
    ],
)
def test_what_it_cannot_sample_is_refused(command: Command, path: str) -> None:
    with pytest.raises(BadValueError) as refusal:
        Desk().do(command)

    assert refusal.value.path == path


def test_a_pin_that_the_board_has_not_is_refused_and_the_old_one_watched_on() -> None:
    desk = Desk(settings(generators=(wave(1, 100),)))
    desk.do(analyzer(1, 1_000, 10_000))

    with pytest.raises(UnknownError):
        desk.do(analyzer(12, 1_000, 10_000))

    assert desk.pass_us(50_000)
