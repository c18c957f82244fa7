"""PWM: what its lines do can be measured like any others."""

import pytest

from hardwire.drivers.simulated.board.pwm import BITS_LIMIT
from hardwire.model.board.analog import AnalogValue, ReadAnalog
from hardwire.model.board.logic_analyzer import LogicSampled
from hardwire.model.board.pin import DrivePin, PinTaken, Pull, SetPull
from hardwire.model.board.pwm import ModulateAm, SetPwmFrequency, SetPwmPulse, StartPwm, StopPwm
from hardwire.model.board.system import Reset
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, UnknownError
from tests.drivers.simulated.board.desk import Desk, analyzer, settings

WIRED = settings(nets=(("io0", "io8"),))


def samples(desk: Desk) -> bytes:
    (sampled,) = [one for one in desk.told if isinstance(one, LogicSampled)]
    return sampled.bits


@pytest.mark.parametrize("is_set_first", [True, False])
def test_the_duty_is_what_the_logic_analyzer_samples_on_the_same_net(is_set_first: bool) -> None:
    chosen = (SetPwmFrequency(2, 100), SetPwmPulse(2, 2_500))
    desk = Desk(WIRED)
    desk.do(*chosen, StartPwm(2, 0)) if is_set_first else desk.do(StartPwm(2, 0), *chosen)

    desk.do(analyzer(8, 100, 100_000, level=True, samples=1))
    desk.pass_us(110_000)

    assert len(samples(desk)) == 1_000
    assert sum(samples(desk)) == 250


def test_frequency_and_pulse_stay_when_a_channel_moves_to_another_pin() -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 3), SetPwmPulse(0, 1_000), StartPwm(0, 0))

    assert (desk.level(8), desk.board._pins[3].level(desk.unix_us), desk.told) == (True, False, [])


def test_a_stopped_channel_gives_its_pin_back_and_remembers_its_pulse() -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 0), SetPwmPulse(0, 1_000), StopPwm(0))
    stopped = desk.level(8)
    desk.do(StartPwm(0, 0))

    assert (stopped, desk.level(8)) == (False, True)


def test_a_reset_forgets_everything() -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 0), SetPwmPulse(0, 1_000), Reset(), StartPwm(0, 0))

    assert desk.level(8) is False


def test_a_channel_whose_pin_was_taken_drives_it_no_more() -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 0), DrivePin(0, False), SetPwmPulse(0, 1_000))

    assert desk.level(8) is False
    assert [type(one) for one in desk.told] == [PinTaken]


def test_a_second_channel_takes_the_pin_from_the_first() -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 0), SetPwmPulse(0, 1_000), StartPwm(1, 0), SetPwmPulse(0, 1_000))

    assert desk.level(8) is False


def test_an_analog_channel_finds_the_level_of_its_instant() -> None:
    desk = Desk()
    desk.do(StartPwm(0, 5), SetPwmFrequency(0, 1), SetPwmPulse(0, 500_000))
    high = desk.do(ReadAnalog(5))
    desk.pass_us(600_000)
    low = desk.do(ReadAnalog(5))

    assert (high, low) == ([AnalogValue(5, 5.0)], [AnalogValue(5, 0.0)])


def test_modulation_sends_bursts_of_the_carrier_from_now_and_then_nothing() -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 0), SetPwmFrequency(0, 38_000), analyzer(8, 1, 1_000, level=True, samples=1))
    desk.do(ModulateAm(0, 100, bytes([1, 0, 1])))
    desk.pass_us(2_000)

    bits = samples(desk)

    assert 40 <= sum(bits[:100]) <= 60
    assert sum(bits[100:200]) == 0
    assert 40 <= sum(bits[200:300]) <= 60
    assert sum(bits[300:]) == 0


def test_a_modulation_is_over_when_the_wave_is_chosen_anew() -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 0), ModulateAm(0, 1_000, bytes([0] * 8)), SetPwmPulse(0, 1_000))

    assert desk.level(8) is True


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (SetPwmFrequency(0, 0), "frequency_hz"),
        (SetPwmFrequency(0, 80_000_001), "frequency_hz"),
        (SetPwmPulse(0, -1), "pulse_us"),
        (ModulateAm(0, 49, b"\1"), "symbol_us"),
        (ModulateAm(0, 1_000_001, b"\1"), "symbol_us"),
        (ModulateAm(0, 50, bytes(BITS_LIMIT + 1)), "bits"),
    ],
)
def test_what_no_channel_can_do_is_refused(command: Command, path: str) -> None:
    desk = Desk(WIRED)
    desk.do(StartPwm(0, 0), SetPwmPulse(0, 1_000))

    with pytest.raises(BadValueError) as refusal:
        desk.do(command)

    assert refusal.value.path == path
    assert desk.level(8) is True


def test_a_channel_that_the_board_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(UnknownError, match=r"no pwm6; it has pwm0, .*, pwm5"):
        Desk().do(StartPwm(6, 0))


def test_a_pin_that_the_board_has_not_leaves_the_channel_where_it_is() -> None:
    desk = Desk(WIRED)
    desk.do(SetPull(8, Pull.DOWN), StartPwm(0, 0), SetPwmPulse(0, 1_000))

    with pytest.raises(UnknownError):
        desk.do(StartPwm(0, 12))

    assert desk.level(8) is True
