"""Rows of a device's past as text: separated by commas for files, by tabs for pipes."""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from hardwire.app.history.pages import Column, Row

# The first of these that is no point's own name.
TIME_NAMES = ("time", "time_utc", "at_time_utc")


class TextRows:
    """Writes a line of names, then a line for each row; a value that a row lacks is empty."""

    def __init__(self, stream: TextIO, columns: Sequence[Column], *, is_tabbed: bool = False) -> None:
        """CSV as in RFC 4180, or with tabs and plain ends of line. `stream` translates no line ends."""
        self._names = [column.name for column in columns]
        if is_tabbed:
            self._writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        else:
            self._writer = csv.writer(stream, lineterminator="\r\n")
        self._writer.writerow([time_name(self._names), *self._names])

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows."""
        names = self._names
        self._writer.writerows(
            [row.at, *("" if (value := row.values.get(name)) is None else _text(value) for name in names)]
            for row in rows
        )


def time_name(names: Sequence[str]) -> str:
    """Return what the column of times is called beside columns of these names."""
    return next((name for name in TIME_NAMES if name not in names), "t_" + max(names, key=len))


def _text(value: float) -> str:
    """A number so that it reads back the same; a whole one without its point."""
    return repr(value).removesuffix(".0")
