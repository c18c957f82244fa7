"""What several commands print: instants as people read them, tables that a pipe may cut short."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hardwire.app.cli.plain import plain

# A pipe has no width, and a line that breaks there is no line any more.
PIPE_WIDTH = 240


def moment(text: str | None, now: datetime | None = None) -> str:
    """Return an instant in local time: HH:MM:SS when it is of today, else with its date; empty for none."""
    if text is None:
        return ""
    at = datetime.fromisoformat(text).astimezone()
    today = (now or datetime.now().astimezone()).astimezone(at.tzinfo).date()
    return f"{at:%H:%M:%S}" if at.date() == today else f"{at:%Y-%m-%d %H:%M:%S}"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, widest: int | None = None) -> None:
    """Print rows below bold heads; what a device calls itself stays text, and on its line."""
    console().print(table_of(columns, rows, widest=widest))


def table_of(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, widest: int | None = None, is_dense: bool = False
) -> Table:
    """Return what `print_table` prints; a dense one has one space between its columns."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0) if is_dense else (0, 1))
    for column in columns:
        # The first column is what people copy: an id that is broken in two is none.
        table.add_column(column, overflow="fold", max_width=widest, no_wrap=column == columns[0])
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table


def console() -> Console:
    """Return standard output, wide where nobody looks."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=PIPE_WIDTH)
