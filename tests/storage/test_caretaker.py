"""The caretaker: what it forgets, and when."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model.access import Group
from hardwire.model.device import Device
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Incident, Log, LogRow
from hardwire.model.history import Export, HistoryWish
from hardwire.storage import caretaker as caretaker_module
from hardwire.storage.caretaker import Caretaker, Keeping
from hardwire.storage.recorder import Pace, Recorder
from hardwire.storage.sqlite import SqliteStore
from tests.fakes.paper_store import PaperStore

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path)
    await store.open()
    yield store
    await store.close()


def caretaker(store: SqliteStore | PaperStore, **groups: int | None) -> Caretaker:
    """A caretaker of a house with a device of the same name in each group."""
    access, roster = Access(lambda: NOON), Roster()
    for number, (name, days) in enumerate(groups.items(), 1):
        access.add_group(Group(id=name, number=number, name=name, history_days=days))
        roster.declare(Device(id=name, kind="unit", group=name))
    house = Premises(roster, access)
    pace = Pace(interval=timedelta(seconds=60), heartbeat=timedelta(seconds=900), history_days=31)
    recorder = Recorder(store, house, pace, now=lambda: NOON)
    keeping = Keeping(history_days=31, rollup_days=100, export_days=7)
    return Caretaker(store, house, recorder, keeping, now=lambda: NOON)


async def days_left(store: SqliteStore, device: str) -> list[int]:
    """How many days ago the rows are that are still there."""
    rows = await store.history(HistoryWish(device=device, since=NOON - 1000 * DAY, until=NOON + DAY, log=Log.FAST))
    return [(NOON - row.at).days for row in rows]


async def test_each_group_keeps_its_rows_as_long_as_it_wants(store: SqliteStore) -> None:
    devices = ("plain", "long", "short", "none", "gone")
    ages = (0, 5, 20, 40, 200)
    await store.append([LogRow(device, NOON - age * DAY, Log.FAST, {"x": 1}) for device in devices for age in ages])
    for age in ages:
        await store.incidents.save(Incident(device="short", at=NOON - age * DAY, kind="ALARM", source="ALARM"))

    await caretaker(store, plain=None, long=100, short=7, none=0).forget()

    left = {device: await days_left(store, device) for device in devices}
    incidents = await store.incidents.read("short", NOON - 1000 * DAY, NOON + DAY, 100)
    assert left == {"plain": [20, 5, 0], "long": [40, 20, 5, 0], "short": [5, 0], "none": [0], "gone": [40, 20, 5, 0]}
    assert [(NOON - incident.at).days for _, incident in incidents] == [5, 0]


async def test_roll_ups_go_later_than_rows_and_messages_sooner(store: SqliteStore) -> None:
    await store.append(
        [LogRow("plain", NOON - age * DAY, Log.FAST, {"x": 1}) for age in (0, 50, 200)],
        [Export("home", 1, n, "plain", NOON - age * DAY, "{}") for n, age in enumerate((9, 8, 6, 0), 1)],
    )

    await caretaker(store, plain=None).forget()

    wish = HistoryWish(device="plain", since=NOON - 300 * DAY, until=NOON + DAY, log=Log.FAST, interval_s=86400)
    assert [(NOON - row.at).days for row in await store.history(wish)] == [50, 0]
    assert 1 not in [export.number for export in await store.exports.read("home")]
    assert {3, 4} <= {export.number for export in await store.exports.read("home")}


async def test_it_goes_on_after_a_disk_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    store = PaperStore()
    tries = asyncio.Semaphore(0)

    async def refuse(*_: object) -> int:
        tries.release()
        raise HubFaultError("the disk is full")

    monkeypatch.setattr(store, "forget_samples", refuse)
    monkeypatch.setattr(caretaker_module, "FORGET_EVERY_S", 0.0)
    monkeypatch.setattr(caretaker_module, "BEAT_EVERY_S", 0.0)
    task = asyncio.create_task(caretaker(store, plain=None).run())

    async with asyncio.timeout(10):
        for _ in range(3):
            await tries.acquire()
    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
