"""Answers about the past are those of a naive model, whatever is folded, fresh, only noted or late."""

from collections.abc import Iterator, Mapping
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardwire.model.fact import Log
from hardwire.model.history import Aggregation, HistoryRow
from hardwire.storage import history_rows
from hardwire.storage.instants import from_ms
from hardwire.storage.sample_rows import Row
from tests.storage.past import HOUR_MS, Shelf, naive, wish_of

MINUTE_MS = 60_000
DAY_MS = 24 * HOUR_MS
# A day that begins on every length of a roll-up.
START = 20_600 * DAY_MS
LOGS = (None, Log.FAST, Log.STATUS)
POINTS = ("power", "volts")

# Crowded, spread and far apart; around the first of 1970 too, where remainders have signs.
instants = st.one_of(
    st.integers(0, 3 * MINUTE_MS).map(lambda ms: START + ms),
    st.integers(0, 300).map(lambda n: START + n * MINUTE_MS),
    st.integers(-3 * 24 * 6, 3 * 24 * 6).map(lambda n: START + n * 10 * MINUTE_MS),
    st.integers(-2 * HOUR_MS, 2 * HOUR_MS),
)
values = st.one_of(st.integers(-3, 3), st.integers(-1_000, 1_000).map(lambda n: n / 8))
rows = st.lists(st.tuples(st.sampled_from(POINTS), instants, values), min_size=1, max_size=30)
steps = st.lists(st.tuples(st.sampled_from(("append", "note", "fold")), rows), min_size=1, max_size=6)
lengths_s = st.sampled_from((0, 1, 7, 60, 90, 600, 1800, 3600, 5400, 6 * 3600, 86400, 7 * 86400))
whole = [-3 * HOUR_MS, START + 5 * DAY_MS]
ranges = st.one_of(st.just(whole), st.just([START - DAY_MS, whole[1]]), st.tuples(instants, instants).map(sorted))


@pytest.fixture(params=[True, False], ids=["in small steps", "at once"], autouse=True)
def pace(request: pytest.FixtureRequest) -> Iterator[None]:
    """How much a query reads before it looks whether there is enough."""
    if not request.param:
        yield
        return
    with (
        mock.patch.object(history_rows, "STEP_INTERVALS", 2),
        mock.patch.object(history_rows, "STEP_MS", 1),
        mock.patch.object(history_rows, "FEW_ROWS", 3),
        mock.patch.object(history_rows, "ROWS_AT_ONCE", 2),
    ):
        yield


def shown(answer: list[HistoryRow]) -> list[tuple[object, object]]:
    """Comparable rows: how a sum is rounded depends on its order."""
    return [(row.at, pytest.approx(dict(row.values), rel=1e-9, abs=1e-6)) for row in answer]


def plain(answer: list[HistoryRow]) -> list[tuple[object, object]]:
    """The rows as they came."""
    return [(row.at, dict(row.values)) for row in answer]


def told(log: Log | None, point: str, *pairs: tuple[int, float]) -> list[Row]:
    """Rows of the unit: (ms after the start, value)."""
    return [("unit", point, "" if log is None else log.value, START + ms, value) for ms, value in pairs]


@settings(max_examples=50, deadline=None)
@given(
    log=st.sampled_from(LOGS),
    steps=steps,
    span=ranges,
    interval_s=lengths_s,
    limit=st.one_of(st.integers(-1, 6), st.just(5000)),
    points=st.sampled_from((None, ("power",), ("volts", "nothing", "power"), ())),
)
def test_an_answer_is_that_of_a_naive_model(
    log: Log | None,
    steps: list[tuple[str, list[tuple[str, int, float]]]],
    span: list[int],
    interval_s: int,
    limit: int,
    points: tuple[str, ...] | None,
) -> None:
    shelf, model = Shelf(), dict[str, dict[int, float]]()
    for step, told_rows in steps:
        new: list[Row] = [
            ("unit", point, "" if log is None else log.value, at, value) for point, at, value in told_rows
        ]
        if step == "note":
            shelf.noted += new
        else:
            shelf.insert(new)
        if step == "fold":
            shelf.fold()
        for point, at, value in told_rows:
            model.setdefault(point, {}).setdefault(at, value)
    shelf.table.insert(shelf.connection, [("other", "power", "", START, 9.0), ("unit", "power", "x", START, 9.0)])
    wishes = [
        wish_of(log, *span, interval_s=interval_s, aggregation=aggregation, limit=limit, points=points)
        for aggregation in Aggregation
    ]

    answers = [shelf.read(wish) for wish in wishes]

    assert [plain(answer) for answer in answers] == [shown(naive(model, wish)) for wish in wishes]


