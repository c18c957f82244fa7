"""What SQLite's errors mean to the operator."""

import sqlite3
from pathlib import Path

import pytest

from hardwire.storage.faults import explain

FILE = Path("/data/hardwire.db")


@pytest.mark.parametrize(
    ("sqlite_code", "code", "advice"),
    [
        (sqlite3.SQLITE_FULL, "disk-full", "free some space"),
        (sqlite3.SQLITE_READONLY, "read-only", "write access"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "read-only", "write access"),
        (sqlite3.SQLITE_PERM, "read-only", "write access"),
        (sqlite3.SQLITE_CANTOPEN, "unreadable", "check that it is a file"),
        (sqlite3.SQLITE_NOTADB, "damaged", "restore a backup"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "damaged", "restore a backup"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "busy", "close it"),
        (sqlite3.SQLITE_LOCKED, "busy", "close it"),
        (sqlite3.SQLITE_IOERR_FSYNC, "disk-fault", "check it"),
        (sqlite3.SQLITE_MISMATCH, "store", "told by SQLite"),
    ],
)
def test_an_error_is_told_with_the_file_and_what_to_do(sqlite_code: int, code: str, advice: str) -> None:
    error = sqlite3.OperationalError("told by SQLite")
    error.sqlite_errorcode = sqlite_code

    fault = explain(error, FILE)

    assert fault.code == code
    assert advice in fault.message
    assert str(FILE) in fault.message


def test_an_error_that_python_itself_raised_has_no_code_and_is_told_all_the_same() -> None:
    fault = explain(sqlite3.ProgrammingError("Cannot operate on a closed database."), FILE)

    assert fault.code == "store"
    assert "closed database" in fault.message
