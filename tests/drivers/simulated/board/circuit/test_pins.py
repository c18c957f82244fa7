"""The virtual board's pins and analog channels: who owns them, what level they show, what streams tell."""

from datetime import datetime, timedelta

import pytest

from hardwire.drivers.simulated.board.board import Board
from hardwire.drivers.simulated.board.circuit.voltage import Voltage
from hardwire.drivers.simulated.board.instants import unix_us
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.analog import AnalogValue, ReadAnalog, StopAnalog, StreamAnalog
from hardwire.model.board.pin import Drive, DrivePin, PinLevel, Pull, ReadPin, ReleasePin, SetDrive, SetPull, StreamPin
from hardwire.model.board.system import Reset
from hardwire.model.command import Command, Reboot
from tests.fakes.paper_feed import NOON

HIGH = NOON
"""An instant at which the square wave is high."""
LOW = NOON + timedelta(milliseconds=250)
"""One at which it is low."""


def board() -> Board:
    return Board(Settings())


def ms(count: int) -> timedelta:
    return timedelta(milliseconds=count)


def sine_v(channel: int, at_us: int) -> float:
    return Voltage(channel=channel, phase=channel / 12).volts(at_us)


def carry_out_all(one: Board, *commands: Command, now: datetime = NOON) -> None:
    for command in commands:
        one.carry_out(command, now)


@pytest.mark.parametrize("level", [True, False])
def test_reading_a_pin_that_was_driven_gives_its_level_again_and_again(level: bool) -> None:
    one = board()
    carry_out_all(one, DrivePin(3, level))

    answers = [one.carry_out(ReadPin(3), NOON) for _ in range(2)]

    assert answers == [(PinLevel(3, level),)] * 2


@pytest.mark.parametrize(
    ("pull", "level"), [(Pull.UP_5V, True), (Pull.UP_3V, True), (Pull.DOWN, False), (Pull.FLOAT, False)]
)
def test_a_pull_decides_the_level_of_an_open_input(pull: Pull, level: bool) -> None:
    one = board()

    carry_out_all(one, SetPull(5, pull))

    assert one.carry_out(ReadPin(5), NOON) == (PinLevel(5, level),)


def test_a_pull_does_not_move_an_output() -> None:
    one = board()
    carry_out_all(one, DrivePin(5, False), SetPull(5, Pull.UP_5V))

    points = one.changed_points(NOON)

    assert points["io5"] is False


def test_a_released_pin_floats_low_without_pull() -> None:
    one = board()
    carry_out_all(one, SetPull(5, Pull.UP_5V), DrivePin(5, True), ReleasePin(5))

    assert one.carry_out(ReadPin(5), NOON) == (PinLevel(5, False),)


@pytest.mark.parametrize("pin", [1, 6])
def test_the_generator_is_seen_by_inputs(pin: int) -> None:
    one = board()

    assert one.carry_out(ReadPin(pin), HIGH) == (PinLevel(pin, True),)
    assert one.carry_out(ReadPin(pin), LOW) == (PinLevel(pin, False),)


def test_the_generator_never_works_against_an_output() -> None:
    one = board()
    carry_out_all(one, DrivePin(1, True))

    assert one.changed_points(LOW)["io1"] is True


def test_a_stream_tells_the_present_level_at_once_and_then_every_change() -> None:
    one = board()
    carry_out_all(one, StreamPin(4), now=NOON)

    at_once = one.advance(NOON)
    unchanged = one.advance(NOON)
    carry_out_all(one, SetPull(4, Pull.UP_3V))
    changed = one.advance(NOON)

    assert at_once == (PinLevel(4, False),)
    assert unchanged == ()
    assert changed == (PinLevel(4, True),)


def test_a_stream_follows_the_generator_edge_by_edge() -> None:
    one = board()
    carry_out_all(one, StreamPin(6))
    now, told = NOON, list(one.advance(NOON))

    for _ in range(3):
        now = one.next_change(now)
        told += one.advance(now)

    assert told == [PinLevel(6, level) for level in (True, False, True, False)]
    assert now == NOON + ms(750)


