"""What has been on a line: levels, edges and samples of the past are exact."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.board.circuit.history import MOST_CHANGES, Edge, History
from hardwire.drivers.simulated.board.circuit.signal import HIGH, LOW, Signal, steady, wave
from tests.drivers.simulated.board.circuit.test_signal import signals

Changes = Sequence[tuple[int, Signal]]

changes = st.lists(st.tuples(st.integers(0, 100), signals), max_size=6).map(
    lambda several: sorted(several, key=lambda change: change[0])
)


def history_of(several: Changes) -> History:
    history = History(LOW)
    for at_us, signal in several:
        history.put(signal, at_us)
    return history


def level_of(several: Changes, at_us: int) -> bool:
    """Return the level by looking at every change."""
    signal: Signal = LOW
    for since_us, one in several:
        if since_us <= at_us:
            signal = one
    return signal.level(at_us)


@given(changes, st.integers(0, 250))
def test_the_level_of_every_instant_is_remembered(several: Changes, at_us: int) -> None:
    assert history_of(several).level(at_us) is level_of(several, at_us)


@given(changes, st.integers(0, 150), st.integers(0, 100))
def test_edges_are_where_the_level_changes_and_nowhere_else(several: Changes, after_us: int, span_us: int) -> None:
    found = list(history_of(several).edges(after_us, after_us + span_us))

    instants = range(after_us + 1, after_us + span_us + 1)
    levels = [(us, level_of(several, us)) for us in instants if level_of(several, us) is not level_of(several, us - 1)]
    assert found == [Edge(us, level) for us, level in levels]


@given(changes, st.integers(0, 120), st.integers(1, 12), st.integers(0, 40))
def test_samples_are_the_levels_of_their_instants(
    several: Changes, since_us: int, interval_us: int, count: int
) -> None:
    samples = history_of(several).sampled(since_us, interval_us, count)

    assert samples == bytes(level_of(several, since_us + interval_us * index) for index in range(count))


def test_of_two_signals_at_one_instant_the_second_counts() -> None:
    history = history_of([(10, HIGH), (10, LOW), (20, HIGH)])

    assert list(history.edges(0, 30)) == [Edge(20, True)]


def test_what_is_too_old_is_taken_for_the_oldest_that_is_remembered() -> None:
    history = history_of([(us, steady(us % 2 == 1)) for us in range(1, 3 * MOST_CHANGES)])

    assert history.level(0) is history.level(2 * MOST_CHANGES - 1)
    assert len(list(history.edges(0, 3 * MOST_CHANGES))) <= MOST_CHANGES


def test_a_hundred_thousand_samples_of_a_slow_line_are_taken_in_few_steps() -> None:
    history = history_of([(1, wave(10, 50_000, 1))])

    samples = history.sampled(1, 10, 100_000)

    assert (len(samples), sum(samples)) == (100_000, 50_000)
