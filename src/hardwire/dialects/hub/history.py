"""One question about a device's past, from the path's query to its answer in pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import Enum
from typing import TypeVar

from msgspec import Struct

from hardwire.contracts.house import House
from hardwire.dialects.hub.query import past, seconds, whole
from hardwire.dialects.hub.wire import instant
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, UnknownError
from hardwire.model.fact import Log
from hardwire.model.history import Aggregation, HistoryRow, HistoryWish
from hardwire.model.point import Point, PointKind

ROWS_DEFAULT = 1_000
ROWS_LIMIT = 10_000
SINCE_DEFAULT = "24h"
# What was recorded on change, and not on the marks of a log.
CHANGE = "change"
SETTINGS = ("since", "until", "point", "log", "interval", "aggregation", "limit")
# The finest difference between two rows.
TICK = timedelta(milliseconds=1)

E = TypeVar("E", bound=Enum)


class Past(Struct, frozen=True):
    """What was asked, and of which points."""

    wish: HistoryWish
    points: Sequence[Mapping[str, object]]

    def answer(self, rows: Sequence[HistoryRow]) -> Mapping[str, object]:
        """Return one page: the points with their units, the rows, and the `since` of the next page, if there is one."""
        wish = self.wish
        return {
            "device": wish.device,
            "log": CHANGE if wish.log is None else wish.log.value,
            "interval_s": wish.interval_s,
            "aggregation": wish.aggregation.value,
            "since": instant(wish.since),
            "until": instant(wish.until),
            "points": self.points,
            "rows": [{"at": instant(row.at), "values": row.values} for row in rows],
            "next": self._next(rows),
        }

    def _next(self, rows: Sequence[HistoryRow]) -> str | None:
        """Where to go on; None when the range is told to its end."""
        if len(rows) < self.wish.limit:
            return None
        following = rows[-1].at + (timedelta(seconds=self.wish.interval_s) or TICK)
        return instant(following) if following < self.wish.until else None


def asked(query: Mapping[str, str], device: Device, house: House, now: datetime) -> Past:
    """Return what a query asks of a device's past; without a range the last 24 hours.

    Raises:
        BadValueError: a value does not fit; UnknownError: the device has no such point.
    """
    for name in query:
        if name not in SETTINGS:
            raise BadValueError(f"there is no setting {name!r} here; known are {', '.join(SETTINGS)}", path=name)
    points = _points(query.get("point", ""), device, house)
    since = past(query.get("since", SINCE_DEFAULT), "since", now)
    until = past(query["until"], "until", now) if "until" in query else now
    if until < since:
        raise BadValueError("until is earlier than since", path="until")
    log = _log(query.get("log", ""), device, points)
    if log is Log.FAST and not query.get("point"):
        # The fast log holds no others (ezeio reference, section 1.3): their columns would be empty.
        logged = {point.name for point in device.points if point.log_interval_s}
        points = [name for name in points if name in logged] or points
    wish = HistoryWish(
        device=device.id,
        since=since,
        until=until,
        log=log,
        points=tuple(points),
        interval_s=seconds(query.get("interval", "0"), "interval"),
        aggregation=_one_of(Aggregation, query.get("aggregation", Aggregation.MEAN.value), "aggregation"),
        limit=whole(query, "limit", ROWS_DEFAULT, ROWS_LIMIT),
    )
    numbers = house.field_numbers(device.id)
    return Past(wish, [_shown(name, device.point(name), numbers.get(name)) for name in points])


def _log(text: str, device: Device, points: Sequence[str]) -> Log | None:
    """Which log: the one that is named, else the one in which rows of these points are to be found."""
    if text == CHANGE:
        return None
    if text:
        try:
            return Log(text)
        except ValueError:
            known = ", ".join((*(log.value for log in Log), CHANGE))
            raise BadValueError(f"there is no log {text!r}; known are {known}", path="log") from None
    logged = any(point.log_interval_s for point in device.points if point.name in points)
    return Log.FAST if device.log == "self" or logged else None


def _points(text: str, device: Device, house: House) -> Sequence[str]:
    """The names of what was asked for, by names or field numbers; without any, all of which something may be kept."""
    numbers = house.field_numbers(device.id)
    # A field that is gone keeps its number, and its past.
    known = dict.fromkeys(
        (*(point.name for point in device.points if point.kind in (PointKind.NUMBER, PointKind.FLAG)), *numbers)
    )
    if not text:
        return list(known)
    by_number = {str(number): name for name, number in numbers.items()}
    found = dict.fromkeys(_point(word, known, by_number, device) for word in text.split(","))
    return list(found)


def _point(word: str, known: Mapping[str, None], by_number: Mapping[str, str], device: Device) -> str:
    name = word.strip()
    if name in known:
        return name
    if name in by_number:
        return by_number[name]
    point = device.point(name)
    if point is not None:
        raise BadValueError(f"{name!r} of {device.id} holds texts: only numbers and flags are kept", path="point")
    near = get_close_matches(name, [*known, *by_number], n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known) or 'none'}"
    raise UnknownError(f"{device.id} has no point {name!r}; {hint}", path="point")


def _shown(name: str, point: Point | None, number: int | None) -> Mapping[str, object]:
    return {
        "name": name,
        "label": "" if point is None else point.label,
        "unit": "" if point is None else point.unit,
        "decimals": None if point is None else point.decimals,
        "field": number,
    }


def _one_of(kind: type[E], text: str, name: str) -> E:
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(str(one.value) for one in kind)
        raise BadValueError(f"there is no {name} {text!r}; known are {known}", path=name) from None
