"""The audit log as rows, which are only ever added."""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from hardwire.model.audit import AuditEntry
from hardwire.storage.instants import from_ms, to_ms

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

# Numbers are for ever and time may be set back: what is newest is decided by number.
_READ = (
    "SELECT no, at, actor, action, subject, detail, peer FROM audit "
    "WHERE at >= ? AND substr(action, 1, ?) = ? ORDER BY no DESC LIMIT ?"
)


def add(connection: sqlite3.Connection, entries: Iterable[AuditEntry]) -> None:
    """Append lines."""
    connection.executemany(
        "INSERT INTO audit (at, actor, action, subject, detail, peer) VALUES (?, ?, ?, ?, ?, ?)",
        [(to_ms(one.at), one.actor, one.action, one.subject, one.detail, one.peer) for one in entries],
    )


def with_lines(work: Work[T], audit: Iterable[AuditEntry]) -> Work[T]:
    """Return work that appends lines too: both are written, or neither is. What finds nothing to do tells nothing."""
    entries = tuple(audit)

    def both(connection: sqlite3.Connection) -> T:
        answer = work(connection)
        if answer is not False:
            add(connection, entries)
        return answer

    return both if entries else work


def read(
    connection: sqlite3.Connection, since: datetime | None, action: str, limit: int
) -> list[tuple[int, AuditEntry]]:
    """Return the newest lines of actions that begin so, with their numbers, oldest first."""
    earliest = 0 if since is None else to_ms(since)
    rows = connection.execute(_READ, (earliest, len(action), action, limit)).fetchall()
    return [
        (no, AuditEntry(at=from_ms(at), actor=actor, action=name, subject=subject, detail=detail, peer=peer))
        for no, at, actor, name, subject, detail, peer in reversed(rows)
    ]
