"""Samples land in the order of time and are folded into the order of their series; nobody can tell from outside."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardwire.model.audit import AuditEntry
from hardwire.model.fact import Sample
from hardwire.storage import sample_rows
from hardwire.storage.sqlite import SqliteStore

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FOLD_ROWS = 10


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteStore]:
    monkeypatch.setattr(sample_rows, "FOLD_ROWS", FOLD_ROWS)
    store = SqliteStore(tmp_path)
    await store.open()
    yield store
    await store.close()


def samples(first: int, count: int, device: str = "meter", *, every_s: int = 1) -> list[Sample]:
    return [Sample(device, NOON + timedelta(seconds=n * every_s), {"power": n}) for n in range(first, first + count)]


async def tables(store: SqliteStore) -> tuple[int, int]:
    """How many rows are folded, and how many fresh; writes before make sure that a fold is over."""
    for _ in range(3):
        await store.audit(AuditEntry(at=NOON, actor="test", action="other.noted", detail="look"))
    connection = sqlite3.connect(store.file)
    try:
        (folded,) = connection.execute("SELECT count(*) FROM sample").fetchone()
        (fresh,) = connection.execute("SELECT count(*) FROM fresh_sample").fetchone()
    finally:
        connection.close()
    return folded, fresh


async def test_fresh_rows_are_folded_when_enough_have_gathered(store: SqliteStore) -> None:
    seen = []
    for first in (0, 4, 8, 12):
        await store.append(samples(first, 4))
        seen.append(await tables(store))

    assert seen == [(0, 4), (0, 8), (12, 0), (12, 4)]


async def test_fresh_rows_of_an_earlier_run_count_too(store: SqliteStore) -> None:
    await store.append(samples(0, 6))
    await store.close()
    await store.open()

    await store.append(samples(6, 4))

    assert await tables(store) == (10, 0)


async def test_folded_and_fresh_samples_are_read_as_one(store: SqliteStore) -> None:
    await store.append(samples(0, 20))
    await store.append(samples(-3, 3))
    await store.append([Sample("meter", NOON, {"volts": 230}), *samples(20, 2), *samples(5, 1, "other")])

    read = await store.samples("meter", NOON - DAY, NOON + DAY, 100)
    some = await store.samples("meter", NOON - DAY, NOON + DAY, 4)

    assert (await tables(store))[1] > 0
    assert [sample.at for sample in read] == [NOON + timedelta(seconds=n) for n in range(-3, 22)]
    assert some == read[:4]
    assert some[3].values == {"power": 0, "volts": 230}


async def test_the_first_value_wins_though_it_was_folded(store: SqliteStore) -> None:
    await store.append(samples(0, 10))
    changed = [Sample(sample.device, sample.at, {"power": -1}) for sample in samples(8, 4)]

    new = await store.append(changed)

    values = [sample.values["power"] for sample in await store.samples("meter", NOON, NOON + DAY, 100)]
    assert new == 2
    assert values == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1]
    assert store.repeated_rows == 2


async def test_old_samples_are_forgotten_in_both_tables(store: SqliteStore) -> None:
    for first, count in ((0, 10), (-2, 2), (10, 2)):
        await store.append(samples(first, count, every_s=600))

    forgotten = await store.forget_samples(NOON + timedelta(minutes=59))

    assert forgotten == 7
    assert [sample.values["power"] for sample in await store.samples("meter", NOON - DAY, NOON + DAY, 100)] == [
        *range(5, 12)
    ]


async def test_a_fold_that_fails_loses_nothing_and_is_tried_again_later(store: SqliteStore) -> None:
    await store.append(samples(0, 1))
    # As a full disk would: the move fails, the landing does not.
    connection = sqlite3.connect(store.file)
    connection.execute("CREATE TRIGGER refuse BEFORE INSERT ON sample BEGIN SELECT RAISE (ABORT, 'No.'); END")
    await store.append(samples(1, 12))
    refused = await tables(store)
    connection.execute("DROP TRIGGER refuse")
    connection.close()

    await store.append(samples(13, 1))
    not_yet = await tables(store)
    await store.append(samples(14, 10))

    assert (refused, not_yet) == ((0, 13), (0, 14))
    assert await tables(store) == (24, 0)


async def test_what_is_folded_is_no_news_however_much_lies_between(store: SqliteStore) -> None:
    await store.append(samples(0, 50))
    await tables(store)
    told = [*samples(0, 1), Sample("meter", NOON + timedelta(milliseconds=1), {"power": 1}), *samples(49, 2)]

    news = await store.news(told)

    assert news == [told[1], told[3]]
