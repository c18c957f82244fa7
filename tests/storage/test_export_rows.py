"""Exported messages in the file: pages, times, what stays when old ones go."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardwire.model.history import Export
from hardwire.storage import export_rows
from hardwire.storage.sqlite import SqliteStore

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "data")
    await store.open()
    yield store
    await store.close()


def export(number: int, *, epoch: int = 1, account: str = "home", after_s: float = 0.0) -> Export:
    return Export(account, epoch, number, "tank", NOON + timedelta(seconds=after_s), f"{account} {epoch}-{number}")


def numbers(exports: Sequence[Export]) -> list[tuple[int, int]]:
    return [(one.epoch, one.number) for one in exports]


async def test_an_epoch_is_the_second_in_which_it_began(store: SqliteStore) -> None:
    epoch = await store.exports.begin_epoch(NOON)

    assert epoch == NOON.timestamp()


async def test_epochs_grow_although_the_clock_is_set_back(store: SqliteStore) -> None:
    epochs = [await store.exports.begin_epoch(at) for at in (NOON, NOON, NOON - timedelta(days=900))]

    assert epochs == [NOON.timestamp() + more for more in (0, 1, 2)]


async def test_a_time_begins_with_the_first_that_arrived_and_goes_on_by_number(store: SqliteStore) -> None:
    store.exports.note([export(number, after_s=number) for number in range(1, 6)])
    store.exports.note([export(number, account="other", after_s=number) for number in range(1, 6)])

    found = await store.exports.read("home", since=NOON + timedelta(seconds=3), limit=2)
    later = await store.exports.read("home", since=NOON + timedelta(seconds=6))

    assert numbers(found) == [(1, 3), (1, 4)]
    assert numbers(later) == []


async def test_a_time_and_a_number_count_both(store: SqliteStore) -> None:
    store.exports.note([export(number, after_s=number) for number in range(1, 6)])

    found = [
        numbers(await store.exports.read("home", after=after, since=NOON + timedelta(seconds=3)))
        for after in ((1, 1), (1, 4))
    ]

    assert found == [[(1, 3), (1, 4), (1, 5)], [(1, 5)]]


async def test_the_newest_of_what_is_forgotten_stays_as_a_mark(store: SqliteStore) -> None:
    store.exports.note([export(number, after_s=number) for number in range(1, 6)])
    store.exports.note([export(1, account="quiet"), export(1, account="busy", after_s=9)])

    gone = await store.exports.forget(NOON + timedelta(seconds=3))
    again = await store.exports.forget(NOON + timedelta(seconds=3))

    assert (gone, again) == (1, 0)
    assert numbers(await store.exports.read("home")) == [(1, 2), (1, 3), (1, 4), (1, 5)]
    assert numbers(await store.exports.read("quiet")) == [(1, 1)]


async def test_much_is_forgotten_in_steps(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_rows, "FORGET_STEP_ROWS", 3)
    store.exports.note([export(number) for number in range(1, 12)])
    before = store.commits

    gone = await store.exports.forget(NOON + timedelta(seconds=1))

    assert gone == 10
    assert store.commits - before >= 4
    assert await store.exports.oldest("home") == (1, 11)


async def test_queries_walk_an_index_and_sort_nothing(store: SqliteStore) -> None:
    store.exports.note([export(1)])
    await store.exports.read("home", after=(1, 0))
    asked: list[str] = []

    def look(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(asked.append)
        export_rows._read(connection, "home", (1, 0), NOON, 10)
        export_rows._forget_some(connection, 0)
        connection.set_trace_callback(None)

    await store.write(look)
    plans = await store.read(
        lambda connection: [
            row[3]
            for sql in asked
            if sql.startswith("SELECT")
            for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")
        ]
    )

    assert plans
    assert not [plan for plan in plans if "TEMP B-TREE" in plan or plan.startswith("SCAN")]
