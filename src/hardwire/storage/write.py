"""One part of a commit: what it does, who waits for it, what became of it."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct


class Write(Struct, eq=False):
    """One part of a batch: what it does, and who waits for it (nobody for noted rows)."""

    work: Callable[[sqlite3.Connection], Any]  # Any: each write has its own answer
    future: "asyncio.Future[Any] | None" = None  # Any: as above
    answer: Any = None  # Any: as above
    error: Exception | None = None


def answer(writes: Sequence[Write]) -> None:
    """Give each waiter what became of its write; on the loop that they wait on."""
    for write in writes:
        if write.future is None or write.future.done():
            continue
        if write.error is not None:
            write.future.set_exception(write.error)
        else:
            write.future.set_result(write.answer)
