"""Readers stand beside the writer: a slow query delays nobody, and none of them can write."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Sample
from hardwire.storage.connections import connect_reader
from hardwire.storage.faults import explain
from hardwire.storage.readers import Readers
from hardwire.storage.sqlite import STORE_FILE, SqliteStore

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def readers(store: SqliteStore) -> AsyncIterator[Readers]:
    readers = Readers(lambda: connect_reader(store.file), lambda error: explain(error, store.file))
    yield readers
    await asyncio.to_thread(readers.close)


async def test_a_slow_query_delays_neither_a_write_nor_another_query(store: SqliteStore, readers: Readers) -> None:
    may_end = threading.Event()

    def slow(connection: sqlite3.Connection) -> list[tuple[int]]:
        connection.execute("SELECT count(*) FROM recorded").fetchone()
        assert may_end.wait(30)
        return connection.execute("SELECT count(*) FROM recorded").fetchall()

    query = asyncio.create_task(readers.read(slow))
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        new = await store.append([Sample("meter", NOON, {"power": 1})])
        quick = await readers.read(lambda connection: connection.execute("SELECT count(*) FROM recorded").fetchall())
    may_end.set()

    assert new == 1
    assert quick == [(1,)]
    # It saw the store as it was when it began, or had not begun yet.
    assert await query in ([(0,)], [(1,)])


async def test_a_reader_cannot_write(readers: Readers) -> None:
    with pytest.raises(HubFaultError, match="may not be written"):
        await readers.read(lambda connection: connection.execute("DELETE FROM sample"))

    assert await readers.read(lambda connection: connection.execute("SELECT count(*) FROM audit").fetchall()) == [(0,)]


async def test_a_query_that_fails_leaves_its_thread_fit_for_the_next(readers: Readers) -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            await readers.read(lambda connection: 1 / 0)

    assert await readers.read(lambda connection: connection.in_transaction)


async def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    readers = Readers(
        lambda: connect_reader(tmp_path / STORE_FILE), lambda error: explain(error, tmp_path / STORE_FILE)
    )

    with pytest.raises(HubFaultError, match="cannot be opened"):
        await readers.read(lambda connection: connection.execute("SELECT 1").fetchall())

    await asyncio.to_thread(readers.close)
