"""The event log as rows."""

import math
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from hardwire.model.fact import Incident
from hardwire.storage.file import File
from hardwire.storage.instants import to_ms

_decoder = msgspec.json.Decoder(Incident)


class IncidentRows:
    """`contracts.records.Incidents` in the store's file."""

    def __init__(self, file: File) -> None:
        self._file = file

    async def save(self, incident: Incident) -> int:
        """Append an incident."""
        row = (incident.device, to_ms(incident.at), msgspec.json.encode(_written(incident)).decode())
        return await self._file.write(lambda connection: _insert(connection, row))

    async def read(self, device: str, since: datetime, until: datetime, limit: int) -> Sequence[tuple[int, Incident]]:
        """The newest of [since, until), oldest first."""
        return await self._file.read(lambda connection: _read(connection, device, since, until, limit))

    async def forget(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """Delete what is older."""
        wanted = None if devices is None else tuple(devices)
        return await self._file.write(lambda connection: _forget(connection, before, wanted))


def _written(incident: Incident) -> Incident:
    """Return it without values that JSON has no word for: a register that holds NaN, as sensors that are gone do."""
    values = {
        name: value for name, value in incident.values.items() if not isinstance(value, float) or math.isfinite(value)
    }
    return incident if len(values) == len(incident.values) else replace(incident, values=values)


def _insert(connection: sqlite3.Connection, row: tuple[str, int, str]) -> int:
    cursor = connection.execute("INSERT INTO incident (device, at, body) VALUES (?, ?, ?)", row)
    assert cursor.lastrowid is not None, "an INSERT has made a row"
    return cursor.lastrowid


def _read(
    connection: sqlite3.Connection, device: str, since: datetime, until: datetime, limit: int
) -> Sequence[tuple[int, Incident]]:
    rows = connection.execute(
        "SELECT no, body FROM incident WHERE device = ? AND at >= ? AND at < ? ORDER BY at DESC, no DESC LIMIT ?",
        (device, to_ms(since), to_ms(until), limit),
    ).fetchall()
    return [(number, _decoder.decode(body)) for number, body in reversed(rows)]


def _forget(connection: sqlite3.Connection, before: datetime, devices: Sequence[str] | None) -> int:
    if devices is None:
        return connection.execute("DELETE FROM incident WHERE at < ?", (to_ms(before),)).rowcount
    sql = "DELETE FROM incident WHERE at < ? AND device = ?"
    return sum(connection.execute(sql, (to_ms(before), device)).rowcount for device in devices)
