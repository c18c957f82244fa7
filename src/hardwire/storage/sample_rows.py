"""Samples as rows: one for each number, under the series of its device and point."""

import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import TypeAlias

from hardwire.model.fact import LogRow, Sample
from hardwire.model.value import Value
from hardwire.storage.instants import from_ms, to_ms

Row: TypeAlias = tuple[str, str, int, int | float]
"""Device, point, instant in ms, value."""

# How many fresh rows are folded at once. More would spare the disk a little more, but a fold keeps the writer busy
# (some 0.1 s on a small board) and every query reads past the fresh rows.
FOLD_ROWS = 20_000

_INTEGER_LIMIT = 2**63

# The first value wins, be it folded already or not.
_INSERT = (
    "INSERT INTO fresh_sample (series, at, value) SELECT ?1, ?2, ?3 "
    "WHERE NOT EXISTS (SELECT 1 FROM sample WHERE series = ?1 AND at = ?2) ON CONFLICT DO NOTHING"
)


def rows_of(samples: Iterable[Sample | LogRow]) -> list[Row]:
    """Return the samples' numbers as rows; a flag counts as 0 or 1. Texts, NaN and infinity are not recorded."""
    rows: list[Row] = []
    for sample in samples:
        if isinstance(sample, LogRow):
            continue
        at = to_ms(sample.at)
        for point, value in sample.values.items():
            number = _number(value)
            if number is not None:
                rows.append((sample.device, point, at, number))
    return rows


class SampleTable:
    """Writes rows through one connection: they land fresh and are folded into their series' order by and by."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str], int] = {}
        self._fresh_rows: int | None = None
        self._fold_at_rows = FOLD_ROWS

    def insert(self, connection: sqlite3.Connection, rows: Sequence[Row]) -> int:
        """Insert rows; returns how many (device, point, at) were new. The first value wins."""
        series = self._series
        numbered = []
        for device, point, at, number in rows:
            key = (device, point)
            series_id = series.get(key)
            if series_id is None:
                series_id = series[key] = _number_series(connection, device, point)
            numbered.append((series_id, at, number))
        if self._fresh_rows is None:
            (self._fresh_rows,) = connection.execute("SELECT count(*) FROM fresh_sample").fetchone()
        new = connection.executemany(_INSERT, numbered).rowcount
        self._fresh_rows += new
        return new

    def is_fold_due(self) -> bool:
        """Say whether enough fresh rows have gathered."""
        return self._fresh_rows is not None and self._fresh_rows >= self._fold_at_rows

    def fold(self, connection: sqlite3.Connection) -> None:
        """Move all fresh rows into the order of their series."""
        # Should it fail, it is not tried again with every write.
        self._fold_at_rows += FOLD_ROWS
        # Nothing can be in both tables; should it ever be, the older one wins here too.
        connection.execute(
            "INSERT INTO sample (series, at, value) SELECT series, at, value FROM fresh_sample WHERE true "
            "ORDER BY series, at ON CONFLICT DO NOTHING"
        )
        connection.execute("DELETE FROM fresh_sample")
        self._fresh_rows, self._fold_at_rows = 0, FOLD_ROWS

    def forget(self) -> None:
        """Forget what is remembered of the file: a transaction that changed it was rolled back."""
        self._series.clear()
        self._fresh_rows = None


def read_samples(
    connection: sqlite3.Connection, device: str, since: datetime, until: datetime, limit: int
) -> list[Sample]:
    """Return what was recorded of a device in [since, until), oldest first; values of one instant are one sample."""
    series = connection.execute("SELECT id, point FROM series WHERE device = ?", (device,)).fetchall()
    # One cursor a series, and one for all that is fresh, merged as they are read: each walks a primary key, nothing
    # is sorted and nothing is read beyond the limit.
    cursors = [_read_series(connection, id, point, to_ms(since), to_ms(until)) for id, point in series]
    cursors.append(_read_fresh(connection, device, to_ms(since), to_ms(until)))
    instants = groupby(merge(*cursors, key=itemgetter(0)), key=itemgetter(0))
    return [
        Sample(device, from_ms(at), {point: number for _, point, number in rows})
        for at, rows in islice(instants, max(0, limit))
    ]


def forget_some(connection: sqlite3.Connection, before: datetime, limit_rows: int) -> int:
    """Delete rows that are older than that, about so many at most; returns how many went, 0 when none is left."""
    forgotten = connection.execute("DELETE FROM fresh_sample WHERE at < ?", (to_ms(before),)).rowcount
    for (series,) in connection.execute("SELECT id FROM series").fetchall():
        if forgotten >= limit_rows:
            break
        forgotten += connection.execute(
            "DELETE FROM sample WHERE series = ?1 AND at < ?2 AND at < ifnull("
            "(SELECT at FROM sample WHERE series = ?1 ORDER BY at LIMIT 1 OFFSET ?3), ?2)",
            (series, to_ms(before), limit_rows - forgotten),
        ).rowcount
    return forgotten


def _read_series(
    connection: sqlite3.Connection, series: int, point: str, since: int, until: int
) -> Iterator[tuple[int, str, int | float]]:
    rows = connection.execute(
        "SELECT at, value FROM sample WHERE series = ? AND at >= ? AND at < ? ORDER BY at", (series, since, until)
    )
    for at, number in rows:
        yield at, point, number


def _read_fresh(
    connection: sqlite3.Connection, device: str, since: int, until: int
) -> Iterator[tuple[int, str, int | float]]:
    # CROSS JOIN is SQLite's way to name the outer table: the fresh rows are walked in the order of time.
    yield from connection.execute(
        "SELECT at, point, value FROM fresh_sample CROSS JOIN series ON series.id = fresh_sample.series "
        "WHERE at >= ? AND at < ? AND device = ? ORDER BY at",
        (since, until, device),
    )


def _number_series(connection: sqlite3.Connection, device: str, point: str) -> int:
    connection.execute("INSERT INTO series (device, point) VALUES (?, ?) ON CONFLICT DO NOTHING", (device, point))
    (series,) = connection.execute("SELECT id FROM series WHERE device = ? AND point = ?", (device, point)).fetchone()
    return int(series)


def _number(value: Value) -> int | float | None:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        # SQLite's integers have 64 bits.
        return int(value) if -_INTEGER_LIMIT <= value < _INTEGER_LIMIT else None
    return None
