"""How fresh rows get into the order of their series, with the roll-ups of them, a slice of the series at a time."""

import json
import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from hardwire.storage.rollups import note_touched, roll_up

# A slice keeps the writer busy for some 10 ms on a small computer; who waits for a promise waits no longer.
SLICE_ROWS = 1_000


class Slice(Struct, frozen=True):
    """Series of one log whose fresh rows are folded in one transaction."""

    log: str
    series: Sequence[int]


def plan_fold(connection: sqlite3.Connection, *, before: int | None = None) -> list[Slice]:
    """Return all fresh rows as slices; with `before`, only those of series that have a fresh row older than that.

    By series, not by time: so each page of `sample` is written once, whatever the number of slices. The rows are copied
    into the order of their series once: what lands meanwhile is left to the next fold.
    """
    connection.execute(_FOLDING)
    connection.execute("DELETE FROM temp.folding")
    connection.execute(
        "INSERT INTO temp.folding (series, at, value) SELECT series, at, value FROM fresh_sample "
        "WHERE ?1 IS NULL OR series IN (SELECT series FROM fresh_sample WHERE at < ?1) ORDER BY series, at",
        (before,),
    )
    rows = connection.execute(
        "SELECT log, id, number FROM (SELECT series AS id, count(*) AS number FROM temp.folding GROUP BY series) "
        "JOIN series USING (id) ORDER BY log, id"
    )
    slices: list[Slice] = []
    gathered: list[int] = []
    gathered_rows, gathered_log = 0, ""
    for log, series, number in rows:
        if gathered and (log != gathered_log or gathered_rows + number > SLICE_ROWS):
            slices.append(Slice(gathered_log, gathered))
            gathered, gathered_rows = [], 0
        gathered.append(series)
        gathered_rows, gathered_log = gathered_rows + number, log
    return [*slices, Slice(gathered_log, gathered)] if gathered else slices


def fold(connection: sqlite3.Connection, part: Slice) -> int:
    """Move the rows of a slice and bring its roll-ups up to date; returns how many rows went."""
    ids = json.dumps(part.series)
    note_touched(connection, ids, part.log, table="temp.folding")
    # Nothing can be in both tables; should it ever be, the older one wins here too.
    connection.execute(
        "INSERT INTO sample (series, at, value) SELECT series, at, value FROM temp.folding "
        "WHERE series IN (SELECT value FROM json_each(?)) ORDER BY series, at ON CONFLICT DO NOTHING",
        (ids,),
    )
    moved = connection.execute(
        "DELETE FROM fresh_sample WHERE (at, series) IN "
        "(SELECT at, series FROM temp.folding WHERE series IN (SELECT value FROM json_each(?)))",
        (ids,),
    ).rowcount
    roll_up(connection, part.log)
    return moved


_FOLDING = """
    CREATE TEMP TABLE IF NOT EXISTS folding (series INTEGER, at INTEGER, value, PRIMARY KEY (series, at)) WITHOUT ROWID
"""
