"""Counted calls of credentials as rows."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from hardwire.storage.file import File
from hardwire.storage.instants import from_ms, to_ms


class CallRows:
    """`contracts.records.Calls` in the store's file."""

    def __init__(self, file: File) -> None:
        self._file = file

    async def read(self) -> Mapping[str, tuple[datetime, int]]:
        """Credential -> when its day began, how many calls since."""
        return await self._file.read(_read)

    async def save(self, calls: Mapping[str, tuple[datetime, int]]) -> None:
        """Keep counts."""
        rows = [(id, to_ms(began), count) for id, (began, count) in calls.items()]
        await self._file.write(
            lambda connection: connection.executemany(
                "INSERT INTO call_count (credential, began, calls) VALUES (?, ?, ?) "
                "ON CONFLICT (credential) DO UPDATE SET began = excluded.began, calls = excluded.calls",
                rows,
            )
        )


def _read(connection: sqlite3.Connection) -> Mapping[str, tuple[datetime, int]]:
    rows = connection.execute("SELECT credential, began, calls FROM call_count")
    return {id: (from_ms(began), count) for id, began, count in rows}
