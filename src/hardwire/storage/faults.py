"""What SQLite's and the system's errors mean to the operator, as sentences that say what to do."""

import sqlite3
from pathlib import Path

from hardwire.model.errors import HubFaultError


def explain(error: sqlite3.Error, file: Path) -> HubFaultError:
    """Return the fault that a database error stands for."""
    # The low byte is the primary code (sqlite.org/rescode.html, "Primary Result Codes versus Extended Result Codes").
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return _fault(
                "disk-full", f"The disk is full: free some space for {file}. What was to be written is not kept."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return _fault(
                "read-only", f"{file} may not be written: give the hub's user write access to it and its folder."
            )
        case sqlite3.SQLITE_CANTOPEN:
            return _fault(
                "unreadable", f"{file} cannot be opened: check that it is a file and that the hub's user owns it."
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return _fault(
                "damaged", f"{file} is damaged ({error}): stop the hub and restore a backup, or move the file away."
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _fault("busy", f"Another program holds {file}: close it and try again.")
        case sqlite3.SQLITE_IOERR:
            return _fault("disk-fault", f"The disk failed under {file} ({error}): check it and the system's log.")
    return _fault("store", f"The store {file} failed: {error}.")


def explain_system(error: OSError, path: Path) -> HubFaultError:
    """Return the fault that an error of the file system stands for."""
    return _fault(
        "data-folder", f"{path} cannot be used: {error.strerror or error}. Choose another data folder or mend it."
    )


def _fault(code: str, message: str) -> HubFaultError:
    return HubFaultError(message, code=code)
