"""Counted calls, over starts of the hub."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from hardwire.app import tally as room
from hardwire.app.tally import Tally
from hardwire.model.errors import HubFaultError
from tests.fakes.paper_dialect import PaperDialect
from tests.fakes.paper_records import PaperCalls
from tests.fakes.paper_store import PaperStore
from tests.fakes.still_clock import NOON


class CountingDialect(PaperDialect):
    """A paper dialect that counts what it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, tuple[datetime, int]] = {}

    def counted(self) -> Mapping[str, tuple[datetime, int]]:
        """What it was told."""
        return dict(self.counts)

    def recount(self, counted: Mapping[str, tuple[datetime, int]]) -> None:
        """Take it."""
        self.counts.update(counted)


class BrokenCalls(PaperCalls):
    """Counts on a disk that refuses."""

    async def save(self, calls: Mapping[str, tuple[datetime, int]]) -> None:
        """Refuse."""
        raise HubFaultError("the disk is full")


async def test_what_was_counted_goes_on_in_the_next_run() -> None:
    store, before, after = PaperStore(), CountingDialect(), CountingDialect()
    before.counts["10001"] = (NOON, 7)

    await Tally([before, PaperDialect()], store).save()
    await Tally([PaperDialect(), after], store).recall()

    assert after.counts == {"10001": (NOON, 7)}


async def test_only_what_has_changed_is_written() -> None:
    store, dialect = PaperStore(), CountingDialect()
    dialect.counts = {"10001": (NOON, 7), "10002": (NOON, 1)}
    tally = Tally([dialect], store)
    await tally.save()
    store.calls.saved.clear()

    await tally.save()
    nothing = dict(store.calls.saved)
    dialect.counts["10002"] = (NOON, 2)
    await tally.save()

    assert nothing == {}
    assert store.calls.saved == {"10002": (NOON, 2)}


async def test_a_disk_that_refuses_is_told_in_the_log_and_tried_again() -> None:
    store, dialect = PaperStore(), CountingDialect()
    good, store.calls = store.calls, BrokenCalls()
    dialect.counts["10001"] = (NOON, 7)
    tally = Tally([dialect], store)

    with capture_logs() as logs:
        await tally.save()
    store.calls = good
    await tally.save()

    assert [one["reason"] for one in logs] == ["the disk is full"]
    assert good.saved == {"10001": (NOON, 7)}


async def test_it_saves_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SAVE_EVERY_S", 0.001)
    store, dialect = PaperStore(), CountingDialect()
    dialect.counts["10001"] = (NOON, 7)
    running = asyncio.ensure_future(Tally([dialect], store).run())

    async with asyncio.timeout(10):
        while not store.calls.saved:  # noqa: ASYNC110 - the paper tells nobody
            await asyncio.sleep(0.001)
    running.cancel()

    assert store.calls.saved == {"10001": (NOON, 7)}
