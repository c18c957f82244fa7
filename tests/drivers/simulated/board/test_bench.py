"""What stands around the virtual board: square waves and sines that depend on the time alone."""

from datetime import UTC, datetime

from hardwire.drivers.simulated.board.bench import at_us, next_mark_us, sine_v, unix_us, wave_level

NOON = unix_us(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))


def test_the_wave_has_two_periods_a_second() -> None:
    levels = [wave_level(NOON + 125_000 + 250_000 * quarter) for quarter in range(8)]

    assert levels == [True, False] * 4


def test_the_next_mark_is_always_ahead() -> None:
    assert next_mark_us(NOON, 250_000) == NOON + 250_000
    assert next_mark_us(NOON + 249_999, 250_000) == NOON + 250_000
    assert next_mark_us(NOON + 250_000, 250_000) == NOON + 500_000


def test_microseconds_are_whole_and_exact() -> None:
    instant = datetime(2026, 11, 22, 2, 30, 14, 931_999, tzinfo=UTC)

    assert unix_us(instant) % 1_000_000 == 931_999
    assert at_us(unix_us(instant)) == instant


def test_a_sine_goes_from_nothing_to_five_volts_and_back() -> None:
    volts = [sine_v(0, NOON + 100_000 * step) for step in range(200)]

    assert min(volts) == 0
    assert max(volts) == 5
    assert sine_v(0, NOON + 20_000_000) == sine_v(0, NOON)


def test_every_channel_is_at_another_place_of_the_sine() -> None:
    volts = {sine_v(channel, NOON + 700_000) for channel in range(12)}

    assert len(volts) == 12
