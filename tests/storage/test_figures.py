"""What the store counts: commits with their times, rows, failures, and what waits."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardwire.model.errors import HardwireError
from hardwire.model.fact import Sample
from hardwire.storage.sqlite import SqliteStore

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_a_commit_is_counted_with_its_time_and_its_rows(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()

    await store.append([Sample("meter", AT, {"power_w": 1, "voltage_v": 230})])
    await store.append([Sample("meter", AT, {"power_w": 1})])
    figures = store.figures
    told = (figures.new_rows, figures.repeated_rows, figures.failed_commits, figures.is_failing, store.waiting())
    await store.close()

    assert told == (2, 1, 0, False, (0, 0))
    assert figures.commits == figures.commit_times.count >= 2
    assert figures.busy_s() == 0.0


async def test_a_transaction_that_fails_is_counted_and_the_next_one_clears_it(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()

    def fill(connection: sqlite3.Connection) -> None:
        # What a full disk does: the whole transaction is gone.
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(HardwireError):
        await store.write(fill)
    failed = (store.figures.failed_commits, store.figures.is_failing)
    await store.fix("some", "thing")
    after = (store.figures.failed_commits, store.figures.is_failing)
    await store.close()

    assert failed == (1, True)
    assert after == (1, False)


async def test_what_is_noted_waits(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, flush_s=3600)
    await store.open()

    store.note([Sample("meter", AT, {"power_w": 1})])
    waiting = store.waiting()
    await store.close()

    assert waiting == (0, 1)


async def test_a_transaction_tells_how_long_it_takes_while_it_runs(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    seen: list[float] = []

    await store.write(lambda connection: seen.append(store.figures.busy_s()))
    await store.close()

    assert 0.0 <= seen[0] < 60.0
