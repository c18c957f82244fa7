"""What is forgotten when its time is over: rows first, roll-ups later, in steps that leave the writer to others."""

import sqlite3
from collections.abc import Sequence

from hardwire.storage.rollups import COARSEST_MS, EVERY_LENGTH_S, STEADY_MS

EVERY_DEVICE = ""
"""Stands in `horizon` for all devices."""


def read_horizon(connection: sqlite3.Connection, device: str) -> int | None:
    """Return before which instant the rows of a device were deleted; None when nothing ever was."""
    sql = "SELECT max(before) FROM horizon WHERE device IN (?, ?)"
    (before,) = connection.execute(sql, (device, EVERY_DEVICE)).fetchone()
    return None if before is None else int(before)


def steady(before: int) -> int:
    """Return the instant up to which rows may go: whole roll-ups of ten minutes, since half of one cannot be remade."""
    return before - before % STEADY_MS


def draw_horizon(connection: sqlite3.Connection, before: int, devices: Sequence[str] | None) -> None:
    """Refuse rows that are older than that from now on. A horizon never goes back."""
    connection.executemany(
        "INSERT INTO horizon (device, before) VALUES (?, ?) "
        "ON CONFLICT (device) DO UPDATE SET before = max(before, excluded.before)",
        [(device, before) for device in ([EVERY_DEVICE] if devices is None else devices)],
    )


def forget_rows(connection: sqlite3.Connection, before: int, devices: Sequence[str] | None, limit: int) -> int:
    """Delete folded rows that are older, about so many at most; returns how many went, 0 when none is left."""
    forgotten = 0
    for series, _ in _series_of(connection, devices):
        if forgotten >= limit:
            break
        forgotten += connection.execute(
            "DELETE FROM sample WHERE series = ?1 AND at < ?2 AND at < ifnull("
            "(SELECT at FROM sample WHERE series = ?1 ORDER BY at LIMIT 1 OFFSET ?3), ?2)",
            (series, before, limit - forgotten),
        ).rowcount
    return forgotten


def forget_rollups(connection: sqlite3.Connection, before: int, devices: Sequence[str] | None, limit: int) -> int:
    """Delete roll-ups of whole days that are older, about so many at most; returns how many went.

    Those of rows that are still there stay: a query takes it that a row which was folded is in them.
    """
    forgotten = 0
    for series, device in _series_of(connection, devices):
        horizon = read_horizon(connection, device)
        if horizon is None:
            continue
        end = min(before, horizon)
        end -= end % COARSEST_MS
        for length_s in EVERY_LENGTH_S:
            if forgotten >= limit:
                return forgotten
            forgotten += connection.execute(
                "DELETE FROM rollup WHERE series = ?1 AND length_s = ?2 AND at < ?3 AND at < ifnull((SELECT at FROM "
                "rollup WHERE series = ?1 AND length_s = ?2 ORDER BY at LIMIT 1 OFFSET ?4), ?3)",
                (series, length_s, end, limit - forgotten),
            ).rowcount
    return forgotten


def _series_of(connection: sqlite3.Connection, devices: Sequence[str] | None) -> list[tuple[int, str]]:
    if devices is None:
        return connection.execute("SELECT id, device FROM series").fetchall()
    by_device = (connection.execute("SELECT id, device FROM series WHERE device = ?", (one,)) for one in devices)
    return [row for rows in by_device for row in rows]
