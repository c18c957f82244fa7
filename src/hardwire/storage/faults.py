"""What SQLite's and the system's errors mean to the operator, as sentences that say what to do."""

import sqlite3
from pathlib import Path

from hardwire.model.errors import HubFaultError


def explain(error: sqlite3.Error, file: Path) -> HubFaultError:
    """Return the fault that a database error stands for."""
    # The low byte is the primary code (sqlite.org/rescode.html, "Primary Result Codes versus Extended Result Codes").
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return HubFaultError(
                f"The disk is full: free some space for {file}. What was to be written is not kept.", code="disk-full"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return HubFaultError(
                f"{file} may not be written: give the hub's user write access to it and its folder.", code="read-only"
            )
        case sqlite3.SQLITE_CANTOPEN:
            return HubFaultError(
                f"{file} cannot be opened: check that it is a file and that the hub's user owns it.", code="unreadable"
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return HubFaultError(
                f"{file} is damaged ({error}): stop the hub and restore a backup, or move the file away.",
                code="damaged",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return HubFaultError(f"Another program holds {file}: close it and try again.", code="busy")
        case sqlite3.SQLITE_IOERR:
            return HubFaultError(
                f"The disk failed under {file} ({error}): check it and the system's log.", code="disk-fault"
            )
    return HubFaultError(f"The store {file} failed: {error}.", code="store")


def explain_system(error: OSError, path: Path) -> HubFaultError:
    """Return the fault that an error of the file system stands for."""
    return HubFaultError(
        f"{path} cannot be used: {error.strerror or error}. Choose another data folder or mend it.", code="data-folder"
    )
