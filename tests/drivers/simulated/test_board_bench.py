"""What stands around the virtual board: square waves and sines that depend on the time alone."""

from datetime import UTC, datetime, timedelta

from hardwire.drivers.simulated.board_bench import next_mark, sine_v, unix_ms, wave_level

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def test_the_wave_has_two_periods_a_second() -> None:
    levels = [wave_level(NOON + timedelta(milliseconds=125 + 250 * quarter)) for quarter in range(8)]

    assert levels == [True, False] * 4


def test_the_next_mark_is_always_ahead() -> None:
    assert next_mark(NOON, 250) == NOON + timedelta(milliseconds=250)
    assert next_mark(NOON + timedelta(milliseconds=249, microseconds=999), 250) == NOON + timedelta(milliseconds=250)
    assert next_mark(NOON + timedelta(milliseconds=250), 250) == NOON + timedelta(milliseconds=500)


def test_milliseconds_are_whole_and_exact() -> None:
    assert unix_ms(datetime(2026, 11, 22, 2, 30, 14, 931_999, tzinfo=UTC)) % 1_000 == 931


def test_a_sine_goes_from_nothing_to_five_volts_and_back() -> None:
    volts = [sine_v(0, NOON + timedelta(milliseconds=100 * step)) for step in range(200)]

    assert min(volts) == 0
    assert max(volts) == 5
    assert sine_v(0, NOON + timedelta(seconds=20)) == sine_v(0, NOON)


def test_every_channel_is_at_another_place_of_the_sine() -> None:
    volts = {sine_v(channel, NOON + timedelta(milliseconds=700)) for channel in range(12)}

    assert len(volts) == 12
