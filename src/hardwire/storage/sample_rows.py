"""Samples and log rows as rows of the store: one for each number, under the series of its device, point and log."""

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
from hardwire.storage.fold import Slice, fold, plan_fold
from hardwire.storage.instants import from_ms, to_ms
from hardwire.storage.retention import draw_horizon, read_horizon

Row: TypeAlias = tuple[str, str, str, int, int | float]
"""Device, point, log (empty: recorded on change), instant in ms, value."""

# How many fresh rows are folded at once. More would spare the disk a little more, but every query reads past the
# fresh rows.
FOLD_ROWS = 20_000

_INTEGER_LIMIT = 2**63

# The first value wins, be it folded already or not.
_INSERT = (
    "INSERT INTO fresh_sample (series, at, value) SELECT column1, column2, column3 FROM (VALUES {}) "
    "WHERE NOT EXISTS (SELECT 1 FROM sample WHERE series = column1 AND at = column2) ON CONFLICT DO NOTHING"
)
_INSERT_ONE = _INSERT.format("(?, ?, ?)")

# Python gives the interpreter away at each step of a statement, and may wait 5 ms to get it back from a busy event
# loop: so many rows make one step.
_ROWS_AT_ONCE = 100
_INSERT_MANY = _INSERT.format(", ".join(["(?, ?, ?)"] * _ROWS_AT_ONCE))


def rows_of(facts: Iterable[Sample | LogRow]) -> list[Row]:
    """Return the facts' numbers as rows; a flag counts as 0 or 1. Texts, NaN and infinity are not recorded."""
    rows: list[Row] = []
    for fact in facts:
        at = to_ms(fact.at)
        log = fact.log.value if isinstance(fact, LogRow) else ""
        for point, value in fact.values.items():
            number = _number(value)
            if number is not None:
                rows.append((fact.device, point, log, at, number))
    return rows


class SampleTable:
    """Writes rows through one connection: they land fresh and are folded into their series' order by and by."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str, str], tuple[int, int | None]] = {}
        self._fresh_rows: int | None = None
        self._fold_at_rows = FOLD_ROWS

    def insert(self, connection: sqlite3.Connection, rows: Sequence[Row]) -> int:
        """Insert rows; returns how many (device, point, log, at) were new. The first value wins.

        What is older than the rows of its device that were deleted is not taken, and not new.
        """
        series = self._series
        numbered: list[int | float] = []
        for row in rows:
            key = row[:3]
            known = series.get(key)
            if known is None:
                known = series[key] = _know_series(connection, *key)
            id, horizon = known
            if horizon is None or row[3] >= horizon:
                numbered += (id, row[3], row[4])
        if self._fresh_rows is None:
            (self._fresh_rows,) = connection.execute("SELECT count(*) FROM fresh_sample").fetchone()
        new = _insert(connection, numbered)
        self._fresh_rows += new
        return new

    def is_fold_due(self) -> bool:
        """Say whether enough fresh rows have gathered."""
        return self._fresh_rows is not None and self._fresh_rows >= self._fold_at_rows

    def plan_fold(self, connection: sqlite3.Connection) -> Sequence[Slice]:
        """Return the slices to fold, one after the other."""
        # Should one fail, the rest is not tried again with every write.
        self._fold_at_rows += FOLD_ROWS
        return plan_fold(connection)

    def fold(self, connection: sqlite3.Connection, part: Slice, *, is_last: bool = False) -> int:
        """Move rows of a slice into the order of their series, with their roll-ups; returns how many."""
        moved = fold(connection, part)
        if self._fresh_rows is not None:
            self._fresh_rows -= moved
        if is_last:
            self._fold_at_rows = FOLD_ROWS
        return moved

    def draw_horizon(self, connection: sqlite3.Connection, before: int, devices: Sequence[str] | None) -> None:
        """Take no rows that are older than that from now on; those that are there are folded, so that they can go."""
        draw_horizon(connection, before, devices)
        for part in plan_fold(connection, before=before):
            self.fold(connection, part)
        # What is remembered of series holds their old horizon.
        self.forget()

    def forget(self) -> None:
        """Forget what is remembered of the file: a transaction that changed it was rolled back."""
        self._series.clear()
        self._fresh_rows = None


def read_samples(
    connection: sqlite3.Connection, device: str, since: datetime, until: datetime, limit: int
) -> list[Sample]:
    """Return what was recorded of a device in [since, until), its logs left out, oldest first.

    Values of one instant are one sample.
    """
    series = connection.execute("SELECT id, point FROM series WHERE device = ? AND log = ''", (device,)).fetchall()
    # One cursor a series, and one for all that is fresh, merged as they are read: each walks a primary key, nothing
    # is sorted and nothing is read beyond the limit.
    cursors = [_read_series(connection, id, point, to_ms(since), to_ms(until)) for id, point in series]
    cursors.append(_read_fresh(connection, device, to_ms(since), to_ms(until)))
    instants = groupby(merge(*cursors, key=itemgetter(0)), key=itemgetter(0))
    return [
        Sample(device, from_ms(at), {point: number for _, point, number in rows})
        for at, rows in islice(instants, max(0, limit))
    ]


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
        "WHERE at >= ? AND at < ? AND device = ? AND log = '' ORDER BY at",
        (since, until, device),
    )


def _insert(connection: sqlite3.Connection, numbered: Sequence[int | float]) -> int:
    """Insert rows, which are series, instant and value of each one after the other; returns how many were new."""
    step = 3 * _ROWS_AT_ONCE
    whole = len(numbered) - len(numbered) % step
    new = sum(connection.execute(_INSERT_MANY, numbered[at : at + step]).rowcount for at in range(0, whole, step))
    ones = (numbered[at : at + 3] for at in range(whole, len(numbered), 3))
    return new + sum(connection.execute(_INSERT_ONE, one).rowcount for one in ones)


def _know_series(connection: sqlite3.Connection, device: str, point: str, log: str) -> tuple[int, int | None]:
    """Return the number of a series, and before which instant its rows were deleted."""
    key = (device, point, log)
    connection.execute("INSERT INTO series (device, point, log) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", key)
    (id,) = connection.execute("SELECT id FROM series WHERE device = ? AND point = ? AND log = ?", key).fetchone()
    return int(id), read_horizon(connection, device)


def _number(value: Value) -> int | float | None:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        # SQLite's integers have 64 bits.
        return int(value) if -_INTEGER_LIMIT <= value < _INTEGER_LIMIT else None
    return None
