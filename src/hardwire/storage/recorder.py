"""The recorder: a watcher like any other, which hands samples to the store and forgets old ones."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from hardwire.contracts.store import Store
from hardwire.model.errors import HardwireError
from hardwire.model.fact import Fact, Sample

FORGET_EVERY_S = 3600.0

log = structlog.get_logger("hardwire.storage")


class Recorder:
    """Notes each point at most once an interval; deletes what is older than `keep`, once an hour.

    A P1 meter tells forty values a second; a month of them all would fill an SD card and wear it out.
    """

    def __init__(self, store: Store, *, keep: timedelta, interval: timedelta, now: Callable[[], datetime]) -> None:
        self._store = store
        self._keep = keep
        self._interval = interval
        self._now = now
        self._noted: dict[tuple[str, str], datetime] = {}

    def take(self, fact: Fact) -> None:
        """Note the values that are due; they are committed with the next write, at the latest after 10 s."""
        if not isinstance(fact, Sample):
            return
        due = {name: value for name, value in fact.values.items() if self._is_due((fact.device, name), fact.at)}
        if due:
            self._store.note([Sample(fact.device, fact.at, due)])

    async def run(self) -> None:
        """Forget old samples until cancelled."""
        while True:
            try:
                await self._store.forget_samples(self._now() - self._keep)
            except HardwireError as error:
                log.error("old samples were not deleted", reason=error.message)
            await asyncio.sleep(FORGET_EVERY_S)

    def _is_due(self, point: tuple[str, str], at: datetime) -> bool:
        noted = self._noted.get(point)
        # What is older than the last one came late: it is told once, so it is kept.
        if noted is not None and noted <= at < noted + self._interval:
            return False
        if noted is None or at > noted:
            self._noted[point] = at
        return True
