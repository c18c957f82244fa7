"""Answers the owner who wants a backup in place of all that a running hub keeps: judged at once, exchanged later."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog

from hardwire.app.backup import exchange
from hardwire.contracts.question import Question, Renew
from hardwire.model.errors import CallerError
from hardwire.storage.folder import FolderLock

T = TypeVar("T")

log = structlog.get_logger("hardwire")


class Renewal:
    """From the wish to the exchanged files. The hub that takes it ends its life; the next one finds other files."""

    def __init__(self, folder: Path) -> None:
        self.is_due = asyncio.Event()
        """Set when a backup lies ready: the hub has to go."""
        self.before: Path | None = None
        """Where the files of the life before are kept, as long as the next one has not begun."""
        self._folder = folder
        self._is_busy = False

    async def answer(self, question: Question) -> object:
        """Judge a backup and have the hub go. Raises BadValueError when it is of no use; the hub stays then."""
        assert isinstance(question, Renew), "staffed for nothing else"
        if self._is_busy:
            raise CallerError("a backup is being put back already: wait for it")
        self._is_busy = True
        try:
            await asyncio.to_thread(exchange.gather, self._folder, Path(question.file))
        except Exception as error:
            # Whatever it was, the next wish is to be heard.
            log.warning("a backup was not put back", reason=str(error))
            self._is_busy = False
            raise
        log.info("a backup is put back", file=question.file)
        self.is_due.set()
        return True

    async def perform(self) -> None:
        """Exchange the files, now that the store is closed. Raises HubFaultError; the next start goes on with it."""
        self.is_due.clear()
        self._is_busy = False
        self.before = await asyncio.to_thread(self._held, lambda: exchange.exchange(self._folder, datetime.now(UTC)))

    async def take_back(self, why: str) -> None:
        """Put back what was there before, since the hub could not start anew. Raises HubFaultError."""
        before, self.before = self.before, None
        assert before is not None, "only what was exchanged is taken back"
        kept = await asyncio.to_thread(
            self._held, lambda: exchange.go_back(self._folder, before, why, datetime.now(UTC))
        )
        log.error("the hub could not start with the backup and goes back to what was there", reason=why, kept=str(kept))

    def _held(self, work: Callable[[], T]) -> T:
        lock = FolderLock(self._folder)
        try:
            return work()
        finally:
            lock.release()
