"""What sources put on lines: levels and edges, worked out and never stepped through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.circuit.signal import HIGH, LOW, Lowest, Pulse, Signal, Square, burst, wave

NOON_US = 1_795_608_000_000_000

squares = st.builds(
    Square,
    rate=st.integers(1, 3_000),
    period=st.integers(1, 50_000),
    high=st.integers(0, 50_000),
    start_us=st.integers(-100, 100),
)
pulses = st.builds(
    lambda level, start, length: Pulse(level, start, start + length), st.booleans(), *[st.integers(0, 90)] * 2
)
bursts = st.builds(
    burst,
    bits=st.lists(st.integers(0, 1), max_size=19).map(bytes),
    symbol_us=st.integers(1, 30),
    carrier=st.one_of(squares, st.just(HIGH)),
    start_us=st.integers(0, 50),
)
signals: st.SearchStrategy[Signal] = st.one_of(st.sampled_from([LOW, HIGH]), squares, pulses, bursts)
joined = st.one_of(signals, st.lists(signals, min_size=1, max_size=3).map(lambda several: Lowest(tuple(several))))


@given(joined, st.integers(0, 200))
def test_no_level_changes_before_the_edge_that_a_signal_names(signal: Signal, after_us: int) -> None:
    level = signal.level(after_us)

    edge_us = signal.next_edge_us(after_us)

    until_us = after_us + 300 if edge_us is None else edge_us
    assert edge_us is None or edge_us > after_us
    assert all(signal.level(at_us) is level for at_us in range(after_us, min(until_us, after_us + 300)))


@pytest.mark.parametrize(
    ("frequency_hz", "high_us", "highs"),
    [
        (1_000, 250, 250_000),
        (50, 1_500, 75_000),
        (1, 1, 1),
        (333, 1_000, 333_000),
        (1_000, 0, 0),
        (1_000, 1_000, 10**6),
    ],
)
def test_a_wave_is_high_for_its_pulse_in_each_period(frequency_hz: int, high_us: int, highs: int) -> None:
    one = wave(frequency_hz, high_us, NOON_US)

    passed_us, high = NOON_US, 0
    while passed_us < NOON_US + 1_000_000:
        edge_us = one.next_edge_us(passed_us)
        until_us = NOON_US + 1_000_000 if edge_us is None else min(edge_us, NOON_US + 1_000_000)
        high += (until_us - passed_us) * one.level(passed_us)
        passed_us = until_us

    # Edges lie on whole microseconds, so a period of no whole number of them may be one off.
    assert abs(high - highs) <= frequency_hz


def test_a_wave_of_80_mhz_costs_no_more_than_a_steady_level() -> None:
    assert wave(80_000_000, 1, NOON_US) == HIGH
    assert wave(80_000_000, 0, NOON_US) == LOW


def test_a_wave_begins_with_its_high_part_and_repeats_exactly_days_later() -> None:
    one = wave(3, 1_000, NOON_US)
    days_us = 3 * 86_400 * 1_000_000

    assert [one.level(NOON_US + us) for us in (0, 999, 1_000, 333_333, 333_334)] == [True, True, False, False, True]
    assert [one.level(NOON_US + days_us + us) for us in (0, 999, 1_000)] == [True, True, False]


def test_a_burst_switches_its_carrier_and_ends_low() -> None:
    one = burst(bytes([1, 0, 1]), 100, wave(50_000, 10, 0), 0)

    levels = [one.level(us) for us in (-1, 0, 9, 10, 20, 99, 100, 150, 200, 210, 300, 1_000)]

    assert levels == [False, True, True, False, True, False, False, False, True, False, False, False]
    assert one.next_edge_us(-5) == 0
    assert one.next_edge_us(300) is None


def test_a_generator_of_2_hz_is_high_in_the_first_half_of_each_half_second() -> None:
    signal = Generator(pin=1).signal

    assert [signal.level(NOON_US + 125_000 + 250_000 * quarter) for quarter in range(8)] == [True, False] * 4
    assert signal.next_edge_us(NOON_US) == NOON_US + 250_000


def test_a_generator_has_a_duty_and_a_phase() -> None:
    late = Generator(pin=1, frequency_hz=1.0, duty=0.25, phase=0.5).signal

    assert [late.level(NOON_US + us) for us in (0, 499_999, 500_000, 749_999, 750_000)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert Generator(pin=1, duty=0).signal == LOW
    assert Generator(pin=1, duty=1).signal == HIGH
