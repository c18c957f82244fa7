"""Samples as rows: one for each number, under the series of its device and point."""

import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import TypeAlias

from hardwire.model.fact import Sample
from hardwire.model.value import Value
from hardwire.storage.instants import from_ms, to_ms

Row: TypeAlias = tuple[str, str, int, int | float]
"""Device, point, instant in ms, value."""

_INTEGER_LIMIT = 2**63


def rows_of(samples: Iterable[Sample]) -> list[Row]:
    """Return the samples' numbers as rows; a flag counts as 0 or 1. Texts, NaN and infinity are not recorded."""
    rows: list[Row] = []
    for sample in samples:
        at = to_ms(sample.at)
        for point, value in sample.values.items():
            number = _number(value)
            if number is not None:
                rows.append((sample.device, point, at, number))
    return rows


class SampleTable:
    """Writes rows through one connection and remembers the numbers of their series."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str], int] = {}

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
        return connection.executemany("INSERT INTO sample VALUES (?, ?, ?) ON CONFLICT DO NOTHING", numbered).rowcount

    def forget_series(self) -> None:
        """Forget the series' numbers: a transaction that gave some was rolled back."""
        self._series.clear()


def read_samples(
    connection: sqlite3.Connection, device: str, since: datetime, until: datetime, limit: int
) -> list[Sample]:
    """Return what was recorded of a device in [since, until), oldest first; values of one instant are one sample."""
    series = connection.execute("SELECT id, point FROM series WHERE device = ?", (device,)).fetchall()
    # One cursor a series, merged as they are read: each walks its own part of the primary key, nothing is sorted
    # and nothing is read beyond the limit.
    cursors = [_read_series(connection, id, point, to_ms(since), to_ms(until)) for id, point in series]
    instants = groupby(merge(*cursors, key=itemgetter(0)), key=itemgetter(0))
    return [
        Sample(device, from_ms(at), {point: number for _, point, number in rows})
        for at, rows in islice(instants, max(0, limit))
    ]


def read_series(connection: sqlite3.Connection) -> list[int]:
    """Return the number of every series."""
    return [id for (id,) in connection.execute("SELECT id FROM series")]


def forget_some(connection: sqlite3.Connection, series: int, before: datetime, limit_rows: int) -> int:
    """Delete the oldest rows of a series that are older than that, at most so many; returns how many went."""
    cursor = connection.execute(
        "DELETE FROM sample WHERE series = ?1 AND at < ?2 AND at < ifnull("
        "(SELECT at FROM sample WHERE series = ?1 ORDER BY at LIMIT 1 OFFSET ?3), ?2)",
        (series, to_ms(before), limit_rows),
    )
    return cursor.rowcount


def _read_series(
    connection: sqlite3.Connection, series: int, point: str, since: int, until: int
) -> Iterator[tuple[int, str, int | float]]:
    rows = connection.execute(
        "SELECT at, value FROM sample WHERE series = ? AND at >= ? AND at < ? ORDER BY at", (series, since, until)
    )
    for at, number in rows:
        yield at, point, number


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
