"""The one thread that writes: everything that waits goes into one commit."""

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import structlog

from hardwire.model.errors import HubFaultError
from hardwire.model.history import Export
from hardwire.storage.export_rows import insert_exports
from hardwire.storage.figures import StoreFigures
from hardwire.storage.fold import Slice
from hardwire.storage.noted import NOTED_LIMIT_ROWS, NotedRows
from hardwire.storage.sample_rows import Row, SampleTable
from hardwire.storage.write import Write, answer

T = TypeVar("T")

# What nobody waits for may not fill the memory while the disk hangs: some 25 MB of messages.
SOON_LIMIT = 20_000

_log = structlog.get_logger("hardwire.storage")


class Writer:
    """Group commit on a thread of its own: while one batch goes to the disk, the next one gathers.

    A write's future is resolved after the COMMIT that holds it. A write that fails by itself is undone alone; when
    the commit fails, every write of its batch gets the error, and the writer goes on with the next batch.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        explain: Callable[[sqlite3.Error], HubFaultError],
        *,
        flush_s: float,
        noted_limit_rows: int = NOTED_LIMIT_ROWS,
    ) -> None:
        """Take over the connection, which must be in autocommit mode, and start."""
        self.figures = StoreFigures()
        self._connection = connection
        self._explain = explain
        self._flush_s = flush_s
        self._samples = SampleTable()
        self._writes: list[Write] = []
        self._soon = 0
        self._slices: deque[Slice] = deque()
        self._noted = NotedRows(noted_limit_rows)
        self._in_flight: Sequence[Row] = ()
        self._noted_due: float | None = None
        self._noted_not_before = 0.0
        self._repeats = self._new = 0
        self._landed_rows = 0
        self._is_closing = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="hardwire-store-writer", daemon=True)
        self._thread.start()

    @property
    def dropped_rows(self) -> int:
        """How many noted rows were lost because the disk did not take them in time."""
        return self._noted.dropped_rows

    def waiting(self) -> tuple[int, int]:
        """How many writes wait for a transaction, and how many noted rows."""
        return len(self._writes), len(self._noted)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Have work done in the next transaction; returns its answer once that is durable.

        Cancelling the call does not take the write back.

        Raises:
            HubFaultError: it could not be written, or the store is closed.
            HardwireError: what the work raised; nothing of the work is kept then.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._wake:
            if self._is_closing:
                raise HubFaultError("The store is closed: the hub is going down.", code="store-closed")
            self._writes.append(Write(work, future))
            self._wake.notify()
        return await future

    def write_soon(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Have work done in the next transaction; nobody waits for it, a fault is logged. Nothing once it is closed.

        While `SOON_LIMIT` of them wait for a disk that hangs, more are left out; the log says so once.
        """
        with self._wake:
            if self._is_closing:
                return
            self._soon += 1
            if self._soon <= SOON_LIMIT:
                self._writes.append(Write(work))
                self._wake.notify()
            elif self._soon == SOON_LIMIT + 1:
                _log.error("something was not written: the disk hangs", waiting=SOON_LIMIT)

    async def append(self, rows: Sequence[Row], exports: Sequence[Export] = ()) -> int:
        """Write rows durably, with the messages made of them, in one step; returns how many rows were new."""

        def append(connection: sqlite3.Connection) -> int:
            insert_exports(connection, exports)
            return self._insert(connection, rows)

        return await self.write(append)

    async def draw_horizon(self, before: int, devices: Sequence[str] | None) -> None:
        """Take no rows of these devices, or of any, that are older than that from now on."""
        await self.write(lambda connection: self._samples.draw_horizon(connection, before, devices))

    def note(self, rows: Sequence[Row]) -> None:
        """Take rows that nobody waits for: they go with the next commit, at the latest after the flush time."""
        with self._wake:
            self._noted.add(rows)
            if self._noted_due is None:
                self._noted_due = time.monotonic() + self._flush_s
                self._wake.notify()
            elif self._noted.is_half_full():
                self._noted_due = self._noted_not_before
                self._wake.notify()

    def noted(self, device: str) -> list[Row]:
        """Return the noted rows of a device, oldest first, those included that are just being written.

        What a reader that begins afterwards finds in the file may be among them.
        """
        with self._wake:
            return [*(row for row in self._in_flight if row[0] == device), *self._noted.of(device)]

    def close(self) -> None:
        """Write what is pending, end the thread and close the connection. It waits: call it off the event loop."""
        with self._wake:
            self._is_closing = True
            self._wake.notify()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (self._writes or self._slices or self._is_closing or self._is_noted_due()):
                    self._wake.wait(self._pause_s())
                is_last = self._is_closing
                writes, self._writes, self._soon = self._writes, [], 0
                rows = self._in_flight = self._take_noted()
            if writes or rows:
                self._commit(writes, rows)
            with self._wake:
                self._in_flight = ()
            if is_last:
                return
            self._fold_some()

    def _take_noted(self) -> Sequence[Row]:
        if self._noted_not_before > time.monotonic() and not self._is_closing:
            return []
        self._noted_due = None
        return self._noted.take()

    def _is_noted_due(self) -> bool:
        return self._noted_due is not None and self._noted_due <= time.monotonic()

    def _pause_s(self) -> float | None:
        return None if self._noted_due is None else max(0.0, self._noted_due - time.monotonic())

    def _commit(self, writes: Sequence[Write], rows: Sequence[Row]) -> None:
        # Noted before the writes were asked for: their values are the first ones.
        noted = Write(lambda connection: self._insert(connection, rows))
        error = self._attempt([noted, *writes] if rows else writes)
        if rows and (failure := error or noted.error):
            _log.error("samples not written", error=str(self._as_fault(failure)), rows=len(rows))
            if error or isinstance(noted.error, sqlite3.OperationalError):
                self._put_back(rows)
            else:
                # Rows that no disk will ever take must not block those that come after them.
                with self._wake:
                    self._noted.drop(rows)
        if rows and error and writes:
            # A backlog of telemetry that the disk does not take may not cost what was promised.
            error = self._attempt(writes)
        if error:
            for write in writes:
                write.error = error
        self._report_dropped()
        self._resolve(writes)

    def _fold_some(self) -> None:
        # After the answers, and a slice at a time: nobody waits for it but those who come next, and they not long.
        if not self._slices and self._samples.is_fold_due():
            plan = Write(self._samples.plan_fold)
            self._note_fold_error(self._attempt([plan]) or plan.error)
            self._slices.extend(plan.answer or ())
            # Who has come meanwhile goes first.
            return
        # At least one, and as much as has just landed: else a flood would never be folded.
        while self._slices:
            part = self._slices.popleft()
            self._landed_rows -= self._fold(part, is_last=not self._slices)
            if self._landed_rows <= 0:
                break
        self._landed_rows = 0

    def _fold(self, part: Slice, *, is_last: bool) -> int:
        fold = Write(lambda connection: self._samples.fold(connection, part, is_last=is_last))
        self._note_fold_error(self._attempt([fold]) or fold.error)
        return fold.answer or 0

    def _note_fold_error(self, error: Exception | None) -> None:
        if error is not None:
            self._slices.clear()
            _log.error("samples not folded", error=str(self._as_fault(error)))

    def _attempt(self, batch: Sequence[Write]) -> Exception | None:
        """Do all of it in one transaction; returns what kept the whole from being committed."""
        self._repeats = self._new = 0
        self.figures.begin()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for write in batch:
                self._perform(write)
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  # the thread's edge: one bad batch may not end all writing
            _log.error("commit failed", error=str(self._as_fault(error)), writes=len(batch))
            self._roll_back()
            self.figures.end(is_durable=False)
            return error
        self.figures.end(is_durable=True, new_rows=self._new, repeated_rows=self._repeats)
        return None

    def _perform(self, write: Write) -> None:
        repeats, new, write.error = self._repeats, self._new, None
        self._connection.execute("SAVEPOINT write")
        try:
            write.answer = write.work(self._connection)
        except Exception as error:
            # After a full disk SQLite may have rolled the whole transaction back: the batch is lost then.
            if not self._connection.in_transaction:
                raise
            self._connection.execute("ROLLBACK TO write")
            self._samples.forget()
            self._repeats, self._new = repeats, new
            write.error = error
        self._connection.execute("RELEASE write")

    def _roll_back(self) -> None:
        self._samples.forget()
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            _log.error("rollback failed", error=str(self._as_fault(error)))

    def _put_back(self, rows: Sequence[Row]) -> None:
        with self._wake:
            self._noted.put_back(rows)
            # Not with the very next write: a disk that stays full would be asked again and again for all of it.
            self._noted_due = self._noted_not_before = time.monotonic() + self._flush_s

    def _report_dropped(self) -> None:
        if lost := self._noted.unreported(time.monotonic(), is_last=self._is_closing):
            _log.error("samples lost", rows=lost, since_start=self._noted.dropped_rows)

    def _insert(self, connection: sqlite3.Connection, rows: Sequence[Row]) -> int:
        new = self._samples.insert(connection, rows)
        self._repeats += len(rows) - new
        self._new += new
        self._landed_rows += new
        return new

    def _as_fault(self, error: Exception) -> Exception:
        return self._explain(error) if isinstance(error, sqlite3.Error) else error

    def _resolve(self, writes: Sequence[Write]) -> None:
        # One hop to the event loop for the whole batch. Each waiter gets an error of its own: a shared one would
        # gather the tracebacks of all of them.
        by_loop: dict[asyncio.AbstractEventLoop, list[Write]] = {}
        for write in writes:
            if write.future is None:
                if write.error is not None:
                    _log.error("something was not written", error=str(self._as_fault(write.error)))
            else:
                if write.error is not None:
                    write.error = self._as_fault(write.error)
                by_loop.setdefault(write.future.get_loop(), []).append(write)
        for loop, resolved in by_loop.items():
            # A loop that was closed meanwhile has nobody waiting; the thread goes on for the others.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(answer, resolved)
