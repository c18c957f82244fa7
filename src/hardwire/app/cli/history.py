"""`hardwire history`: what was recorded of a device, as a picture, as rows, as a file."""

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TextIO

import click

from hardwire.app.cli.plain import plain
from hardwire.app.cli.progress import Tell, bar
from hardwire.app.cli.reach import Json, Reach, reaching
from hardwire.app.draft import Draft
from hardwire.app.history.pages import Page, Row, Wish, pages
from hardwire.app.history.picture import picture
from hardwire.app.history.rows import TextRows
from hardwire.app.history.sparkline import BLOCKS, GAP
from hardwire.dialects.hub.history import CHANGE
from hardwire.dialects.hub.query import past, seconds
from hardwire.model.errors import CallerError, DeviceError
from hardwire.model.fact import Log
from hardwire.model.history import Aggregation

NARROWEST = 20
LOGS = (*(log.value for log in Log), CHANGE)


class Taker(Protocol):
    """What takes rows."""

    def add(self, rows: Iterable[Row]) -> None:
        """Take them."""
        ...


@click.command(short_help="Show or export what was recorded of a device.")
@click.argument("device")
@click.option("--field", "fields", multiple=True, help="Only this point, by name or field number (repeatable).")
@click.option("--since", default="24h", show_default=True, help="A time, or an age: 90m, 17h, 3d.")
@click.option("--until", default="", help="A time, or an age; now unless told otherwise.")
@click.option("--interval", default="", help="One row for each interval: 10m, 1h, 1d, or seconds.")
@click.option(
    "--aggregation",
    type=click.Choice([one.value for one in Aggregation]),
    help="What the values of an interval become; mean unless told otherwise.",
)
@click.option("--log", type=click.Choice(LOGS), help="Where to look: one of the two logs, or what changed.")
@click.option("--csv", "csv_file", metavar="FILE", help="Write CSV to a file; - is standard output.")
@click.option("--parquet", "parquet_file", metavar="FILE", help="Write Apache Parquet to a file.")
@click.option("--force", "is_forced", is_flag=True, help="Replace the file where there is one.")
@reaching
def history(
    reach: Reach,
    device: str,
    fields: tuple[str, ...],
    since: str,
    until: str,
    interval: str,
    aggregation: str | None,
    log: str | None,
    csv_file: str | None,
    parquet_file: str | None,
    *,
    is_forced: bool,
) -> None:
    """Show what was recorded of a device, which is named by its id or by its address in any dialect.

    \b
    hardwire history grid --since 7d
    hardwire history ABC-123 --field 1 --field temperature --interval 10m
    hardwire history grid --since 2026-01-01 --csv january.csv --until 2026-02-01

    A terminal shows a line of blocks for each field, from its lowest value to its highest, with a dot where there is no
    value; a pipe gets rows with tabs. Times that you give, and those of the picture, are local where they name no zone;
    those of rows and files are UTC.
    """
    if csv_file and parquet_file:
        raise CallerError("one file at a time: give --csv or --parquet")
    if parquet_file == "-":
        raise CallerError("Parquet is no text: name a file")
    interval_s = seconds(interval, "--interval") if interval else 0
    if interval and not interval_s:
        raise CallerError("an interval is 1 s at least; without --interval rows come as they were recorded")
    if aggregation and not interval and (csv_file or parquet_file or not sys.stdout.isatty()):
        raise CallerError("--aggregation is of intervals: add --interval, such as --interval 1h")
    now = datetime.now(UTC)
    wish = Wish(
        device=device,
        since=past(since, "--since", now, None),
        until=past(until, "--until", now, None) if until else now,
        fields=fields,
        log=log or "",
        interval_s=interval_s,
        aggregation=aggregation or "",
    )
    call = _Caller(reach)
    if csv_file == "-":
        _print(call, wish, is_tabbed=False)
    elif csv_file:
        _export(call, wish, Path(csv_file), _csv, is_forced=is_forced)
    elif parquet_file:
        _export(call, wish, Path(parquet_file), _parquet(), is_forced=is_forced)
    elif sys.stdout.isatty():
        width = max(NARROWEST, shutil.get_terminal_size().columns)
        for line in picture(call, wish, width, is_plain=not _has_blocks(sys.stdout)):
            click.echo(plain(line))
    else:
        _print(call, wish, is_tabbed=True)


class _Caller:
    """Gets paths of the hub's API, or of its files; what is to be said of that is said once."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._is_told = False

    def __call__(self, path: str) -> Json:
        told = self._reach.call("GET", path, is_offline_fine=True, is_quiet=self._is_told)
        self._is_told = True
        return told


def _print(call: _Caller, wish: Wish, *, is_tabbed: bool) -> None:
    """Write rows to standard output."""
    try:
        stream = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
        try:
            with bar("reading") as tell:
                _fill(lambda page: TextRows(stream, page.points, is_tabbed=is_tabbed), pages(call, wish), wish, tell)
        finally:
            # Else standard output would be closed with it.
            stream.detach().flush()
    except BrokenPipeError:
        # Whoever read has seen enough; what Python still wants to flush has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


Write = Callable[[Draft, Iterator[Page], Wish, Tell], int]


def _export(call: _Caller, wish: Wish, file: Path, write: Write, *, is_forced: bool) -> None:
    with closing(pages(call, wish)) as found, Draft(file, is_forced=is_forced) as draft, bar("exporting") as tell:
        count = write(draft, found, wish, tell)
    click.echo(plain(f"wrote {count} rows to {file}"), err=True)


def _csv(draft: Draft, found: Iterator[Page], wish: Wish, tell: Tell) -> int:
    stream = io.TextIOWrapper(draft.stream, "utf-8", newline="")
    try:
        return _fill(lambda page: TextRows(stream, page.points), found, wish, tell)
    finally:
        stream.detach()


def _parquet() -> Write:
    """How Parquet is written. Raises DeviceError when the package for it is missing."""
    try:
        # Only who wants such a file needs the package, and it takes long to import.
        from hardwire.app.history.parquet_file import ParquetFile
    except ModuleNotFoundError as error:
        raise DeviceError(
            "Parquet needs the package pyarrow: pip install 'hardwire[parquet]'", code="not-installed"
        ) from error

    def write(draft: Draft, found: Iterator[Page], wish: Wish, tell: Tell) -> int:
        first = next(found)
        about = {
            "device": first.device,
            "log": first.log,
            "interval_s": str(first.interval_s),
            "aggregation": first.aggregation if first.interval_s else "",
        }
        with ParquetFile(draft.stream, first.points, about) as file:
            return _fill(lambda page: file, _again(first, found), wish, tell)

    return write


def _again(first: Page, rest: Iterator[Page]) -> Iterator[Page]:
    yield first
    yield from rest


def _fill(begin: Callable[[Page], Taker], found: Iterator[Page], wish: Wish, tell: Tell) -> int:
    """Give every row to what the first page begins; returns how many there were."""
    taker: Taker | None = None
    count = 0
    for page in found:
        taker = begin(page) if taker is None else taker
        taker.add(page.rows)
        count += len(page.rows)
        if page.rows:
            done_s = datetime.fromisoformat(page.rows[-1].at) - wish.since
            tell(int(done_s.total_seconds()), int((wish.until - wish.since).total_seconds()))
    return count


def _has_blocks(stream: TextIO) -> bool:
    try:
        (BLOCKS + GAP).encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
