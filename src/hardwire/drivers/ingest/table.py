"""Rows as CSV (RFC 4180): one column a field, or one value a line."""

import csv
import io
import math
import re
from collections.abc import Sequence
from datetime import datetime

from hardwire.drivers.ingest.batch import VALUES_LIMIT, Batch, Number, Refusal, Row
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Log

TIME, LOG = "time", "log"
LONG = ("time", "field", "value")
"""The header of a table with one value a line."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
# Fifteen digits of a whole number are safe from being rounded, and far from every bound.
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)


class _Unfit(Exception):
    """A cell that is not what it should be; the text says what is wanted."""


def table_of(text: str, *, log: Log = Log.FAST, is_partial: bool = False) -> Batch:
    """Parse a table: a header with `time` (and `log`) beside field numbers or names, or `time,field,value`.

    An empty cell is no value; an empty or missing time is now. What is wrong with single cells is noted as refused.

    Raises:
        BadValueError: it is no such table, with code `bad-body`, or too long a one, with code `too-large`.
    """
    try:
        lines = [line for line in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True) if line]
    except csv.Error as error:
        raise _bad(f"it is no CSV: {error}") from error
    if not lines:
        return Batch(log=log, is_partial=is_partial)
    header = [cell.strip() for cell in lines[0]]
    _check(header)
    if len(lines) - 1 > VALUES_LIMIT:
        raise BadValueError(f"more than {VALUES_LIMIT} rows in one call: send them in several", code="too-large")
    rows: list[tuple[int, Row]] = []
    refused: list[Refusal] = []
    for number, cells in enumerate(lines[1:]):
        if len(cells) != len(header):
            refused.append(Refusal(number, "", f"it has {len(cells)} cells, the header {len(header)}"))
            continue
        try:
            row, faults = _row(number, header, cells)
        except _Unfit as unfit:
            refused.append(Refusal(number, "", str(unfit)))
            continue
        rows.append((number, row))
        refused += faults
    return Batch(rows=rows, refused=refused, log=log, is_partial=is_partial)


def _check(header: Sequence[str]) -> None:
    if not all(header):
        raise _bad("a column of the header has no name")
    if len(header) > VALUES_LIMIT:
        raise BadValueError(f"more than {VALUES_LIMIT} columns: a unit has no such number of fields", code="too-large")
    # One look at each: a header may be as long as a body.
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise _bad(f"the column {name[:40]!r} stands twice in the header")
        seen.add(name)
    if not set(header) - {TIME, LOG}:
        raise _bad("the header names no field; it is a line such as time,1,2 and the separator is a comma")
    if TIME not in header and any(";" in name or "\t" in name for name in header):
        raise _bad("the header has no column `time`; the separator is a comma")


def _row(number: int, header: Sequence[str], cells: Sequence[str]) -> tuple[Row, Sequence[Refusal]]:
    time: datetime | int | float | None = None
    log: Log | None = None
    is_long = tuple(header) == LONG
    pairs = [(cells[1].strip(), cells[2])] if is_long else zip(header, cells, strict=True)
    if is_long:
        time = _time(cells[0].strip())
    fields: dict[str, Number | None] = {}
    refused: list[Refusal] = []
    for name, cell in pairs:
        cell = cell.strip()
        if name == TIME and not is_long:
            time = _time(cell)
        elif name == LOG and not is_long:
            log = _log(cell)
        elif cell:
            try:
                fields[name] = _number(cell)
            except _Unfit as unfit:
                refused.append(Refusal(number, name, str(unfit)))
    return Row(fields=fields, time=time, log=log), refused


def _time(cell: str) -> datetime | int | float | None:
    if not cell:
        return None
    if _NUMBER.fullmatch(cell):
        return float(cell)
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        raise _Unfit(f"{cell[:40]!r} is no time such as 2026-01-31T14:15:16Z, nor seconds since 1970") from None


def _log(cell: str) -> Log | None:
    try:
        return Log(cell) if cell else None
    except ValueError:
        raise _Unfit(f"{cell[:40]!r} is no log; there are fast and status") from None


def _number(cell: str) -> Number:
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if not _NUMBER.fullmatch(cell):
        raise _Unfit(f"{cell[:40]!r} is no number such as 73.4")
    number = float(cell)
    if not math.isfinite(number):
        raise _Unfit(f"{cell[:40]} is too large a number")
    return number


def _bad(reason: str) -> BadValueError:
    return BadValueError(f"the table does not fit: {reason}", code="bad-body")
