"""How the store's file is opened: for the one writer, for readers."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

# How long to wait for a backup or a doctor's look at the file, before a write counts as failed.
BUSY_TIMEOUT_S = 5.0

# The pages that a fold of a thousand series touches, twice.
CACHE_KIB = 8192

# What the write-ahead log may keep on disk after a checkpoint.
LOG_LIMIT_BYTES = 16 * 1024 * 1024


def connect_writer(file: Path) -> sqlite3.Connection:
    """Return the connection that writes, in autocommit mode: transactions are the writer's.

    Raises:
        sqlite3.Error: the file cannot be opened or is no database.
    """
    connection = _connect(file, "rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: each commit waits until the log is on the disk; with WAL, NORMAL would lose the last ones in a power
        # cut (sqlite.org/pragma.html, "synchronous"). The two below make macOS really wait; elsewhere they do nothing.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        # A fold's own notes: no file, which would be one more thing for the disk.
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA journal_size_limit = {LOG_LIMIT_BYTES}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_reader(file: Path) -> sqlite3.Connection:
    """Return a connection that cannot write."""
    return _connect(file, "ro")


def _connect(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(file.absolute()))}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
