"""Answers the owner who wants a backup in place of all that a running hub keeps: judged at once, exchanged later."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog

from hardwire.app import parts
from hardwire.app.backup import exchange
from hardwire.contracts.question import Question, Renew
from hardwire.model.audit import HUB, Asker
from hardwire.model.errors import CallerError, HubFaultError
from hardwire.storage.folder import FolderLock

T = TypeVar("T")

# A command that finds no hub looks at the files itself, which takes it a moment.
HELD_BY_OTHERS_S = 30.0
LOOK_EVERY_S = 0.1

log = structlog.get_logger("hardwire")


class Renewal:
    """From the wish to the exchanged files. The hub that takes it ends its life; the next one finds other files."""

    def __init__(self, folder: Path) -> None:
        self.is_due = asyncio.Event()
        """Set when a backup lies ready: the hub has to go."""
        self.before: Path | None = None
        """Where the files of the life before are kept, as long as the next one has not begun."""
        self.asked_by = HUB
        """Who asked for the backup that was put back last."""
        self._folder = folder
        self._is_busy = False

    async def answer(self, question: Question, by: Asker = HUB) -> object:
        """Judge a backup and have the hub go. Raises BadValueError when it is of no use; the hub stays then."""
        assert isinstance(question, Renew), "staffed for nothing else"
        if self._is_busy:
            raise CallerError("a backup is being put back already: wait for it")
        self._is_busy = True
        try:
            await asyncio.to_thread(parts.gather(), self._folder, Path(question.file))
        except Exception as error:
            # Whatever it was, the next wish is to be heard.
            log.warning("a backup was not put back", reason=str(error))
            self._is_busy = False
            raise
        log.info("a backup is put back", file=question.file)
        self.asked_by = by
        self.is_due.set()
        return True

    async def perform(self) -> None:
        """Exchange the files, now that the store is closed. Raises HubFaultError; the next start goes on with it."""
        self.is_due.clear()
        self._is_busy = False
        self.before = await self._held(lambda: exchange.exchange(self._folder, datetime.now(UTC)))

    async def take_back(self, why: str) -> None:
        """Put back what was there before, since the hub could not start anew. Raises HubFaultError."""
        before, self.before = self.before, None
        assert before is not None, "only what was exchanged is taken back"
        kept = await self._held(lambda: exchange.go_back(self._folder, before, why, datetime.now(UTC)))
        log.error("the hub could not start with the backup and goes back to what was there", reason=why, kept=str(kept))

    async def _held(self, work: Callable[[], T]) -> T:
        """Do work while the folder is held."""
        lock = await self._lock()
        try:
            return await asyncio.to_thread(work)
        finally:
            lock.release()

    async def _lock(self) -> FolderLock:
        loop = asyncio.get_running_loop()
        given_up_at_s = loop.time() + HELD_BY_OTHERS_S
        while True:
            try:
                return FolderLock(self._folder)
            except HubFaultError as error:
                if not is_held(error) or loop.time() > given_up_at_s:
                    raise
            await asyncio.sleep(LOOK_EVERY_S)


def is_held(error: Exception) -> bool:
    """Say whether an error means that another process holds the folder."""
    return isinstance(error, HubFaultError) and error.code == "folder-in-use"
