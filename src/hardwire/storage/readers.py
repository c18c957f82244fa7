"""The threads that read: each with a read-only connection of its own, beside the writer."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from hardwire.model.errors import HubFaultError

T = TypeVar("T")

READERS = 3


class Readers:
    """A few threads; a slow history query keeps neither the writer nor the event loop waiting."""

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], explain: Callable[[sqlite3.Error], HubFaultError]
    ) -> None:
        self._connect = connect
        self._explain = explain
        self._own = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="hardwire-store-reader")

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Return the query's answer, read from one consistent state of the store.

        Raises:
            HubFaultError: the store cannot be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, query)

    def close(self) -> None:
        """Let running queries end, then close. It waits: call it off the event loop."""
        self._threads.shutdown()
        for connection in self._connections:
            connection.close()

    def _run(self, query: Callable[[sqlite3.Connection], T]) -> T:
        try:
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                return query(connection)
            finally:
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connect()
            self._connections.append(self._own.connection)
        connection: sqlite3.Connection = self._own.connection
        return connection