@pytest.mark.parametrize("command", [DrivePin(4, True), ReleasePin(4), Reset(), Reboot()])
def test_using_the_pin_otherwise_ends_its_stream(command: Command) -> None:
    one = board()
    carry_out_all(one, StreamPin(4))
    one.advance(NOON)

    carry_out_all(one, command, SetPull(4, Pull.UP_5V))

    assert PinLevel(4, True) not in one.advance(NOON)


def test_reading_once_ends_no_stream() -> None:
    one = board()
    carry_out_all(one, StreamPin(4), StreamAnalog(0))
    one.advance(NOON)

    carry_out_all(one, ReadPin(4), ReadAnalog(0))
    carry_out_all(one, SetPull(4, Pull.UP_5V))

    later = NOON + ms(1_000)
    assert one.advance(later) == (PinLevel(4, True), AnalogValue(0, sine_v(0, unix_us(later))))


def test_asking_for_a_stream_again_tells_the_level_again() -> None:
    one = board()
    carry_out_all(one, StreamPin(4))
    one.advance(NOON)

    carry_out_all(one, StreamPin(4))

    assert one.advance(NOON) == (PinLevel(4, False),)


def test_an_analog_channel_is_read_once() -> None:
    one = board()

    answer = one.carry_out(ReadAnalog(2), NOON)

    assert answer == (AnalogValue(2, sine_v(2, unix_us(NOON))),)
    assert one.advance(NOON + ms(1_000)) == ()


def test_an_analog_stream_tells_at_once_and_when_the_voltage_has_moved() -> None:
    one = board()
    carry_out_all(one, StreamAnalog(0))

    at_once = one.advance(NOON)
    too_soon = one.advance(NOON + ms(99))
    due = one.next_change(NOON)
    moved = one.advance(due)

    assert at_once == (AnalogValue(0, sine_v(0, unix_us(NOON))),)
    assert too_soon == ()
    assert due == NOON + ms(100)
    assert moved == (AnalogValue(0, sine_v(0, unix_us(due))),)


@pytest.mark.parametrize("command", [StopAnalog(0), Reset()])
def test_an_analog_stream_ends_when_it_is_stopped(command: Command) -> None:
    one = board()
    carry_out_all(one, StreamAnalog(0))
    one.advance(NOON)

    carry_out_all(one, command)

    told = one.advance(NOON + ms(1_000))
    assert not [happening for happening in told if isinstance(happening, AnalogValue)]


def test_measuring_a_pin_takes_it_from_nobody() -> None:
    one = board()
    carry_out_all(one, DrivePin(0, True), StreamAnalog(0))
    high = one.advance(NOON)

    carry_out_all(one, DrivePin(0, False), ReleasePin(1))
    low = one.advance(NOON + ms(100))

    assert (high, low) == ((AnalogValue(0, 5.0),), (AnalogValue(0, 0.0),))


def test_a_pins_level_is_streamed_while_it_is_measured() -> None:
    one = board()
    carry_out_all(one, StreamPin(1), StreamAnalog(1), StopAnalog(1))
    one.advance(NOON)

    told = one.advance(NOON + ms(250))

    assert told == (PinLevel(1, False),)


def test_stopping_a_channel_that_does_not_stream_leaves_the_pin_alone() -> None:
    one = board()

    carry_out_all(one, DrivePin(0, True), StopAnalog(0))

    assert one.changed_points(NOON)["io0"] is True


@pytest.mark.parametrize(
    ("drive", "volts"), [(Drive.PUSH_PULL_5V, 5.0), (Drive.PUSH_PULL_3V, 3.3), (Drive.OPEN_DRAIN, 5.0)]
)
def test_a_channel_measures_what_its_own_pin_drives(drive: Drive, volts: float) -> None:
    one = board()
    carry_out_all(one, SetDrive(7, drive), DrivePin(7, True))

    high = one.carry_out(ReadAnalog(7), NOON)
    carry_out_all(one, DrivePin(7, False))
    low = one.carry_out(ReadAnalog(7), NOON)

    assert high == (AnalogValue(7, volts),)
    assert low == (AnalogValue(7, 0.0),)


def test_an_analog_stream_is_silent_while_the_voltage_stands_still() -> None:
    one = board()
    top = NOON + ms(5_000)
    carry_out_all(one, StreamAnalog(0), now=top)
    one.advance(top)

    told = one.advance(top + ms(100))

    assert told == ()
