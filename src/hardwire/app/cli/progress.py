"""A bar on standard error that shows how far a long command is; nothing where nobody looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

Tell = Callable[[int, int], object]


@contextmanager
def bar(name: str) -> Iterator[Tell]:
    """Give a function that is told how much is done, and of how much. The bar goes when the context ends."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _nothing
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(name, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)
    finally:
        # Ctrl-C may come while the bar begins, when it has hidden the cursor and cannot end by itself yet.
        console.show_cursor()


def _nothing(done: int, total: int) -> None:
    """Nobody looks."""
