"""Which points of which devices something was ever recorded of."""

import sqlite3
from collections.abc import Mapping, Sequence


def read_recorded(connection: sqlite3.Connection) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return device -> log -> points; the log of what was recorded on change is empty."""
    found: dict[str, dict[str, list[str]]] = {}
    for device, log, point in connection.execute("SELECT device, log, point FROM series ORDER BY id"):
        found.setdefault(device, {}).setdefault(log, []).append(point)
    return found
