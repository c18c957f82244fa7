"""Where a hub keeps its files, and by which socket commands reach it."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

SOCKET_NAME = "hub.sock"
# A Unix socket's path has room for 108 bytes on Linux, fewer elsewhere.
SOCKET_PATH_LIMIT_BYTES = 100


def default_folder(environment: Mapping[str, str]) -> Path:
    """The data folder: `HARDWIRE_DATA`, else the platform's."""
    given = environment.get("HARDWIRE_DATA")
    if given:
        return Path(given)
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "hardwire"
    base = environment.get("XDG_DATA_HOME")
    return (Path(base) if base else home / ".local" / "share") / "hardwire"


def socket_path(folder: Path, environment: Mapping[str, str]) -> Path:
    """The hub's Unix socket; in the run-time folder, named by a hash, where the data folder's path is too long."""
    inside = folder.resolve() / SOCKET_NAME
    if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT_BYTES:
        return inside
    runtime = environment.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return Path(runtime) / f"hardwire-{digest}.sock"
