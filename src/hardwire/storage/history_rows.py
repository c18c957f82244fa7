"""What is asked of the past: rows as they are, or what they come to over intervals."""

import sqlite3
from collections.abc import Iterable, Sequence
from math import isfinite

from hardwire.model.history import HistoryRow, HistoryWish
from hardwire.storage.cover import ROWS, cover
from hardwire.storage.instants import from_ms, to_ms
from hardwire.storage.rollups import LENGTHS_S
from hardwire.storage.sample_rows import Row
from hardwire.storage.series_reader import SeriesReader, open_series
from hardwire.storage.tallies import BY_ROWS, HeldTally, LogTally, Number, Tally

# How much is read at once before it is looked whether there is enough: intervals of roll-ups, or a time of rows.
STEP_INTERVALS = 2_000
STEP_MS = 24 * 3_600_000
# So many rows are held in memory at once, beside what they come to.
ROWS_AT_ONCE = 100_000
# Where a step found less than this, the next one is twice as long.
FEW_ROWS = 10_000


def read_history(connection: sqlite3.Connection, wish: HistoryWish, noted: Sequence[Row]) -> list[HistoryRow]:
    """Return the rows of a wish; `noted` are the device's rows that wait to be written."""
    since, until = to_ms(wish.since), to_ms(wish.until)
    log = "" if wish.log is None else wish.log.value
    series = open_series(connection, wish.device, log, points=wish.points, since=since, until=until, noted=noted)
    values = (
        _aggregated(series, log, wish, since, until) if wish.interval_s else _as_they_are(series, wish, since, until)
    )
    return [HistoryRow(from_ms(at), values[at]) for at in sorted(values)[: max(0, wish.limit)]]


def _as_they_are(
    series: Sequence[SeriesReader], wish: HistoryWish, since: int, until: int
) -> dict[int, dict[str, float]]:
    """Return instant -> point -> value, at least the first `limit` instants."""
    values: dict[int, dict[str, float]] = {}
    for one in series:
        rows = one.rows(since, until, max(0, wish.limit))
        _show(rows, one.point, values)
        if len(rows) == wish.limit:
            # There are enough instants before it: of the other series nothing later is shown.
            until = min(until, rows[-1][0] + 1) if rows else since
    return values


def _aggregated(
    series: Sequence[SeriesReader], log: str, wish: HistoryWish, since: int, until: int
) -> dict[int, dict[str, float]]:
    """Return begin of the interval -> point -> what it comes to, at least the first `limit` intervals."""
    interval = wish.interval_s * 1000
    lengths: list[int] = []
    if wish.aggregation not in BY_ROWS:
        lengths = [length_s * 1000 for length_s in reversed(LENGTHS_S[log]) if wish.interval_s % length_s == 0]
    values: dict[int, dict[str, float]] = {}
    step = interval * min(max(1, wish.limit), STEP_INTERVALS)
    if not lengths:
        # Rows are many: no more of them than a day's, or than the wanted intervals hold.
        step = min(step, max(interval, STEP_MS))
    at = _next_value(series, log, since, until, lengths)
    while len(values) < wish.limit and at is not None:
        begin = at - at % interval
        end = min(until, begin + step - step % interval)
        taken = sum(one.taken for one in series)
        for one in series:
            _tally(one, log, wish, lengths, (max(since, begin), end), values)
        if sum(one.taken for one in series) - taken < FEW_ROWS:
            step *= 2
        at = _next_value(series, log, end, until, lengths)
    return values


def _next_value(series: Sequence[SeriesReader], log: str, since: int, until: int, lengths: Sequence[int]) -> int | None:
    if since >= until:
        return None
    if not log and any(one.newest_before(since) is not None for one in series):
        return since
    found = [one.next_at(since, until, lengths[0] if lengths else ROWS) for one in series]
    return min((at for at in found if at is not None), default=None)


def _tally(
    one: SeriesReader,
    log: str,
    wish: HistoryWish,
    lengths: Sequence[int],
    span: tuple[int, int],
    values: dict[int, dict[str, float]],
) -> None:
    since, until = span
    interval, is_by_rows = wish.interval_s * 1000, wish.aggregation in BY_ROWS
    tally: Tally
    if log:
        tally = LogTally(interval, is_by_rows=is_by_rows)
    else:
        before = one.newest_before(since)
        tally = HeldTally(interval, since, until, before=before, is_by_rows=is_by_rows)
    for piece in cover(since, until, lengths, one.loose(since, until)):
        if piece.length == ROWS:
            _add_rows(tally, one, piece.since, piece.until)
        elif log and piece.length == interval:
            # No other piece lies in these intervals: nothing is left to be added up.
            _show(one.whole(piece.since, piece.until, interval, wish.aggregation), one.point, values)
        else:
            tally.add_rolled(one.rolled(piece.since, piece.until, piece.length))
    _show(tally.answers(wish.aggregation), one.point, values)


def _add_rows(tally: Tally, one: SeriesReader, since: int, until: int) -> None:
    """Count the rows of a range in, a part of them at a time: an interval may hold those of years."""
    while since < until:
        rows = one.rows(since, until, ROWS_AT_ONCE)
        tally.add_rows(rows)
        since = until if len(rows) < ROWS_AT_ONCE else rows[-1][0] + 1


def _show(answers: Iterable[tuple[int, Number | None]], point: str, values: dict[int, dict[str, float]]) -> None:
    for at, value in answers:
        # A sum of great numbers may be no number.
        if value is None or not isfinite(value):
            continue
        found = values.get(at)
        if found is None:
            values[at] = {point: value}
        else:
            found[point] = value