@settings(max_examples=25, deadline=None)
@given(log=st.sampled_from(LOGS), batches=st.lists(rows, min_size=1, max_size=5), order=st.randoms())
def test_roll_ups_are_the_same_whatever_order_the_rows_came_in(
    log: Log | None, batches: list[list[tuple[str, int, float]]], order: object
) -> None:
    log_name = "" if log is None else log.value
    first: Mapping[tuple[str, int], float] = dict(reversed([((p, at), v) for batch in batches for p, at, v in batch]))
    by_and_by, at_once = Shelf(), Shelf()
    for shelf in (by_and_by, at_once):
        shelf.insert([("unit", point, log_name, START, 0.0) for point in POINTS])

    for batch in batches:
        by_and_by.insert([("unit", point, log_name, at, first[point, at]) for point, at, _ in batch])
        by_and_by.fold()
    at_once.insert([("unit", point, log_name, at, value) for (point, at), value in first.items()])
    at_once.fold()

    assert by_and_by.rollups() == at_once.rollups()


def test_a_value_holds_until_the_next_one_and_no_longer_than_an_hour() -> None:
    shelf = Shelf()
    shelf.insert(told(None, "power", (0, 100.0), (45 * MINUTE_MS, 200.0), (4 * HOUR_MS, 300.0)))
    shelf.fold()

    answer = shelf.read(wish_of(None, START, START + DAY_MS, interval_s=3600))

    assert plain(answer) == [
        (from_ms(START), {"power": 125.0}),
        (from_ms(START + HOUR_MS), {"power": 200.0}),
        (from_ms(START + 4 * HOUR_MS), {"power": 300.0}),
    ]


def test_the_sum_of_a_value_on_change_is_value_times_seconds_and_its_count_the_rows() -> None:
    shelf = Shelf()
    shelf.insert(told(None, "power", (0, 100.0), (1000, 200.0)))
    wishes = [
        wish_of(None, START, START + 3 * 1000, interval_s=60, aggregation=aggregation)
        for aggregation in (Aggregation.SUM, Aggregation.COUNT)
    ]

    answers = [plain(shelf.read(wish)) for wish in wishes]

    assert answers == [[(from_ms(START), {"power": 500.0})], [(from_ms(START), {"power": 2})]]


def test_an_interval_that_only_a_value_from_before_holds_in_has_no_rows_to_count() -> None:
    shelf = Shelf()
    shelf.insert(told(None, "power", (-1000, 100.0)))

    answer = shelf.read(wish_of(None, START, START + 1000, interval_s=60, aggregation=Aggregation.COUNT))

    assert plain(answer) == [(from_ms(START), {"power": 0})]


def test_a_mean_that_is_no_number_is_left_out() -> None:
    shelf = Shelf()
    shelf.insert(told(Log.FAST, "power", (0, 1.7e308), (1, 1.7e308)) + told(Log.FAST, "volts", (0, 230)))
    shelf.fold()

    answer = shelf.read(wish_of(Log.FAST, START, START + DAY_MS, interval_s=86400))

    assert plain(answer) == [(from_ms(START), {"volts": 230})]


def test_a_sum_that_the_disk_can_not_hold_is_left_out() -> None:
    shelf = Shelf()
    huge = 1.7e308
    for log in LOGS:
        shelf.insert(told(log, "power", *((n * 250, huge * (1 if n < 2 else -1)) for n in range(4)), (MINUTE_MS, 1)))
    shelf.fold()

    answers = [plain(shelf.read(wish_of(log, START, START + HOUR_MS, interval_s=3600))) for log in LOGS]

    assert answers == [[], [], []]


def test_rows_of_one_instant_are_one_row_and_the_logs_are_apart() -> None:
    shelf = Shelf()
    shelf.insert(told(Log.FAST, "power", (0, 1), (5, 2)) + told(Log.FAST, "volts", (0, 230)))
    shelf.insert(told(Log.STATUS, "power", (0, 7)) + told(None, "power", (0, 8)))

    answers = [plain(shelf.read(wish_of(log, START, START + DAY_MS))) for log in LOGS]

    assert answers == [
        [(from_ms(START), {"power": 8})],
        [(from_ms(START), {"power": 1, "volts": 230}), (from_ms(START + 5), {"power": 2})],
        [(from_ms(START), {"power": 7})],
    ]


def test_the_middle_between_two_values_that_held_equally_long_is_their_mean() -> None:
    shelf = Shelf()
    shelf.insert(told(None, "power", (0, 1), (1000, 2)))

    answer = shelf.read(wish_of(None, START, START + 2000, interval_s=60, aggregation=Aggregation.MEDIAN))

    assert plain(answer) == [(from_ms(START), {"power": 1.5})]


def test_no_more_is_read_than_the_limit_needs() -> None:
    shelf = Shelf()
    for point in POINTS:
        shelf.insert(told(Log.FAST, point, *((n * 5000, n) for n in range(40_000))))
    shelf.fold()
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    # A call for each thousand instructions of SQLite: all rows would take more than four hundred.
    shelf.connection.set_progress_handler(count, 1000)
    wishes = [(0, Aggregation.MEAN), (60, Aggregation.MEAN), (7, Aggregation.MAX), (60, Aggregation.MEDIAN)]
    for interval_s, aggregation in wishes:
        wish = wish_of(Log.FAST, START, START + 9 * DAY_MS, interval_s=interval_s, aggregation=aggregation, limit=3)
        assert len(shelf.read(wish)) == 3

    assert steps < 40, steps
