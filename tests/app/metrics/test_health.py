"""A hub says that it is not ready while its doors are closed or its store takes nothing."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hardwire.app.metrics.health import HANGS_AFTER_S, LOW_BYTES, TRY_AGAIN_S, Wellbeing
from hardwire.contracts.question import ReadHealth
from hardwire.model.errors import HubFaultError
from hardwire.model.health import Health
from hardwire.storage.sqlite import SqliteStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path)
    await store.open()
    yield store
    await store.close()


def disk_full(connection: sqlite3.Connection) -> None:
    """What a full disk does to a whole transaction."""
    connection.execute("ROLLBACK")
    raise sqlite3.OperationalError("database or disk is full")


async def test_a_hub_with_open_doors_and_a_store_that_writes_is_ready(store: SqliteStore) -> None:
    wellbeing = Wellbeing(store, free_bytes=lambda folder: LOW_BYTES)
    wellbeing.is_open = True

    health = await wellbeing.answer(ReadHealth())

    assert health == Health(is_ready=True, durability="fsync")


async def test_a_hub_is_not_ready_before_its_doors_are_open(store: SqliteStore) -> None:
    health = await Wellbeing(store, free_bytes=lambda folder: LOW_BYTES).answer(ReadHealth())

    assert not health.is_ready
    assert health.troubles == ("The hub does not accept connections yet, or no more.",)


async def test_a_nearly_full_disk_is_told_before_it_is_too_late(store: SqliteStore) -> None:
    wellbeing = Wellbeing(store, free_bytes=lambda folder: 7 << 20)
    wellbeing.is_open = True

    health = await wellbeing.answer(ReadHealth())

    assert health.is_ready
    assert health.troubles == ("The disk is nearly full: 7 MiB are left.",)


async def test_a_disk_that_does_not_say_how_full_it_is_is_no_trouble(store: SqliteStore) -> None:
    def unknown(folder: Path) -> int:
        raise OSError("no such file system")

    wellbeing = Wellbeing(store, free_bytes=unknown)
    wellbeing.is_open = True

    assert (await wellbeing.answer(ReadHealth())).troubles == ()


async def test_a_store_that_could_not_write_is_tried_again_by_the_hub_itself(store: SqliteStore) -> None:
    seconds = [100.0]
    wellbeing = Wellbeing(store, clock=lambda: seconds[0])
    wellbeing.is_open = True
    with pytest.raises(HubFaultError):
        await store.write(disk_full)

    failing = await wellbeing.answer(ReadHealth())
    await wellbeing.close()
    mended = await wellbeing.answer(ReadHealth())

    assert (failing.is_ready, mended.is_ready) == (False, True)
    assert failing.troubles[0].startswith("The store could not write")


async def test_however_often_health_is_asked_for_the_store_is_tried_seldom(store: SqliteStore) -> None:
    seconds = [100.0]
    tried: list[str] = []

    class Broken(SqliteStore):
        """Refuses every write."""

        async def fix(self, name: str, text: str) -> None:
            """Refuse."""
            tried.append(name)
            raise HubFaultError("the disk is full")

    await store.close()
    broken = Broken(store.file.parent)
    await broken.open()
    wellbeing = Wellbeing(broken, clock=lambda: seconds[0])
    with pytest.raises(HubFaultError):
        await broken.write(disk_full)

    for _ in range(5):
        await wellbeing.answer(ReadHealth())
    await wellbeing.close()
    at_once = len(tried)
    seconds[0] += TRY_AGAIN_S
    await wellbeing.answer(ReadHealth())
    await wellbeing.close()
    await broken.close()

    assert (at_once, len(tried)) == (1, 2)


async def test_a_disk_that_hangs_is_told_at_once(store: SqliteStore) -> None:
    wellbeing = Wellbeing(store)
    wellbeing.is_open = True
    figures = store.figures
    figures.begin()
    assert figures.busy_since_s is not None
    figures.busy_since_s -= HANGS_AFTER_S + 1

    health = await asyncio.wait_for(wellbeing.answer(ReadHealth()), 10)
    figures.busy_since_s = None

    assert not health.is_ready
    assert health.troubles[0].startswith("The disk hangs")


async def test_what_tried_nothing_closes(store: SqliteStore) -> None:
    wellbeing = Wellbeing(store)
    wellbeing.is_open = True

    await wellbeing.close()

    assert (await wellbeing.answer(ReadHealth())).is_ready
