"""Roll-ups as rows: what the rows of a minute, of ten minutes, of an hour and of a day come to."""

import sqlite3
from collections.abc import Mapping, Sequence

# A value that was recorded on change holds until the next one, at most so long: a source that lives is recorded at
# least twice in that time (`Recorder`), so beyond it nobody knows.
HOLD_MS = 3_600_000

EVERY_LENGTH_S = (60, 600, 3600, 86400)
LENGTHS_S: Mapping[str, Sequence[int]] = {
    "": EVERY_LENGTH_S,
    "fast": EVERY_LENGTH_S,
    "status": EVERY_LENGTH_S[1:],
}
"""Log -> lengths of its roll-ups, each a multiple of the one before. The status log has a row every ten minutes:
one of a minute would be the row once more."""

COARSEST_MS = EVERY_LENGTH_S[-1] * 1000

STEADY_MS = 600_000
"""The rows of a shortest roll-up are all there or all gone: so are those of its multiples."""


def note_touched(connection: sqlite3.Connection, ids: str, log: str, *, table: str) -> None:
    """Write down which shortest roll-ups the rows of these series (a JSON list) fall into, all of one log."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched (series INTEGER, at INTEGER)")
    connection.execute("DELETE FROM temp.touched")
    connection.execute(_TOUCHED.format(table), {"ids": ids, "length": LENGTHS_S[log][0] * 1000})


def roll_up(connection: sqlite3.Connection, log: str) -> None:
    """Make the roll-ups that were touched anew: the shortest from rows, each of the others from the one before it.

    They are made from all that is there, so rows may come in any order, and nothing can count twice.
    """
    rows_sql, parts_sql = (_LOG_ROWS, _LOG_PARTS) if log else (_HELD_ROWS, _HELD_PARTS)
    finer_s, *longer = LENGTHS_S[log]
    connection.execute(rows_sql, {"length_s": finer_s, "length": finer_s * 1000})
    for length_s in longer:
        lengths = {"length_s": length_s, "length": length_s * 1000, "finer_s": finer_s, "hold": HOLD_MS}
        connection.execute(parts_sql, lengths)
        finer_s = length_s


# SQL's remainder has the sign of what is divided: without the second one, instants before 1970 would go up.
_TOUCHED = """
    INSERT INTO temp.touched SELECT DISTINCT series, at - ((at % :length) + :length) % :length FROM {}
    WHERE series IN (SELECT value FROM json_each(:ids)) ORDER BY 1, 2
"""

_LOG_ROWS = """
    INSERT OR REPLACE INTO rollup (series, length_s, at, number, total, least, greatest)
    SELECT t.series, :length_s, t.at, count(*), total(value),
        CASE WHEN count(*) > 1 THEN min(value) END, CASE WHEN count(*) > 1 THEN max(value) END
    FROM temp.touched AS t
    CROSS JOIN sample AS s ON s.series = t.series AND s.at >= t.at AND s.at < t.at + :length
    GROUP BY t.series, t.at
"""

_LOG_PARTS = """
    INSERT OR REPLACE INTO rollup (series, length_s, at, number, total, least, greatest)
    SELECT t.series, :length_s, t.at, sum(number), total(total),
        CASE WHEN sum(number) > 1 THEN min(least) END, CASE WHEN sum(number) > 1 THEN max(greatest) END
    FROM (SELECT DISTINCT series, at - ((at % :length) + :length) % :length AS at FROM temp.touched) AS t
    CROSS JOIN rolled AS r
        ON r.series = t.series AND r.length_s = :finer_s AND r.at >= t.at AND r.at < t.at + :length
    GROUP BY t.series, t.at
"""

# `gap` is the time to the next row; the last one of a roll-up has none.
_HELD_ROWS = """
    INSERT OR REPLACE INTO rollup
        (series, length_s, at, number, total, least, greatest, begins, ends, last, held_ms)
    SELECT series, :length_s, bucket, count(*), total(value * gap),
        CASE WHEN count(*) > 1 THEN min(value) END, CASE WHEN count(*) > 1 THEN max(value) END,
        CASE WHEN count(*) > 1 THEN min(at) - bucket END, max(at) - bucket,
        max(CASE WHEN gap IS NULL THEN value END), ifnull(sum(gap), 0)
    FROM (
        SELECT t.series AS series, t.at AS bucket, s.at AS at, s.value AS value,
            lead(s.at) OVER (PARTITION BY t.series, t.at ORDER BY s.at) - s.at AS gap
        FROM temp.touched AS t
        CROSS JOIN sample AS s ON s.series = t.series AND s.at >= t.at AND s.at < t.at + :length
    )
    GROUP BY series, bucket
"""

_HELD_PARTS = """
    INSERT OR REPLACE INTO rollup
        (series, length_s, at, number, total, least, greatest, begins, ends, last, held_ms)
    SELECT series, :length_s, bucket, sum(number), total(total) + total(last * gap),
        CASE WHEN sum(number) > 1 THEN min(least) END, CASE WHEN sum(number) > 1 THEN max(greatest) END,
        CASE WHEN sum(number) > 1 THEN min(begins) - bucket END, max(ends) - bucket,
        max(CASE WHEN gap IS NULL THEN last END), sum(held_ms) + ifnull(sum(gap), 0)
    FROM (
        SELECT t.series AS series, t.at AS bucket, number, total, least, greatest, begins, ends, last, held_ms,
            min(lead(begins) OVER (PARTITION BY t.series, t.at ORDER BY r.at) - ends, :hold) AS gap
        FROM (SELECT DISTINCT series, at - ((at % :length) + :length) % :length AS at FROM temp.touched) AS t
        CROSS JOIN rolled AS r
            ON r.series = t.series AND r.length_s = :finer_s AND r.at >= t.at AND r.at < t.at + :length
    )
    GROUP BY series, bucket
"""
