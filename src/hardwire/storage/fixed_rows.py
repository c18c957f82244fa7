"""What was fixed for an installation as rows: a name with its text."""

import sqlite3
from collections.abc import Mapping


def read_fixed(connection: sqlite3.Connection) -> Mapping[str, str]:
    """Return everything that was fixed, by name."""
    return dict(connection.execute("SELECT name, text FROM fixed"))


def fix(connection: sqlite3.Connection, name: str, text: str) -> None:
    """Fix something; what stood there is replaced."""
    connection.execute(
        "INSERT INTO fixed (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text",
        (name, text),
    )
