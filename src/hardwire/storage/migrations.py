"""The schema's numbered steps, forward only."""

import sqlite3
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from hardwire.model.errors import HubFaultError


def shipped_migrations() -> Sequence[str]:
    """Return the SQL of `schema/0001.sql`, `schema/0002.sql`, ... in order."""
    folder = files("hardwire.storage") / "schema"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def migrate(connection: sqlite3.Connection, file: Path, migrations: Sequence[str]) -> None:
    """Bring the file to the last migration; each is one transaction, so a crash leaves it between two.

    Raises:
        HubFaultError: a newer hub wrote the file (code `newer-store`).
        sqlite3.Error: the file is damaged, read-only or full.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(migrations):
        raise HubFaultError(
            f"{file} was written by a newer hub (schema {version}, this one knows {len(migrations)}): "
            "install that version again, or restore an older backup.",
            code="newer-store",
        )
    for number, sql in enumerate(migrations[version:], start=version + 1):
        try:
            # The version is part of the same transaction: `user_version` lives in the file's header page.
            connection.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
