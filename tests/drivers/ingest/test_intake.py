"""A batch sorted under the names of points."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from hardwire.drivers.ingest.batch import Batch, Number, Refusal, Row
from hardwire.drivers.ingest.intake import ROWS_PER_TURN, keys_of, sort
from hardwire.model.fact import Log

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NAMES = {"1": "level", "level": "level", "flow": "flow"}


def row(seconds: float | None = 0, *, log: Log | None = None, **fields: Number | None) -> Row:
    time = None if seconds is None else NOON + timedelta(seconds=seconds)
    return Row(time=time, log=log, fields={key.removeprefix("n"): value for key, value in fields.items()})


def batch(*rows: Row, needs_times: bool = False, log: Log = Log.FAST) -> Batch:
    return Batch(rows=list(enumerate(rows)), needs_times=needs_times, log=log)


async def test_rows_are_sorted_by_time_under_the_names_of_points_in_their_logs() -> None:
    brought = batch(row(5, n1=3), row(-5, flow=1, level=2), row(-5, flow=7, log=Log.STATUS), log=Log.FAST)

    intake = await sort(brought, NAMES, {}, NOON)

    assert list(intake.rows.items()) == [
        ((NOON - timedelta(seconds=5), Log.FAST), {"flow": 1, "level": 2}),
        ((NOON - timedelta(seconds=5), Log.STATUS), {"flow": 7}),
        ((NOON + timedelta(seconds=5), Log.FAST), {"level": 3}),
    ]
    assert (intake.refused, intake.size) == ([], 4)
    assert keys_of(brought) == {"1", "flow", "level"}


async def test_rows_of_one_instant_are_one_and_the_first_value_wins() -> None:
    intake = await sort(batch(row(0, level=1), row(0, level=2, flow=3)), NAMES, {}, NOON)

    assert list(intake.rows.values()) == [{"flow": 3, "level": 1}]
    assert intake.size == 3


@pytest.mark.parametrize(
    "time",
    [
        1795608000,
        1795608000.0,
        NOON.astimezone(timezone(timedelta(hours=1))),
        NOON,
        None,
    ],
)
async def test_a_time_is_utc_an_offset_seconds_or_now(time: datetime | float | None) -> None:
    intake = await sort(batch(Row(time=time, fields={"1": 1})), NAMES, {}, NOON)

    ((at, _),) = intake.rows
    assert (at, at.utcoffset()) == (NOON, timedelta(0))


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (NOON.replace(tzinfo=None), "needs a Z or an offset"),
        (NOON + timedelta(minutes=5, seconds=1), "301 s ahead"),
        (1795608000_000, "seconds since 1970"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=10))), "far ahead"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "before the year 2000"),
        (0, "before the year 2000"),
        (-1e300, "out of range"),
        (1e300, "out of range"),
        (float("nan"), "out of range"),
    ],
)
async def test_a_clock_that_cannot_be_believed_is_told_so(time: datetime | float, words: str) -> None:
    intake = await sort(batch(Row(time=time, fields={"1": 1})), NAMES, {}, NOON)

    assert [(one.row, one.field) for one in intake.refused] == [(0, "")]
    assert words in intake.refused[0].reason
    assert not intake.rows


async def test_only_one_row_may_leave_out_its_time_and_none_of_a_retained_message() -> None:
    two = await sort(batch(row(None, level=1), row(None, level=2)), NAMES, {}, NOON)
    retained = await sort(batch(row(None, level=1), row(0, flow=1), needs_times=True), NAMES, {}, NOON)

    assert [one.row for one in two.refused] == [1]
    assert [one.row for one in retained.refused] == [0]


async def test_values_that_are_missing_unknown_or_there_twice_leave_the_others() -> None:
    brought = batch(row(0, level=None, flow=1), row(1, n9=1, flow=2), row(2, n1=3, level=4), row(3, flow=None))

    intake = await sort(brought, NAMES, {"9": "no such field"}, NOON)

    assert intake.refused == [
        Refusal(1, "9", "no such field"),
        Refusal(2, "level", "the row has this field already, by its number or its name"),
    ]
    assert list(intake.rows.values()) == [{"flow": 1}, {"flow": 2}, {"level": 3}, {}]
    assert intake.size == 3


async def test_others_have_their_turns_while_a_long_batch_is_sorted() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    working = asyncio.create_task(others())
    intake = await sort(batch(*(row(second - 10_000, level=second) for second in range(10_000))), NAMES, {}, NOON)
    working.cancel()

    assert intake.size == len(intake.rows) == 10_000
    assert turns >= 10_000 // ROWS_PER_TURN - 1
