"""Which facts tell something that is not recorded yet."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from hardwire.model.fact import LogRow, Sample
from hardwire.storage.retention import read_horizon
from hardwire.storage.sample_rows import Row, rows_of

_Series = tuple[str, str, str]
_Instants = dict[_Series, set[int]]


def news(
    connection: sqlite3.Connection, facts: Sequence[Sample | LogRow], noted: Sequence[Row]
) -> list[Sample | LogRow]:
    """Return those of the facts of which a value is new to the file, to `noted` and to the facts before it.

    What was never to be recorded, such as a text, is news; what is older than the device's rows that were deleted is
    not: it will not be recorded.
    """
    by_fact = [rows_of((fact,)) for fact in facts]
    known = _recorded(connection, _instants(row for rows in by_fact for row in rows))
    for row in noted:
        if row[:3] in known:
            known[row[:3]].add(row[3])
    told: list[Sample | LogRow] = []
    for fact, rows in zip(facts, by_fact, strict=True):
        is_new = len(rows) < len(fact.values)
        for row in rows:
            instants = known[row[:3]]
            if row[3] not in instants:
                instants.add(row[3])
                is_new = True
        if is_new:
            told.append(fact)
    return told


def _instants(rows: Iterable[Row]) -> _Instants:
    asked: _Instants = {}
    for row in rows:
        asked.setdefault(row[:3], set()).add(row[3])
    return asked


def _recorded(connection: sqlite3.Connection, asked: Mapping[_Series, set[int]]) -> _Instants:
    """Return the instants, of those that are asked for, that have a value in the file or can get none any more."""
    horizons = {device: read_horizon(connection, device) for device in {series[0] for series in asked}}
    ids: dict[int, _Series] = {}
    known: _Instants = {}
    for series, instants in asked.items():
        horizon = horizons[series[0]]
        known[series] = set() if horizon is None else {at for at in instants if at < horizon}
        sql = "SELECT id FROM series WHERE device = ? AND point = ? AND log = ?"
        for (id,) in connection.execute(sql, series):
            ids[id] = series
            known[series] |= _folded(connection, id, instants)
    if ids:
        fresh = connection.execute(
            "SELECT series, at FROM fresh_sample WHERE at >= ? AND at <= ? "
            "AND series IN (SELECT value FROM json_each(?))",
            (
                min(min(asked[series]) for series in ids.values()),
                max(max(asked[series]) for series in ids.values()),
                json.dumps(list(ids)),
            ),
        )
        for id, at in fresh:
            known[ids[id]].add(at)
    return known


def _folded(connection: sqlite3.Connection, series: int, instants: set[int]) -> set[int]:
    # Rows mostly come in order, so that there are few others between them.
    limit = 4 * len(instants)
    between = connection.execute(
        "SELECT at FROM sample WHERE series = ? AND at >= ? AND at <= ? LIMIT ?",
        (series, min(instants), max(instants), limit + 1),
    ).fetchall()
    if len(between) <= limit:
        return {at for (at,) in between}
    sql = "SELECT at FROM sample WHERE series = ? AND at = ?"
    return {at for one in instants for (at,) in connection.execute(sql, (series, one))}
