"""A naive model of the past: every row in a dictionary, every interval looked at by itself."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

from hardwire.model.fact import Log
from hardwire.model.history import Aggregation, HistoryRow, HistoryWish
from hardwire.storage.history_rows import read_history
from hardwire.storage.instants import from_ms, to_ms
from hardwire.storage.migrations import migrate, shipped_migrations
from hardwire.storage.sample_rows import Row, SampleTable

HOUR_MS = 3_600_000
Values = Mapping[int, float]


class Shelf:
    """The store's tables in memory, with the rows that only wait to be written."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        migrate(self.connection, Path("memory"), shipped_migrations())
        self.table = SampleTable()
        self.noted: list[Row] = []

    def insert(self, rows: Sequence[Row]) -> int:
        """Write rows, after those that wait."""
        noted, self.noted = self.noted, []
        self.table.insert(self.connection, noted)
        return self.table.insert(self.connection, rows)

    def fold(self) -> None:
        """Fold all that is fresh."""
        for part in self.table.plan_fold(self.connection):
            self.table.fold(self.connection, part)

    def read(self, wish: HistoryWish) -> list[HistoryRow]:
        """Ask the past."""
        return read_history(self.connection, wish, self.noted)

    def rollups(self) -> list[tuple[object, ...]]:
        """Every roll-up, in order, floats rounded."""
        rows = self.connection.execute("SELECT * FROM rolled ORDER BY series, length_s, at")
        return [tuple(round(one, 6) if isinstance(one, float) else one for one in row) for row in rows]


def naive(points: Mapping[str, Values], wish: HistoryWish) -> list[HistoryRow]:
    """What the wish is answered, from point -> instant in ms -> value."""
    since, until = to_ms(wish.since), to_ms(wish.until)
    answers: dict[int, dict[str, float]] = {}
    for point, values in points.items():
        if wish.points is not None and point not in wish.points:
            continue
        if wish.interval_s == 0:
            told = {at: value for at, value in values.items() if since <= at < until}
        elif wish.log is None:
            told = dict(_held(values, wish, since, until))
        else:
            told = dict(_logged(values, wish, since, until))
        for at, value in told.items():
            answers.setdefault(at, {})[point] = value
    return [HistoryRow(from_ms(at), answers[at]) for at in sorted(answers)[: max(0, wish.limit)]]


def _logged(values: Values, wish: HistoryWish, since: int, until: int) -> Iterator[tuple[int, float]]:
    interval = wish.interval_s * 1000
    groups: dict[int, list[float]] = {}
    for at, value in values.items():
        if since <= at < until:
            groups.setdefault(at // interval * interval, []).append(value)
    for key, group in groups.items():
        match wish.aggregation:
            case Aggregation.MEAN:
                yield key, sum(group) / len(group)
            case Aggregation.MODE:
                most = max(group.count(value) for value in group)
                yield key, min(value for value in group if group.count(value) == most)
            case Aggregation.MEDIAN:
                yield key, median(group)
            case Aggregation.SUM:
                yield key, sum(group)
            case Aggregation.COUNT:
                yield key, len(group)
            case aggregation:
                yield key, _of_extremes(group, aggregation)


def _held(values: Values, wish: HistoryWish, since: int, until: int) -> Iterator[tuple[int, float]]:
    interval = wish.interval_s * 1000
    groups: dict[int, list[tuple[float, int]]] = {}
    instants = sorted(values)
    for place, at in enumerate(instants):
        after = instants[place + 1] if place + 1 < len(instants) else at + HOUR_MS
        begin, end = max(at, since), min(after, at + HOUR_MS, until)
        while begin < end:
            key = begin // interval * interval
            stop = min(end, key + interval)
            groups.setdefault(key, []).append((values[at], stop - begin))
            begin = stop
    for key, group in groups.items():
        weight = sum(held for _, held in group)
        total = sum(value * held for value, held in group)
        match wish.aggregation:
            case Aggregation.MEAN:
                yield key, total / weight
            case Aggregation.SUM:
                yield key, total / 1000
            case Aggregation.COUNT:
                yield key, sum(1 for at in instants if max(key, since) <= at < min(key + interval, until))
            case Aggregation.MODE:
                by_value = _by_value(group)
                most = max(by_value.values())
                yield key, min(value for value, held in by_value.items() if held == most)
            case Aggregation.MEDIAN:
                yield key, _weighted_median(_by_value(group))
            case aggregation:
                yield key, _of_extremes([value for value, _ in group], aggregation)


def _by_value(group: Sequence[tuple[float, int]]) -> dict[float, int]:
    return {value: sum(held for one, held in group if one == value) for value, _ in group}


def _weighted_median(by_value: Mapping[float, int]) -> float:
    weight = sum(by_value.values())
    not_less = [
        value for value in by_value if 2 * sum(held for one, held in by_value.items() if one <= value) >= weight
    ]
    not_more = [
        value for value in by_value if 2 * sum(held for one, held in by_value.items() if one >= value) >= weight
    ]
    return (min(not_less) + max(not_more)) / 2


def _of_extremes(group: Sequence[float], aggregation: Aggregation) -> float:
    match aggregation:
        case Aggregation.MIN:
            return min(group)
        case Aggregation.MAX:
            return max(group)
        case _:
            return max(group) - min(group)


def wish_of(log: Log | None, since: int, until: int, **more: object) -> HistoryWish:
    """A wish of the device `unit`, its range in ms."""
    return HistoryWish(device="unit", log=log, since=instant(since), until=instant(until), **more)  # type: ignore[arg-type]  # the rest is the caller's


def instant(ms: int) -> datetime:
    """An instant from ms since 1970."""
    return from_ms(ms)
