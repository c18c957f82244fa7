"""What the hub has taken on for devices, as rows."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from hardwire.contracts.errand import Errand
from hardwire.model.audit import AuditEntry
from hardwire.storage.audit_rows import with_lines
from hardwire.storage.file import File

_decoder = msgspec.json.Decoder(Errand)


class ErrandRows:
    """`contracts.records.Errands` in the store's file."""

    def __init__(self, file: File) -> None:
        self._file = file

    async def save(self, errand: Errand, *, audit: Iterable[AuditEntry] = ()) -> None:
        """Keep one, or what has become of it."""
        row = (errand.id, msgspec.json.encode(errand).decode())
        await self._file.write(with_lines(lambda connection: _save(connection, row), audit))

    async def read(self) -> Sequence[Errand]:
        """Those that are not over, oldest first."""
        return await self._file.read(_read)

    async def remove(self, id: str) -> None:
        """Forget one."""
        await self._file.write(lambda connection: connection.execute("DELETE FROM errand WHERE id = ?", (id,)))


def _save(connection: sqlite3.Connection, row: tuple[str, str]) -> None:
    connection.execute(
        "INSERT INTO errand (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body", row
    )


def _read(connection: sqlite3.Connection) -> Sequence[Errand]:
    return [_decoder.decode(body) for (body,) in connection.execute("SELECT body FROM errand ORDER BY no")]
