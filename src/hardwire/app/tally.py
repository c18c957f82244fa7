"""What keys have called in their day, so that a restart gives nobody a new one."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog

from hardwire.contracts.dialect import Dialect, Metered
from hardwire.contracts.store import Store
from hardwire.model.errors import HardwireError

# A power cut costs at most the calls of this time.
SAVE_EVERY_S = 30.0

log = structlog.get_logger("hardwire")


class Tally:
    """Keeps the counts of the dialects that count."""

    def __init__(self, dialects: Iterable[Dialect], store: Store) -> None:
        self._metered = [dialect for dialect in dialects if isinstance(dialect, Metered)]
        self._store = store
        self._saved: Mapping[str, tuple[datetime, int]] = {}

    async def recall(self) -> None:
        """Go on with what earlier runs have counted."""
        self._saved = await self._store.calls.read()
        for dialect in self._metered:
            dialect.recount(self._saved)

    async def run(self) -> None:
        """Save now and then until cancelled."""
        while True:
            await asyncio.sleep(SAVE_EVERY_S)
            await self.save()

    async def save(self) -> None:
        """Save what has changed; what the disk refuses is told in the log and tried again with the next."""
        counted = {key: count for dialect in self._metered for key, count in dialect.counted().items()}
        changed = {key: count for key, count in counted.items() if self._saved.get(key) != count}
        if not changed:
            return
        try:
            await self._store.calls.save(changed)
        except HardwireError as error:
            log.error("the counts of calls were not saved", reason=error.message)
        else:
            self._saved = counted
