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
    """Notes every sample; deletes what is older than `keep`, once an hour."""

    def __init__(self, store: Store, *, keep: timedelta, now: Callable[[], datetime]) -> None:
        self._store = store
        self._keep = keep
        self._now = now

    def take(self, fact: Fact) -> None:
        """Note a sample; it is committed with the next write, at the latest after 10 s."""
        if isinstance(fact, Sample):
            self._store.note([fact])

    async def run(self) -> None:
        """Forget old samples until cancelled."""
        while True:
            try:
                await self._store.forget_samples(self._now() - self._keep)
            except HardwireError as error:
                log.error("old samples were not deleted", reason=error.message)
            await asyncio.sleep(FORGET_EVERY_S)
