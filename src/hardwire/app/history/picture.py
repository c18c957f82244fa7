"""A device's past as a terminal shows it: for each field its lowest, highest and last value, and its course."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain, pairwise

import msgspec
from msgspec import Struct

from hardwire.app.history.pages import Call, Column, Page, Row, Wish, pages
from hardwire.app.history.sparkline import axis, length, spark, suited_interval_s

# A last value is looked for in the last interval that has one, in this many steps.
STEPS = 100
# Fewer distances than these tell no rhythm.
FEW = 4


class Course(Struct, frozen=True, kw_only=True):
    """One field: a value for each interval that has one, and what is said of it."""

    column: Column
    values: Sequence[float | None]
    low: float
    high: float
    last: float


def picture(call: Call, wish: Wish, width: int, *, is_plain: bool = False, zone: tzinfo | None = None) -> Iterator[str]:
    """Yield the lines that show a wish on a terminal so wide.

    Raises:
        CallerError, DeviceError: as `call` does.
    """
    drawn, first, count = _columns(wish, width, wish.interval_s)
    told = list(pages(call, drawn))
    apart_s = 0 if wish.interval_s else _apart_s(told)
    if apart_s > drawn.interval_s:
        # A log that is slower than the columns would look as if it had gaps.
        drawn, first, count = _columns(wish, width, apart_s)
        told = list(pages(call, drawn))
    begins, interval_s = drawn.since, drawn.interval_s
    courses = [course for course in _courses(call, drawn, told, first, count) if course is not None]
    page = told[0]
    for course in courses:
        yield _said(course)
        yield spark(course.values, is_plain=is_plain)
    if not courses:
        yield f"nothing is kept of {page.device} in that time (log {page.log})"
        return
    yield axis(begins, begins + timedelta(seconds=count * interval_s), count, zone)
    yield f"each column: {length(interval_s)}, {page.aggregation}; log {page.log}"
    without = [column.name for column in page.points if column.name not in {one.column.name for one in courses}]
    if without:
        yield f"without values in that time: {', '.join(without)}"


def _columns(wish: Wish, width: int, at_least_s: int) -> tuple[Wish, int, int]:
    """What is asked for so that each interval is a column; the number of the first since 1970, and how many."""
    interval_s = suited_interval_s((wish.until - wish.since).total_seconds(), width, at_least_s)
    first = int(wish.since.timestamp()) // interval_s
    count = max(1, -(-int(wish.until.timestamp() * 1000) // (interval_s * 1000)) - first)
    begins = datetime.fromtimestamp(first * interval_s, UTC)
    return msgspec.structs.replace(wish, since=begins, interval_s=interval_s), first, count


def _apart_s(told: Sequence[Page]) -> int:
    """How far apart rows mostly are; 0 where they are too few to tell."""
    seconds = [_second(row) for page in told for row in page.rows]
    distances = Counter(later - earlier for earlier, later in pairwise(seconds))
    if distances.total() < FEW:
        return 0
    return distances.most_common(1)[0][0]


def _courses(call: Call, drawn: Wish, told: Sequence[Page], first: int, count: int) -> Iterator[Course | None]:
    rows = list(chain.from_iterable(page.rows for page in told))
    lows, highs, lasts = (_by_name(rows, min), _by_name(rows, max), _last(rows))
    if not drawn.aggregation:
        # Of the values themselves: the mean of an interval is none of them.
        lows = _by_name(_all(call, msgspec.structs.replace(drawn, aggregation="min")), min)
        highs = _by_name(_all(call, msgspec.structs.replace(drawn, aggregation="max")), max)
        lasts = _last_values(call, drawn, rows)
    for column in told[0].points:
        name = column.name
        if name not in lasts:
            yield None
            continue
        values: list[float | None] = [None] * count
        for row in rows:
            if name in row.values:
                index = _second(row) // drawn.interval_s - first
                if 0 <= index < count:
                    values[index] = row.values[name]
        low, high = lows.get(name, lasts[name]), highs.get(name, lasts[name])
        if low == high:
            # The mean of equal numbers may be off by their last bit, which would be drawn from bottom to top.
            values = [None if value is None else low for value in values]
        yield Course(
            column=column,
            values=values,
            low=low,
            high=high,
            last=lasts[name],
        )


def _last_values(call: Call, drawn: Wish, rows: Sequence[Row]) -> Mapping[str, float]:
    """The newest value of each field that has one: first the interval that has it, then a part of that, then the row.

    A value that was recorded on change holds on where it has no row: then it is that of the part.
    """
    found = dict(_last(rows))
    places: dict[int, list[str]] = {}
    for name in found:
        newest = max(_second(row) for row in rows if name in row.values)
        places.setdefault(newest, []).append(name)
    for second, names in places.items():
        begins = datetime.fromtimestamp(second, UTC)
        inner = msgspec.structs.replace(
            drawn,
            fields=tuple(names),
            since=begins,
            until=max(begins, min(drawn.until, begins + timedelta(seconds=drawn.interval_s))),
            interval_s=max(1, drawn.interval_s // STEPS),
        )
        parts = _all(call, inner)
        found.update(_last(parts))
        if parts:
            # From the oldest part that is some field's newest one.
            newest_part = {name: _second(row) for row in parts for name in row.values}
            inner = msgspec.structs.replace(
                inner, since=datetime.fromtimestamp(min(newest_part.values()), UTC), interval_s=0
            )
            found.update(_last(_all(call, inner)))
    return found


def _all(call: Call, wish: Wish) -> Sequence[Row]:
    return list(chain.from_iterable(page.rows for page in pages(call, wish)))


def _by_name(rows: Sequence[Row], choose: Callable[[float, float], float]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        for name, value in row.values.items():
            found[name] = choose(found.get(name, value), value)
    return found


def _last(rows: Sequence[Row]) -> Mapping[str, float]:
    return {name: value for row in rows for name, value in row.values.items()}


def _second(row: Row) -> int:
    return int(datetime.fromisoformat(row.at).timestamp())


def _said(course: Course) -> str:
    column = course.column
    unit = f" {column.unit}" if column.unit else ""
    low, high, last = (number(value, column.decimals) for value in (course.low, course.high, course.last))
    return f"{column.name}   min {low}   max {high}   last {last}{unit}"


def number(value: float, decimals: int | None) -> str:
    """Return a number as people read it, with so many decimals where that is known."""
    if decimals is not None and abs(value) < 1e15:
        return f"{value:.{decimals}f}"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
