"""Values as a row of blocks of different height, with the gaps that there are, and an axis of time below."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

BLOCKS = "▁▂▃▄▅▆▇█"
# For terminals whose alphabet has no blocks.
DIGITS = "01234567"
GAP = "·"
PLAIN_GAP = "."

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
LONGEST_INTERVAL_S = 366 * DAY_S
# Lengths that people think in.
_ROUND_S = (
    *(1, 2, 5, 10, 15, 30),
    *(MINUTE_S * number for number in (1, 2, 5, 10, 15, 20, 30)),
    *(HOUR_S * number for number in (1, 2, 3, 4, 6, 8, 12)),
    *(DAY_S * number for number in (1, 2, 5, 7, 10, 14, 30, 60, 90, 180)),
    LONGEST_INTERVAL_S,
)


def spark(values: Sequence[float | None], *, is_plain: bool = False) -> str:
    """Return one mark for each value: the lowest value has the lowest block, the highest the highest.

    None is a gap. `is_plain` takes digits in place of blocks.
    """
    marks, gap = (DIGITS, PLAIN_GAP) if is_plain else (BLOCKS, GAP)
    return "".join(gap if level is None else marks[level] for level in levels(values, len(marks)))


def levels(values: Sequence[float | None], count: int) -> Sequence[int | None]:
    """Return where each value stands among `count` levels between the lowest and the highest; values that are all the
    same stand in the middle."""
    known = [value for value in values if value is not None]
    if not known:
        return [None] * len(values)
    # Halved, since the distance between two numbers may be greater than any number.
    low, high = min(known) / 2, max(known) / 2
    if high - low == 0:
        return [None if value is None else (count - 1) // 2 for value in values]
    return [
        None if value is None else min(count - 1, max(0, int((value / 2 - low) / (high - low) * count)))
        for value in values
    ]


def suited_interval_s(range_s: float, columns: int, at_least_s: int = 0) -> int:
    """Return how long a column is, in whole seconds, so that a range fits; a multiple of `at_least_s` where that is
    given, else a length that people think in."""
    # A range that begins within a column takes one more.
    needed_s = range_s / max(1, columns - 1)
    if at_least_s:
        multiple_s = at_least_s * max(1, -(-int(-(-needed_s // 1)) // at_least_s))
        return min(multiple_s, max(at_least_s, LONGEST_INTERVAL_S // at_least_s * at_least_s))
    return next((round_s for round_s in _ROUND_S if round_s >= needed_s), LONGEST_INTERVAL_S)


def axis(begins: datetime, ends: datetime, columns: int, zone: tzinfo | None = None) -> str:
    """Return the times at the first and the last column, and in the middle where there is room.

    They are of `zone`; None is the machine's own.
    """
    middle = begins + (ends - begins) / 2
    form = _form(ends - begins)
    left, centre, right = (at.astimezone(zone).strftime(form) for at in (begins, middle, ends))
    if columns < len(left) + len(right) + 1:
        return f"{left} - {right}"
    if columns < 3 * len(left) + 4:
        return left + right.rjust(columns - len(left))
    at_column = (columns - len(centre)) // 2
    line = left.ljust(at_column) + centre
    return line + right.rjust(columns - len(line))


def length(seconds: int) -> str:
    """Return a length of time as people say it: `90 s`, `20 min`, `3 h`, `7 d`."""
    for unit_s, unit in ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min")):
        if seconds >= unit_s and seconds % unit_s == 0:
            return f"{seconds // unit_s} {unit}"
    return f"{seconds} s"


def _form(span: timedelta) -> str:
    if span <= timedelta(minutes=10):
        return "%H:%M:%S"
    if span <= timedelta(hours=18):
        return "%H:%M"
    return "%m-%d %H:%M" if span <= timedelta(days=14) else "%Y-%m-%d"
