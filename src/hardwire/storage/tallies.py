"""What the values of each interval come to: a tally of a log's rows, and one of values that hold until the next."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from hardwire.model.history import Aggregation
from hardwire.storage.rollups import HOLD_MS

Number: TypeAlias = int | float
MS_PER_S = 1000

# These need every value; the others are made from roll-ups too.
BY_ROWS = frozenset({Aggregation.MODE, Aggregation.MEDIAN})


class Rolled(NamedTuple):
    """A roll-up as the file has it; instants in ms. Of a log the last four are None."""

    at: int
    number: int
    total: float | None
    least: Number
    greatest: Number
    begins: int
    ends: int
    last: Number
    held_ms: int


class Tally(Protocol):
    """Takes rows and roll-ups of one series in the order of time."""

    def add_rows(self, rows: Iterable[tuple[int, Number]]) -> None:
        """Count rows in."""
        ...

    def add_rolled(self, rolled: Iterable[Rolled]) -> None:
        """Count roll-ups in, none of which lies in two intervals."""
        ...

    def answers(self, aggregation: Aggregation) -> Iterator[tuple[int, Number]]:
        """Yield (begin of the interval, what it comes to) for each interval that has a value."""
        ...


class _Sum(Struct):
    number: int
    total: float
    least: Number
    greatest: Number
    weight: int = 0
    """What `total` is to be divided by: rows, or ms."""


class LogTally:
    """Every row counts once."""

    def __init__(self, interval: int, *, is_by_rows: bool) -> None:
        """`interval` in ms; `is_by_rows` for the aggregations of `BY_ROWS`, and for no others."""
        self._interval = interval
        self._is_by_rows = is_by_rows
        self._sums: dict[int, _Sum] = {}
        self._values: dict[int, list[Number]] = {}

    def add_rows(self, rows: Iterable[tuple[int, Number]]) -> None:
        """Count rows in."""
        interval, sums = self._interval, self._sums
        if self._is_by_rows:
            for at, value in rows:
                self._values.setdefault(at - at % interval, []).append(value)
            return
        for at, value in rows:
            key = at - at % interval
            if key in sums:
                self._add(key, 1, value, value, value)
            else:
                sums[key] = _Sum(1, value, value, value, 1)

    def add_rolled(self, rolled: Iterable[Rolled]) -> None:
        """Count roll-ups in."""
        for one in rolled:
            total = float("nan") if one.total is None else one.total
            self._add(one.at - one.at % self._interval, one.number, total, one.least, one.greatest)

    def answers(self, aggregation: Aggregation) -> Iterator[tuple[int, Number]]:
        """Yield what each interval comes to."""
        for at, values in self._values.items():
            yield at, _median(values) if aggregation is Aggregation.MEDIAN else _commonest(values)
        for at, one in self._sums.items():
            yield at, _answer(one, aggregation, one.total)

    def _add(self, key: int, number: int, total: float, least: Number, greatest: Number) -> None:
        one = self._sums.get(key)
        if one is None:
            self._sums[key] = _Sum(number, total, least, greatest, number)
            return
        one.number += number
        one.weight += number
        one.total += total
        if least < one.least:
            one.least = least
        if greatest > one.greatest:
            one.greatest = greatest


class HeldTally:
    """A value counts as long as it held: until the next one came, at most `HOLD_MS`."""

    def __init__(
        self, interval: int, since: int, until: int, *, before: tuple[int, Number] | None, is_by_rows: bool
    ) -> None:
        """Count in [since, until), in ms; `before` is the newest row that is older."""
        self._interval = interval
        self._since = since
        self._until = until
        self._is_by_rows = is_by_rows
        self._held = before
        self._sums: dict[int, _Sum] = {}
        self._weights: dict[int, dict[Number, int]] = {}

    def add_rows(self, rows: Iterable[tuple[int, Number]]) -> None:
        """Count rows in."""
        for at, value in rows:
            self._hold_until(at)
            self._at(at - at % self._interval, value).number += 1
            self._held = at, value

    def add_rolled(self, rolled: Iterable[Rolled]) -> None:
        """Count roll-ups in."""
        for one in rolled:
            self._hold_until(one.begins)
            into = self._at(one.at - one.at % self._interval, one.last)
            into.number += one.number
            into.total += float("nan") if one.total is None else one.total
            into.weight += one.held_ms
            into.least = min(into.least, one.least)
            into.greatest = max(into.greatest, one.greatest)
            self._held = one.ends, one.last

    def answers(self, aggregation: Aggregation) -> Iterator[tuple[int, Number]]:
        """Yield what each interval comes to; no rows can come any more."""
        self._hold_until(self._until)
        self._held = None
        if self._is_by_rows:
            for at, weights in self._weights.items():
                yield at, _middle(weights) if aggregation is Aggregation.MEDIAN else _longest(weights)
            return
        for at, one in self._sums.items():
            yield at, _answer(one, aggregation, one.total / MS_PER_S)

    def _hold_until(self, end: int) -> None:
        """Let the value that holds do so until the next one comes."""
        if self._held is None:
            return
        begin, value = self._held
        end = min(end, begin + HOLD_MS)
        begin = max(begin, self._since)
        while begin < end:
            key = begin - begin % self._interval
            held_ms = min(end, key + self._interval) - begin
            into = self._at(key, value)
            into.total += value * held_ms
            into.weight += held_ms
            if self._is_by_rows:
                weights = self._weights.setdefault(key, {})
                weights[value] = weights.get(value, 0) + held_ms
            begin += held_ms

    def _at(self, key: int, value: Number) -> _Sum:
        one = self._sums.get(key)
        if one is None:
            one = self._sums[key] = _Sum(0, 0.0, value, value)
        elif value < one.least:
            one.least = value
        elif value > one.greatest:
            one.greatest = value
        return one


def _answer(one: _Sum, aggregation: Aggregation, total: float) -> Number:
    match aggregation:
        case Aggregation.MIN:
            return one.least
        case Aggregation.MAX:
            return one.greatest
        case Aggregation.SPREAD:
            return one.greatest - one.least
        case Aggregation.COUNT:
            return one.number
        case Aggregation.SUM:
            return total
        case _:
            return one.total / one.weight


def _commonest(values: Iterable[Number]) -> Number:
    counts: dict[Number, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return _longest(counts)


def _longest(weights: dict[Number, int]) -> Number:
    """Return the value of the greatest weight; of several the least."""
    return min(weights, key=lambda value: (-weights[value], value))


def _median(values: Sequence[Number]) -> Number:
    """Return the middle value, the mean of the middle two; the standard library's own costs a hub 0.4 MB."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _middle(weights: dict[Number, int]) -> Number:
    """Return the value that as much weight lies below as above; between two values their mean."""
    half = sum(weights.values()) / 2
    below = 0
    ordered = sorted(weights)
    for place, value in enumerate(ordered):
        below += weights[value]
        if below == half:
            return (value + ordered[place + 1]) / 2
        if below > half:
            break
    return value
