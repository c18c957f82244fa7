"""One series as a reader finds it: what is folded, what is fresh and what is only noted, as if all were one."""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from hardwire.model.history import Aggregation
from hardwire.storage.rollups import HOLD_MS, LENGTHS_S
from hardwire.storage.sample_rows import Row
from hardwire.storage.tallies import Number, Rolled

_ROLLED = (
    "SELECT at, number, total, least, greatest, begins, ends, last, held_ms FROM rolled "
    "WHERE series = ? AND length_s = ? AND at >= ? AND at < ? ORDER BY at"
)

_WHOLE = "SELECT at, {} FROM rollup WHERE series = ? AND length_s = ? AND at >= ? AND at < ?"
_ANSWERS = {
    Aggregation.MEAN: "total / number",
    Aggregation.SUM: "total",
    Aggregation.COUNT: "number",
    Aggregation.MIN: "ifnull(least, total)",
    Aggregation.MAX: "ifnull(greatest, total)",
    Aggregation.SPREAD: "ifnull(greatest - least, 0)",
}


class SeriesReader:
    """Reads a point's rows of one log. Instants are in ms, ranges half open, everything in the order of time."""

    def __init__(
        self, connection: sqlite3.Connection, point: str, log: str, id: int | None, loose: Mapping[int, Number]
    ) -> None:
        """`id` is None where nothing of it is in the file yet; `loose` are its rows that are not folded."""
        self.point = point
        self.taken = 0
        """How many rows and roll-ups were read."""
        self._connection = connection
        self._id = id
        self._shortest_s = LENGTHS_S[log][0]
        self._loose = loose
        self._loose_at = sorted(loose)

    def loose(self, since: int, until: int) -> Sequence[int]:
        """Return the instants of rows that are in no roll-up yet."""
        return self._loose_at[bisect_left(self._loose_at, since) : bisect_left(self._loose_at, until)]

    def rows(self, since: int, until: int, limit: int = -1) -> Sequence[tuple[int, Number]]:
        """Return the rows of a range, the first `limit` of them where it is not negative."""
        folded: Sequence[tuple[int, Number]] = self._connection.execute(
            "SELECT at, value FROM sample WHERE series = ? AND at >= ? AND at < ? ORDER BY at LIMIT ?",
            (self._id, since, until, limit),
        ).fetchall()
        loose = self.loose(since, until)
        self.taken += len(folded) + len(loose)
        if not loose:
            return folded
        # A noted row may have been written meanwhile, or repeat one that was there: what is in the file came first.
        rows = {at: self._loose[at] for at in loose}
        rows.update(folded)
        return sorted(rows.items())[: None if limit < 0 else limit]

    def rolled(self, since: int, until: int, length: int) -> Iterable[Rolled]:
        """Return the roll-ups of a length that lie in a range."""
        rows = self._connection.execute(_ROLLED, (self._id, length // 1000, since, until)).fetchall()
        self.taken += len(rows)
        return map(Rolled._make, rows)

    def whole(self, since: int, until: int, length: int, aggregation: Aggregation) -> Sequence[tuple[int, Number]]:
        """Return what each interval of a log comes to, where the interval is that of the roll-ups."""
        rows: Sequence[tuple[int, Number]] = self._connection.execute(
            _WHOLE.format(_ANSWERS[aggregation]), (self._id, length // 1000, since, until)
        ).fetchall()
        self.taken += len(rows)
        return rows

    def newest_before(self, until: int) -> tuple[int, Number] | None:
        """Return the row whose value still holds when the range begins."""
        since = until - HOLD_MS
        found: tuple[int, Number] | None = self._connection.execute(
            "SELECT at, value FROM sample WHERE series = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT 1",
            (self._id, since, until),
        ).fetchone()
        if found is None:
            # The rows may have been forgotten: a roll-up still tells its last one.
            found = self._connection.execute(
                "SELECT ends, last FROM rolled WHERE series = ? AND length_s = ? AND at > ? AND at < ? AND ends < ? "
                "AND ends >= ? ORDER BY at DESC LIMIT 1",
                (self._id, self._shortest_s, since - self._shortest_s * 1000, until, until, since),
            ).fetchone()
        loose = self.loose(since, until)
        if loose and (found is None or found[0] < loose[-1]):
            return loose[-1], self._loose[loose[-1]]
        return found

    def next_at(self, since: int, until: int, length: int) -> int | None:
        """Return where the next row of the range is, or, with a length, the next roll-up of it; None without any."""
        places = self.loose(since, until)[:1]
        sql = "SELECT at FROM sample WHERE series = ? AND at >= ? AND at < ? ORDER BY at LIMIT 1"
        found = [*places, *self._first(sql, (self._id, since, until))]
        if length:
            sql = "SELECT at FROM rollup WHERE series = ? AND length_s = ? AND at > ? AND at < ? ORDER BY at LIMIT 1"
            found += self._first(sql, (self._id, length // 1000, since - length, until))
        return max(since, min(found)) if found else None

    def _first(self, sql: str, values: tuple[int | None, ...]) -> list[int]:
        return [at for (at,) in self._connection.execute(sql, values)]


def open_series(
    connection: sqlite3.Connection,
    device: str,
    log: str,
    *,
    points: Sequence[str] | None,
    since: int,
    until: int,
    noted: Sequence[Row],
) -> list[SeriesReader]:
    """Return the series of a device's log, or those of some points; `noted` are the device's rows that wait."""
    ids: dict[str, int | None] = dict(
        connection.execute("SELECT point, id FROM series WHERE device = ? AND log = ?", (device, log))
    )
    for row in noted:
        if row[2] == log:
            ids.setdefault(row[1], None)
    if points is not None:
        ids = {point: ids[point] for point in dict.fromkeys(points) if point in ids}
    loose: dict[str, dict[int, Number]] = {point: {} for point in ids}
    point_of = {id: point for point, id in ids.items()}
    # A value before the range may hold into it.
    since -= HOLD_MS
    fresh = connection.execute(
        "SELECT series, at, value FROM fresh_sample WHERE at >= ? AND at < ? "
        "AND series IN (SELECT value FROM json_each(?))",
        (since, until, json.dumps([id for id in ids.values() if id is not None])),
    )
    for id, at, value in fresh:
        loose[point_of[id]][at] = value
    for _, point, of, at, value in noted:
        if of == log and point in loose and since <= at < until:
            loose[point].setdefault(at, value)
    return [SeriesReader(connection, point, log, id, loose[point]) for point, id in ids.items()]
