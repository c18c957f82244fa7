"""Lines that join pins: who decides their level, and what is told when outputs fight or functions take pins."""

import pytest

from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.analog import AnalogValue, ReadAnalog
from hardwire.model.board.pin import (
    Drive,
    DrivePin,
    PinFailed,
    PinLevel,
    PinOwner,
    PinTaken,
    PinWarned,
    Pull,
    ReadPin,
    ReleasePin,
    SetDrive,
    SetPull,
    StreamPin,
)
from hardwire.model.board.pwm import SetPwmPulse, StartPwm, StopPwm
from hardwire.model.board.system import Reset, SelfCheck
from hardwire.model.board.uart import StartUart, StopUart
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from tests.drivers.simulated.board.desk import Desk, settings, wave

WIRED = settings(nets=(("io0", "io8"), ("io8", "io9")))
"""Three pins on one line."""


def test_every_input_of_a_net_reads_the_pin_that_drives_it() -> None:
    desk = Desk(WIRED)
    desk.do(DrivePin(0, True))

    assert [desk.level(pin) for pin in (8, 9, 7)] == [True, True, False]


def test_a_stream_hears_of_an_output_on_its_net() -> None:
    desk = Desk(WIRED)
    desk.do(StreamPin(9), DrivePin(0, True), DrivePin(0, False))

    assert desk.told == [PinLevel(9, False), PinLevel(9, True), PinLevel(9, False)]


def test_a_pull_of_any_pin_decides_where_nobody_drives() -> None:
    desk = Desk(WIRED)
    pulled_down = desk.do(SetPull(0, Pull.DOWN), ReadPin(8))
    pulled_both_ways = desk.do(SetPull(9, Pull.UP_5V), ReadPin(8))

    assert (pulled_down, pulled_both_ways) == ([PinLevel(8, False)], [PinLevel(8, True)])


def test_a_line_keeps_its_level_when_its_output_turns_into_an_input_and_falls_when_it_is_released() -> None:
    desk = Desk(WIRED)
    desk.do(DrivePin(0, True), ReadPin(0))
    kept = desk.level(8)
    desk.do(DrivePin(0, True), ReleasePin(0))

    assert (kept, desk.level(8)) == (True, False)


def test_a_5_v_output_that_another_holds_low_protects_itself_and_says_so_once() -> None:
    desk = Desk(WIRED)
    desk.do(DrivePin(0, True), DrivePin(8, False), DrivePin(8, False), SelfCheck())

    assert [(type(one), getattr(one, "pin", None), getattr(one, "level", None)) for one in desk.told] == [
        (PinFailed, 0, True)
    ]
    assert desk.level(9) is False


def test_a_3_v_output_only_warns_once_and_drives_again_when_the_other_lets_go() -> None:
    desk = Desk(WIRED)
    desk.do(SetDrive(0, Drive.PUSH_PULL_3V), DrivePin(0, True), DrivePin(8, False), DrivePin(0, True))
    told = list(desk.told)
    fought = desk.level(9)
    desk.do(ReadPin(8))

    assert [(type(one), getattr(one, "level", None)) for one in told] == [(PinWarned, True)]
    assert (fought, desk.level(9)) == (False, True)


def test_a_low_3_v_output_loses_against_a_high_one_of_5_v() -> None:
    desk = Desk(WIRED)
    desk.do(SetDrive(0, Drive.PUSH_PULL_3V), DrivePin(0, False), DrivePin(8, True))

    (warning,) = desk.told

    assert isinstance(warning, PinWarned)
    assert (warning.pin, warning.level, desk.level(9)) == (0, False, True)


def test_a_self_check_tells_again_of_who_drives_in_vain_and_of_nobody_else() -> None:
    desk = Desk(WIRED)
    desk.do(SelfCheck(), SetDrive(0, Drive.PUSH_PULL_3V), DrivePin(0, True), DrivePin(8, False))
    told_before = len(desk.told)
    desk.do(SelfCheck())

    assert told_before == 1
    assert desk.told[1:] == desk.told[:1]


def test_outputs_that_agree_do_not_fight() -> None:
    desk = Desk(WIRED)
    desk.do(DrivePin(0, True), DrivePin(8, True), DrivePin(9, True))

    assert desk.told == []


def test_open_drains_share_a_line_on_which_each_can_pull() -> None:
    desk = Desk(WIRED)
    desk.do(SetDrive(0, Drive.OPEN_DRAIN), SetDrive(8, Drive.OPEN_DRAIN), DrivePin(0, True), DrivePin(8, True))
    high = desk.level(9)
    desk.do(DrivePin(8, False))
    low = desk.level(9)

    assert (high, low, desk.told) == (True, False, [])


def test_two_different_waves_on_one_line_fight() -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 0), SetPwmPulse(0, 500), StartPwm(1, 8))
    desk.pass_us(100)
    desk.do(SetPwmPulse(1, 500))

    assert [type(one) for one in desk.told] == [PinFailed]


