"""Gathers the files of a backup beside those of a data folder, judged as a hub would.

It is loaded when a backup is put back: archives take a hub memory that it seldom needs.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from hardwire.app.backup.archive import Archive, opened
from hardwire.app.backup.exchange import NEW
from hardwire.model.errors import BadValueError, HardwireError, HubFaultError
from hardwire.server.tls.authority import Authority
from hardwire.storage.faults import explain_system
from hardwire.storage.folder import ROOT, sync_folder
from hardwire.storage.snapshot import Told, prepare_store
from hardwire.storage.sqlite import STORE_FILE

# The store's own log while it is brought to this version.
ROOM_BYTES = 32 * 1024 * 1024


def gather(folder: Path, file: Path, tell: Told = lambda done, total: None) -> None:
    """Unpack a backup beside the files of a data folder, and see that a hub could start with it. Nothing else changes.

    Raises:
        BadValueError: it is no whole backup, or nothing that this hub could use.
        HubFaultError: the folder has no room for it or cannot be written.
    """
    with opened(file) as archive:
        new = folder / NEW
        try:
            _make_room(folder, archive)
            new.mkdir(mode=0o700)
            archive.unpack(new, tell)
            _judge(new, file)
            _give_to_owner(new, folder)
        except BaseException as error:
            shutil.rmtree(new, ignore_errors=True)
            if isinstance(error, OSError):
                raise explain_system(error, new) from error
            raise


def _make_room(folder: Path, archive: Archive) -> None:
    """Clear away what an earlier try has left; see that the disk has room."""
    shutil.rmtree(folder / NEW, ignore_errors=True)
    free_bytes = shutil.disk_usage(folder).free
    wanted_bytes = archive.size_bytes + ROOM_BYTES
    if free_bytes < wanted_bytes:
        raise HubFaultError(
            f"The disk of {folder} has {free_bytes // 1_000_000} MB left and the backup needs "
            f"{wanted_bytes // 1_000_000} MB: free some space. What is there stays until the backup is in place.",
            code="disk-full",
        )


def _judge(new: Path, file: Path) -> None:
    """Open everything as a hub would. Raises BadValueError."""
    try:
        prepare_store(new / STORE_FILE)
        Authority.open(new, datetime.now(UTC))
    except HardwireError as error:
        raise BadValueError(f"{file} is of no use: {error.message} Nothing was changed.", code="no-backup") from error
    for file_name in (f"{STORE_FILE}-wal", f"{STORE_FILE}-shm"):
        (new / file_name).unlink(missing_ok=True)
    sync_folder(new)


def _give_to_owner(new: Path, folder: Path) -> None:
    """Let the files be the hub's own user's where root has unpacked them."""
    status = folder.stat()
    if os.geteuid() == ROOT != status.st_uid:
        for path in (new, *new.rglob("*")):
            os.chown(path, status.st_uid, status.st_gid)
