"""How a part of the store reaches the file: one write or one read at a time."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class File(Protocol):
    """The store's file, as its parts use it."""

    def write(self, work: Callable[[sqlite3.Connection], T]) -> Awaitable[T]:
        """Do work in the next transaction; its answer is there once that is durable. Raises HubFaultError."""
        ...

    def read(self, query: Callable[[sqlite3.Connection], T]) -> Awaitable[T]:
        """Return a query's answer, from one consistent state. Raises HubFaultError."""
        ...

    def write_soon(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do work in the next transaction; nobody waits for it, a fault is logged."""
        ...
