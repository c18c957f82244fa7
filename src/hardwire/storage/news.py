"""Which facts tell something that is not recorded yet."""

import json
import sqlite3
from collections.abc import Sequence

from hardwire.model.fact import LogRow, Sample
from hardwire.storage.retention import read_horizon
from hardwire.storage.sample_rows import Row, rows_of

_Key = tuple[str, str, str, int]

_RECORDED = (
    "SELECT json_extract(key.value, '$[2]') FROM json_each(?) AS key "
    "WHERE EXISTS (SELECT 1 FROM {} AS row WHERE row.series = json_extract(key.value, '$[0]') "
    "AND row.at = json_extract(key.value, '$[1]'))"
)


def news(
    connection: sqlite3.Connection, facts: Sequence[Sample | LogRow], noted: Sequence[Row]
) -> list[Sample | LogRow]:
    """Return those of the facts of which a value is new to the file, to `noted` and to the facts before it.

    What was never to be recorded, such as a text, is news; what is older than the device's rows that were deleted is
    not: it will not be recorded.
    """
    by_fact = [rows_of([fact]) for fact in facts]
    known = {row[:4] for row in noted} | _recorded(connection, list({row[:4] for rows in by_fact for row in rows}))
    told: list[Sample | LogRow] = []
    for fact, rows in zip(facts, by_fact, strict=True):
        new = [row[:4] for row in rows if row[:4] not in known]
        if new or len(rows) < len(fact.values):
            told.append(fact)
        known.update(new)
    return told


def _recorded(connection: sqlite3.Connection, keys: Sequence[_Key]) -> set[_Key]:
    """Return the keys that have a value in the file, or can get none any more."""
    ids: dict[tuple[str, str, str], int | None] = {}
    horizons: dict[str, int | None] = {}
    found: set[_Key] = set()
    asked: list[tuple[int, int, int]] = []
    for place, key in enumerate(keys):
        device, at = key[0], key[3]
        if device not in horizons:
            horizons[device] = read_horizon(connection, device)
        horizon = horizons[device]
        if horizon is not None and at < horizon:
            found.add(key)
            continue
        series = key[:3]
        if series not in ids:
            sql = "SELECT id FROM series WHERE device = ? AND point = ? AND log = ?"
            row = connection.execute(sql, series).fetchone()
            ids[series] = None if row is None else row[0]
        id = ids[series]
        if id is not None:
            asked.append((id, at, place))
    text = json.dumps(asked)
    for table in ("sample", "fresh_sample"):
        found.update(keys[place] for (place,) in connection.execute(_RECORDED.format(table), (text,)))
    return found
