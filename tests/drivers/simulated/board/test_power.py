"""Power and clock: wait, reset, reboot, sleep, and what the board's own clock shows."""

from datetime import timedelta

import pytest

from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.function import Later
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.system import (
    KeepWorkingOffline,
    PingBoard,
    Pong,
    Reset,
    SetClock,
    SetPingInterval,
    SleepMinutes,
    SleepSeconds,
    Wait,
    WakeOnEdge,
)
from hardwire.model.command import Command, Reboot
from hardwire.model.errors import BadValueError
from tests.drivers.simulated.board.desk import Desk, settings, wave

SECOND = timedelta(seconds=1)
ONE_HZ = settings(generators=(wave(1, 1.0), Generator(pin=2, frequency_hz=4.0, duty=0.0)))
"""High in the first half of each second; and one that never moves."""


def offline_s(desk: Desk, *commands: Command) -> float:
    """Carry out commands, and return for how long the board is away then."""
    desk.do(*commands)
    assert desk.board.is_offline(desk.now)
    until = desk.board.next_change(desk.now)
    assert not desk.board.is_offline(until)
    return (until - desk.now) / SECOND


def test_a_wait_is_over_when_its_time_is() -> None:
    desk = Desk()

    outcome = desk.board.carry_out(Wait(65_535), desk.now)

    assert isinstance(outcome, Later)
    assert outcome.until_us == desk.unix_us + 65_535_000
    assert outcome.answers(outcome.until_us) == ()


@pytest.mark.parametrize(
    ("command", "away_s"), [(Reboot(), 1), (SleepSeconds(1), 1), (SleepSeconds(64_800), 64_800), (SleepMinutes(2), 120)]
)
def test_a_board_that_reboots_or_sleeps_is_away_for_its_time(command: Command, away_s: float) -> None:
    assert offline_s(Desk(), command) == away_s


@pytest.mark.parametrize(("is_rising", "away_s"), [(True, 1.0), (False, 0.5)])
def test_an_edge_of_a_generator_ends_the_next_sleep_early(is_rising: bool, away_s: float) -> None:
    assert offline_s(Desk(ONE_HZ), WakeOnEdge(is_rising), SleepSeconds(60)) == away_s


def test_a_sleep_without_any_edge_lasts_its_time() -> None:
    assert offline_s(Desk(), WakeOnEdge(True), SleepSeconds(60)) == 60


def test_an_edge_is_armed_for_one_sleep_only() -> None:
    desk = Desk(ONE_HZ)
    desk.do(WakeOnEdge(True), Reset())

    assert offline_s(desk, SleepSeconds(60)) == 60


def test_people_are_told_why_a_board_is_away() -> None:
    desk = Desk()
    desk.do(Reboot())
    rebooting = desk.board.why_offline
    desk.pass_us(2_000_000)
    desk.do(SleepSeconds(5))

    assert (rebooting, desk.board.why_offline) == ("the board reboots", "the board sleeps")


@pytest.mark.parametrize("command", [KeepWorkingOffline(True), SetPingInterval(1_000), WakeOnEdge(True)])
def test_what_only_matters_to_hardware_is_taken_in_silence(command: Command) -> None:
    desk = Desk(Settings())

    assert desk.do(command) == []
    assert desk.told == []


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (Wait(-1), "duration_ms"),
        (Wait(65_536), "duration_ms"),
        (SleepSeconds(0), "seconds"),
        (SleepMinutes(65_536), "minutes"),
        (SetClock(-1), "unix_ms"),
        (SetClock(2**49), "unix_ms"),
    ],
)
def test_what_no_board_can_do_is_refused(command: Command, path: str) -> None:
    desk = Desk()

    with pytest.raises(BadValueError) as refusal:
        desk.do(command)

    assert refusal.value.path == path
    assert not desk.board.is_offline(desk.now)


def test_the_clock_runs_on_from_what_it_was_set_to_until_power_on_sets_it_right() -> None:
    desk = Desk()
    now_ms = desk.unix_us // 1_000
    desk.do(SetClock(5_000))
    desk.pass_us(2_000_000)

    set_wrong = desk.do(PingBoard(b"a", 7))
    desk.do(Reset())
    set_right = desk.do(PingBoard(b"b"))

    assert set_wrong == [Pong(b"a", 7_000, 7)]
    assert set_right == [Pong(b"b", now_ms + 2_000)]


def test_time_never_goes_back_whatever_the_clock_says() -> None:
    desk = Desk()
    desk.pass_us(5_000_000)

    answers = desk.board.carry_out(PingBoard(b"a"), desk.now - 3 * SECOND)

    assert answers == (Pong(b"a", desk.unix_us // 1_000),)
