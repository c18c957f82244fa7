"""How well the hub is: whether its doors are open, and whether its store takes writes."""

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from hardwire.contracts.question import Question
from hardwire.model.errors import HardwireError
from hardwire.model.health import Health
from hardwire.storage.sqlite import SqliteStore

# WAL with synchronous=FULL: a commit has been synced when it is answered (docs/explain/storage.md).
DURABILITY = "fsync"
# A commit that takes longer than this is no slow SD card any more.
HANGS_AFTER_S = 15.0
# So little is gone within a day of recording, with its backups.
LOW_BYTES = 100 << 20
# A store that refused is asked again by a write of our own, no more often than this: anybody may ask for health.
TRY_AGAIN_S = 5.0
PROBE = "probe"


class Wellbeing:
    """Answers `ReadHealth`."""

    def __init__(
        self,
        store: SqliteStore,
        *,
        clock: Callable[[], float] = time.monotonic,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        """`clock` tells seconds; `free_bytes` tells how much room is left where a folder lies."""
        self.is_open = False
        """Whether the hub accepts connections; set by whoever opens and closes its doors."""
        self._store = store
        self._clock = clock
        self._free_bytes = free_bytes
        self._tried_s = -TRY_AGAIN_S
        self._trying: asyncio.Task[None] | None = None

    async def answer(self, question: Question) -> Health:
        """Say how the hub is, at once: a disk that hangs may not keep the answer."""
        figures = self._store.figures
        reasons = [] if self.is_open else ["The hub does not accept connections yet, or no more."]
        if figures.busy_s() > HANGS_AFTER_S:
            reasons.append(f"The disk hangs: a write has taken more than {HANGS_AFTER_S:g} s.")
        elif figures.is_failing:
            reasons.append("The store could not write: its disk may be full or broken; the log says more.")
            self._try_again()
        warnings = []
        free_bytes = await asyncio.to_thread(self._free, self._store.file.parent)
        if free_bytes < LOW_BYTES:
            warnings.append(f"The disk is nearly full: {free_bytes >> 20} MiB are left.")
        return Health(is_ready=not reasons, durability=DURABILITY, troubles=(*reasons, *warnings))

    async def close(self) -> None:
        """Wait for what was tried."""
        if self._trying is not None:
            await asyncio.wait([self._trying], timeout=5.0)

    def _free(self, folder: Path) -> int:
        try:
            return self._free_bytes(folder)
        except OSError:
            return LOW_BYTES

    def _try_again(self) -> None:
        """Write something of no meaning, so that a disk that has room again is noticed although nobody writes."""
        now_s = self._clock()
        if now_s - self._tried_s >= TRY_AGAIN_S and (self._trying is None or self._trying.done()):
            self._tried_s = now_s
            self._trying = asyncio.get_running_loop().create_task(self._probe(), name="store probe")

    async def _probe(self) -> None:
        try:
            await self._store.fix(PROBE, "")
        except HardwireError:
            # It is told by the figures, and in the log.
            return
