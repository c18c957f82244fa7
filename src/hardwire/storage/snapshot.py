"""Copies of the store's file, each as it was at one instant, made while others write; and whether a copy is whole."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from hardwire.model.errors import HubFaultError
from hardwire.storage import credential_rows, device_rows
from hardwire.storage.connections import connect_reader, connect_writer
from hardwire.storage.faults import explain
from hardwire.storage.migrations import migrate, shipped_migrations
from hardwire.storage.vault import Vault

# 1 MiB of the usual pages: a few milliseconds of a disk's time.
STEP_PAGES = 256
# After each step the disk is left to the hub for as long as the step took, within reason.
LONGEST_PAUSE_S = 0.25

MAGIC = b"SQLite format 3\0"
HEADER_BYTES = 100
# sqlite.org/fileformat2.html, "The Database Header": user_version, big-endian.
_VERSION_AT = slice(60, 64)

Told = Callable[[int, int], object]
"""Is told how much is done, and of how much."""


def copy_store(
    file: Path, target: Path, *, is_alone: bool, tell: Told, pause: Callable[[float], None] = time.sleep
) -> None:
    """Copy the store's file, all that was committed at the beginning and nothing of what comes after.

    Writers go on meanwhile: what they write stays in the write-ahead log until the copy is done. `is_alone` says that
    no hub has the file open. `target` is an empty file.

    Raises:
        HubFaultError: the store cannot be read, or the copy not written.
    """
    try:
        with closing(connect_writer(file) if is_alone else connect_reader(file)) as source:
            # In a transaction of its own the copy reads one state; else each commit would make it begin anew.
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
            with closing(sqlite3.connect(target, isolation_level=None)) as copy:
                # A copy that was not finished is thrown away: it needs no journal.
                copy.execute("PRAGMA journal_mode = OFF")
                copy.execute("PRAGMA synchronous = OFF")
                source.backup(copy, pages=STEP_PAGES, progress=_paced(tell, pause))
            source.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise explain(error, file) from error


def check_copy(copy: Path, folder: Path) -> int:
    """See that a copy is whole and that the key in `folder` opens its secrets; returns its schema. Nothing is changed.

    Raises:
        HubFaultError: it is damaged, or the key is another's (code `vault`).
    """
    try:
        with closing(_untouched(copy)) as connection:
            _check_pages(connection, copy)
            (schema,) = connection.execute("PRAGMA user_version").fetchone()
            # The rows of another version are read after its migration, in `prepare_store`.
            if schema == len(shipped_migrations()):
                _check_secrets(connection, folder, is_mended=False)
            return int(schema)
    except sqlite3.Error as error:
        raise explain(error, copy) from error


def prepare_store(file: Path) -> None:
    """See that a store that is to be used is whole, bring it to this version, open its secrets with the key beside it.

    Raises:
        HubFaultError: it is damaged or newer, or the key is another's (code `vault`) or lost.
    """
    try:
        with closing(_untouched(file)) as connection:
            _check_pages(connection, file)
        with closing(connect_writer(file)) as connection:
            migrate(connection, file, shipped_migrations())
            _check_secrets(connection, file.parent, is_mended=True)
    except sqlite3.Error as error:
        raise explain(error, file) from error


def schema_of(header: bytes) -> int | None:
    """Return the schema that a store's first bytes tell; None when it is no store."""
    return int.from_bytes(header[_VERSION_AT]) if header.startswith(MAGIC) and len(header) >= HEADER_BYTES else None


def _untouched(file: Path) -> sqlite3.Connection:
    """A connection to a file that nobody writes; nothing is made beside it."""
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1", uri=True, isolation_level=None)


def _check_pages(connection: sqlite3.Connection, file: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise HubFaultError(f"The store {file} is damaged: {str(found).splitlines()[0]}.", code="damaged")


def _check_secrets(connection: sqlite3.Connection, folder: Path, *, is_mended: bool) -> None:
    is_in_use = credential_rows.has_sealed(connection) or device_rows.has_sealed(connection)
    if is_in_use:
        vault = Vault(folder, is_in_use=True, is_mended=is_mended)
        # Long ago: those that have expired are to be opened too.
        credential_rows.read_credentials(connection, vault, datetime(1971, 1, 1, tzinfo=UTC))
        device_rows.read_devices(connection, vault)


def _paced(tell: Told, pause: Callable[[float], None]) -> Callable[[int, int, int], None]:
    began_s = time.monotonic()

    def stepped(_: int, remaining: int, total: int) -> None:
        nonlocal began_s
        tell(total - remaining, total)
        if remaining:
            pause(min(LONGEST_PAUSE_S, time.monotonic() - began_s))
        began_s = time.monotonic()

    return stepped