def test_a_generator_is_heard_by_all_pins_of_its_net_and_yields_to_an_output() -> None:
    desk = Desk(settings(nets=(("io0", "io8"),), generators=(Generator(pin=8, duty=1.0),)))
    heard = desk.level(0)
    desk.do(DrivePin(0, False))
    driven = desk.level(8)

    assert (heard, driven, desk.told) == (True, False, [])


def test_a_generator_does_nothing_while_a_bus_has_its_pin() -> None:
    desk = Desk(settings(generators=(Generator(pin=1, duty=1.0),)))
    desk.do(StartUart(channel=0, tx=0, rx=1))
    taken = desk.board.changed_points(desk.now)
    levels = [desk.board._pins[1].level(desk.unix_us)]
    desk.do(StopUart(0))

    assert taken == {}
    assert [*levels, desk.level(1)] == [False, True]


def test_a_fast_line_is_told_a_thousand_times_a_second_and_its_last_level_always() -> None:
    desk = Desk(settings(generators=(wave(1, 20_000),)))
    desk.do(StreamPin(1))
    told = desk.pass_us(1_000_000)
    desk.do(SetPull(1, Pull.UP_5V), StreamPin(1))

    assert 900 <= len(told) <= 1_300


def test_a_function_that_takes_a_pin_ends_its_stream() -> None:
    desk = Desk()
    desk.do(StreamPin(3), StartUart(channel=0, tx=3, rx=4), StopUart(0), SetPull(3, Pull.UP_5V))

    assert desk.told == [PinLevel(3, False)]


def test_edges_that_a_late_board_missed_are_told_in_order() -> None:
    desk = Desk(settings(generators=(wave(1, 100),)))
    desk.do(StreamPin(1))

    told = desk.pass_us(52_000, is_late=True)

    assert told == [PinLevel(1, index % 2 == 1) for index in range(10)]


@pytest.mark.parametrize(
    ("commands", "told"),
    [
        ((StartPwm(0, 3), DrivePin(3, True)), [PinTaken(3, PinOwner.PWM, PinOwner.OUTPUT)]),
        ((StartPwm(0, 3), ReadPin(3)), [PinTaken(3, PinOwner.PWM, PinOwner.INPUT)]),
        ((StartPwm(0, 3), StartUart(channel=0, tx=3, rx=4)), [PinTaken(3, PinOwner.PWM, PinOwner.UART)]),
        ((DrivePin(3, True), StartPwm(0, 3)), []),
        ((ReadPin(3), StartUart(channel=0, tx=3, rx=4)), []),
        ((StartPwm(0, 3), StopPwm(0), DrivePin(3, True)), []),
        ((StartPwm(0, 3), StartPwm(1, 3)), []),
        ((StartPwm(0, 3), Reset(), DrivePin(3, True)), []),
    ],
)
def test_only_who_takes_a_pin_from_a_function_that_works_is_worth_telling(
    commands: tuple[Command, ...], told: list[PinTaken]
) -> None:
    desk = Desk()

    desk.do(*commands)

    assert desk.told == told


@pytest.mark.parametrize(
    ("drive", "volts"), [(Drive.PUSH_PULL_5V, 5.0), (Drive.PUSH_PULL_3V, 3.3), (Drive.OPEN_DRAIN, 5.0)]
)
def test_an_analog_channel_measures_who_drives_its_net(drive: Drive, volts: float) -> None:
    desk = Desk(WIRED)

    answers = desk.do(SetDrive(0, drive), DrivePin(0, True), ReadAnalog(8), DrivePin(0, False), ReadAnalog(8))

    assert answers == [AnalogValue(8, volts), AnalogValue(8, 0.0)]


@pytest.mark.parametrize(("pull", "volts"), [(Pull.UP_5V, 5.0), (Pull.UP_3V, 3.3), (Pull.DOWN, 0.0), (Pull.FLOAT, 0.0)])
def test_an_analog_channel_without_a_source_measures_its_pull(pull: Pull, volts: float) -> None:
    assert Desk().do(SetPull(2, pull), ReadAnalog(2)) == [AnalogValue(2, volts)]


def test_an_analog_channel_without_a_voltage_measures_the_generator() -> None:
    desk = Desk(settings(generators=(Generator(pin=2, duty=1.0),)))

    assert desk.do(SetPull(2, Pull.DOWN), ReadAnalog(2)) == [AnalogValue(2, 5.0)]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (settings(nets=(("io0", "io12"),)), "nets[0][1]"),
        (settings(nets=(("io0", "io1"), ("ad2", "io3"))), "nets[1][0]"),
        (settings(generators=(wave(0, 1), wave(12, 1))), "generators[1].pin"),
    ],
)
def test_a_bench_that_names_a_pin_that_is_not_there_is_refused(wrong: Settings, path: str) -> None:
    with pytest.raises(BadValueError) as refusal:
        Desk(wrong)

    assert refusal.value.path == path
