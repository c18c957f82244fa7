"""Exported messages as rows."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from hardwire.model.history import Export
from hardwire.storage.file import File
from hardwire.storage.instants import from_ms, to_ms


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
        return await self._file.read(lambda connection: _oldest(connection, account))

    async def forget(self, before: datetime) -> int:
        """Delete messages that arrived earlier."""
        sql = "DELETE FROM export WHERE arrived < ?"
        return await self._file.write(lambda connection: connection.execute(sql, (to_ms(before),)).rowcount)


def insert_exports(connection: sqlite3.Connection, exports: Iterable[Export]) -> None:
    """Insert messages; one that is there already stays as it is."""
    connection.executemany(
        "INSERT INTO export (account, epoch, no, device, arrived, message) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        [(one.account, one.epoch, one.number, one.device, to_ms(one.arrived), one.message) for one in exports],
    )


def _begin_epoch(connection: sqlite3.Connection, now: datetime) -> int:
    cursor = connection.execute("INSERT INTO epoch (began) VALUES (?)", (to_ms(now),))
    assert cursor.lastrowid is not None, "an INSERT has made a row"
    return cursor.lastrowid


def _read(
    connection: sqlite3.Connection,
    account: str,
    after: tuple[int, int] | None,
    since: datetime | None,
    limit: int,
) -> Sequence[Export]:
    rows = connection.execute(
        "SELECT account, epoch, no, device, arrived, message FROM export "
        "WHERE account = ? AND (epoch, no) > (?, ?) AND arrived >= ? ORDER BY epoch, no LIMIT ?",
        (account, *(after or (0, 0)), -(2**63) if since is None else to_ms(since), limit),
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
