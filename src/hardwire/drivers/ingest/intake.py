"""Sorts a batch: rows by instant under the names of points, with what cannot be taken."""

import asyncio
from collections.abc import Generator, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from hardwire.drivers.ingest.batch import Batch, Refusal, Row
from hardwire.model.fact import Log

# A clock that is off by more is to be set, not believed: its rows would hide newer ones for as long.
FUTURE_LIMIT = timedelta(minutes=5)
# What a clock shows that was never set: no logger is older.
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)

# Some two milliseconds of work.
ROWS_PER_TURN = 500

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Intake(Struct, frozen=True):
    """What is left of a batch."""

    rows: Mapping[tuple[datetime, Log], Mapping[str, int | float]]
    """The oldest first; of a value that comes twice the first."""
    refused: list[Refusal]
    size: int
    """How many values it had, repeats in the batch itself included."""


class _BadTimeError(Exception):
    """A time that is not taken; the text says why."""


def keys_of(batch: Batch) -> set[str]:
    """Return what a batch calls its fields."""
    keys: set[str] = set()
    for _, row in batch.rows:
        keys.update(row.fields)
    return keys


async def sort(batch: Batch, names: Mapping[str, str], reasons: Mapping[str, str], now: datetime) -> Intake:
    """Sort a batch; `names` has a point or `reasons` a sentence for each key.

    Others have their turn every few hundred rows, for a batch may have ten thousand.
    """
    work = sorting(batch, names, reasons, now)
    while True:
        try:
            next(work)
        except StopIteration as end:
            intake: Intake = end.value
            return intake
        await asyncio.sleep(0)


def sorting(
    batch: Batch, names: Mapping[str, str], reasons: Mapping[str, str], now: datetime
) -> Generator[None, None, Intake]:
    """Sort a batch in steps of `ROWS_PER_TURN`; its end returns what is left of it."""
    rows: dict[tuple[datetime, Log], dict[str, int | float]] = {}
    refused = list(batch.refused)
    size = 0
    is_undated = False
    for count, (place, row) in enumerate(batch.rows, 1):
        if count % ROWS_PER_TURN == 0:
            yield
        try:
            at = _instant(row, now)
            if row.time is None and (is_undated or batch.needs_times):
                raise _BadTimeError("only one row may leave out its time" if is_undated else "it needs a time")
        except _BadTimeError as error:
            refused.append(Refusal(place, "", str(error)))
            continue
        is_undated = is_undated or row.time is None
        try:
            values = {names[key]: value for key, value in row.fields.items() if value is not None}
        except KeyError:
            values = {}
        if len(values) < len(row.fields):
            values = _one_by_one(place, row, names, reasons, refused)
        size += len(values)
        known = rows.get(when := (at, row.log or batch.log))
        if known is None:
            rows[when] = values
        else:
            rows[when] = {**values, **known}
    return Intake({when: rows[when] for when in sorted(rows, key=_first)}, refused, size)


def _one_by_one(
    place: int, row: Row, names: Mapping[str, str], reasons: Mapping[str, str], refused: list[Refusal]
) -> dict[str, int | float]:
    """Take a row with something odd in it: no value, an unknown key, one field by number and by name."""
    values: dict[str, int | float] = {}
    for key, value in row.fields.items():
        if key in reasons:
            refused.append(Refusal(place, key, reasons[key]))
        elif names[key] in values:
            refused.append(Refusal(place, key, "the row has this field already, by its number or its name"))
        elif value is not None:
            values[names[key]] = value
    return values


def _instant(row: Row, now: datetime) -> datetime:
    time = row.time
    if time is None:
        return now
    try:
        at = time if isinstance(time, datetime) else _EPOCH + timedelta(seconds=time)
        if at.tzinfo is None:
            raise _BadTimeError("the time needs a Z or an offset such as +01:00: nobody knows the logger's zone")
        if at > now + FUTURE_LIMIT:
            ahead = "far" if at - now > timedelta(days=36500) else f"{int((at - now).total_seconds())} s"
            raise _BadTimeError(f"the time is {ahead} ahead of the hub's clock: set the logger's, in seconds and UTC")
        if at < OLDEST:
            raise _BadTimeError("the time is before the year 2000: set the logger's clock")
        return at.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise _BadTimeError("the time is out of range: it is RFC 3339, or seconds since 1970") from error


def _first(when: tuple[datetime, Log]) -> datetime:
    return when[0]
