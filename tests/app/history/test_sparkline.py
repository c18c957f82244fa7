"""Values as blocks: their order is kept, extremes reach the ends, gaps stay gaps."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.app.history.sparkline import (
    LONGEST_INTERVAL_S,
    axis,
    length,
    levels,
    spark,
    suited_interval_s,
)

AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
VALUES = st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=60)


def test_a_course_is_drawn_from_its_lowest_value_to_its_highest() -> None:
    assert spark([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert spark([-5, None, 5]) == "▁·█"
    assert spark([7, None, 7]) == "▄·▄"
    assert spark([None, None]) == "··"
    assert spark([]) == ""


def test_a_terminal_without_blocks_gets_digits() -> None:
    assert spark([0, None, 7], is_plain=True) == "0.7"


@given(VALUES)
def test_levels_keep_the_order_of_values_and_the_places_of_gaps(values: list[float | None]) -> None:
    found = levels(values, 8)

    assert [level is None for level in found] == [value is None for value in values]
    pairs = sorted(
        (value, level) for value, level in zip(values, found, strict=True) if value is not None and level is not None
    )
    assert [level for _, level in pairs] == sorted(level for _, level in pairs)
    assert all(0 <= level <= 7 for _, level in pairs)
    if pairs and pairs[0][0] / 2 != pairs[-1][0] / 2:
        assert (pairs[0][1], pairs[-1][1]) == (0, 7)


@given(
    st.floats(min_value=0, max_value=2e9),
    st.integers(min_value=20, max_value=400),
    st.sampled_from([0, 1, 60, 600, 7, 86400]),
)
def test_a_range_fits_its_columns(range_s: float, columns: int, at_least_s: int) -> None:
    interval_s = suited_interval_s(range_s, columns, at_least_s)

    assert 1 <= interval_s <= LONGEST_INTERVAL_S
    if at_least_s:
        assert interval_s % at_least_s == 0
    if interval_s < LONGEST_INTERVAL_S - at_least_s:
        # It may begin in the middle of a column.
        assert range_s / interval_s + 1 <= columns + 1e-6


def test_columns_are_lengths_that_people_think_in() -> None:
    assert [suited_interval_s(hours * 3600, 80) for hours in (1, 24, 24 * 7, 24 * 365)] == [60, 1200, 10800, 432000]
    assert suited_interval_s(3600, 80, 600) == 600
    assert suited_interval_s(86400, 80, 600) == 1200


@pytest.mark.parametrize(
    ("hours", "columns", "line"),
    [
        (0.1, 40, "12:00:00        12:03:00        12:06:00"),
        (4, 30, "12:00       14:00        16:00"),
        (4, 16, "12:00      16:00"),
        (4, 8, "12:00 - 16:00"),
        (48, 60, "06-01 12:00             06-02 12:00              06-03 12:00"),
        (24 * 60, 40, "2026-06-01     2026-07-01     2026-07-31"),
    ],
)
def test_an_axis_tells_the_times_that_have_room(hours: float, columns: int, line: str) -> None:
    assert axis(AT, AT + timedelta(hours=hours), columns, UTC) == line


def test_an_axis_is_in_the_time_of_the_reader() -> None:
    assert axis(AT, AT + timedelta(hours=4), 16, timezone(timedelta(hours=2))) == "14:00      18:00"


def test_lengths_are_said_shortly() -> None:
    assert [length(seconds) for seconds in (1, 90, 600, 7200, 86400, 604800)] == [
        "1 s",
        "90 s",
        "10 min",
        "2 h",
        "1 d",
        "7 d",
    ]
