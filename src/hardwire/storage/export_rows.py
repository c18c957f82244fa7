"""Exported messages as rows."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from hardwire.model.history import Export
from hardwire.storage.file import File
from hardwire.storage.instants import from_ms, to_ms

# Deleting goes in steps, so that other writes get their turn between two.
FORGET_STEP_ROWS = 20_000


class ExportRows:
    """`contracts.records.Exports` in the store's file."""

    def __init__(self, file: File) -> None:
        self._file = file

    async def begin_epoch(self, now: datetime) -> int:
        """Begin the next epoch."""
        return await self._file.write(lambda connection: _begin_epoch(connection, now))

    def note(self, exports: Iterable[Export]) -> None:
        """Have messages written with the next commit, which is now."""
        noted = tuple(exports)
        self._file.write_soon(lambda connection: insert_exports(connection, noted))

    async def read(
        self, account: str, *, after: tuple[int, int] | None = None, since: datetime | None = None, limit: int = 1000
    ) -> Sequence[Export]:
        """What followed a number, or arrived at or after a time."""
        # By the writer: what was noted before is in the file by then.
        return await self._file.write(lambda connection: _read(connection, account, after, since, limit))

    async def oldest(self, account: str) -> tuple[int, int] | None:
        """The oldest message that is still there."""
        # By the writer, as above.
        return await self._file.write(lambda connection: _oldest(connection, account))

    async def forget(self, before: datetime) -> int:
        """Delete messages that arrived earlier, in steps; the newest of each account stays, as a mark."""
        forgotten = 0
        while went := await self._file.write(lambda connection: _forget_some(connection, to_ms(before))):
            forgotten += went
        return forgotten


def insert_exports(connection: sqlite3.Connection, exports: Iterable[Export]) -> None:
    """Insert messages; one that is there already stays as it is."""
    connection.executemany(
        "INSERT INTO export (account, epoch, no, device, arrived, message) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        [(one.account, one.epoch, one.number, one.device, to_ms(one.arrived), one.message) for one in exports],
    )


def _begin_epoch(connection: sqlite3.Connection, now: datetime) -> int:
    # The time makes it a number that no other data folder has, nor this one after an older backup was restored. A clock
    # that was set back, or has not been set yet, makes it no smaller.
    (newest,) = connection.execute("SELECT ifnull(max(no), 0) FROM epoch").fetchone()
    epoch = max(int(newest) + 1, to_ms(now) // 1000)
    connection.execute("INSERT INTO epoch (no, began) VALUES (?, ?)", (epoch, to_ms(now)))
    return epoch


def _read(
    connection: sqlite3.Connection,
    account: str,
    after: tuple[int, int] | None,
    since: datetime | None,
    limit: int,
) -> Sequence[Export]:
    start = after or (0, 0)
    if since is not None:
        # By the index of arrivals, where equal ones lie in the order of numbers: to walk the account's rows from its
        # oldest one would take long.
        first = connection.execute(
            "SELECT epoch, no - 1 FROM export INDEXED BY export_arrived WHERE account = ? AND arrived >= ? "
            "ORDER BY arrived LIMIT 1",
            (account, to_ms(since)),
        ).fetchone()
        if first is None:
            return ()
        start = max(start, first)
    rows = connection.execute(
        "SELECT account, epoch, no, device, arrived, message FROM export "
        "WHERE account = ? AND (epoch, no) > (?, ?) AND arrived >= ? ORDER BY epoch, no LIMIT ?",
        (account, *start, -(2**63) if since is None else to_ms(since), limit),
    )
    return [
        Export(account, epoch, number, device, from_ms(arrived), message)
        for account, epoch, number, device, arrived, message in rows
    ]


def _oldest(connection: sqlite3.Connection, account: str) -> tuple[int, int] | None:
    row = connection.execute(
        "SELECT epoch, no FROM export WHERE account = ? ORDER BY epoch, no LIMIT 1", (account,)
    ).fetchone()
    return None if row is None else (row[0], row[1])


def _forget_some(connection: sqlite3.Connection, before_ms: int) -> int:
    """Delete some of what arrived earlier; returns how many went, 0 when there are but marks left."""
    marks = {_mark(connection, account, before_ms) for account in _accounts(connection)}
    old = connection.execute(
        "SELECT account, epoch, no FROM export WHERE arrived < ? ORDER BY arrived LIMIT ?",
        (before_ms, FORGET_STEP_ROWS + len(marks)),
    ).fetchall()
    doomed = [row for row in old if row not in marks]
    connection.executemany("DELETE FROM export WHERE account = ? AND epoch = ? AND no = ?", doomed)
    return len(doomed)


def _accounts(connection: sqlite3.Connection) -> Iterator[str]:
    # From one to the next by the primary key: DISTINCT would read all rows.
    account = ""
    while account := connection.execute("SELECT min(account) FROM export WHERE account > ?", (account,)).fetchone()[0]:
        yield account


def _mark(connection: sqlite3.Connection, account: str, before_ms: int) -> tuple[str, int, int] | None:
    """Return the newest of an account's messages that arrived earlier.

    It stays: it tells up to which number others may be missing.
    """
    found: tuple[str, int, int] | None = connection.execute(
        "SELECT account, epoch, no FROM export INDEXED BY export_arrived WHERE account = ? AND arrived < ? "
        "ORDER BY arrived DESC LIMIT 1",
        (account, before_ms),
    ).fetchone()
    return found
