"""The data folder: private, and held by one hub at a time."""

import fcntl
import os
from pathlib import Path

from hardwire.model.errors import HubFaultError
from hardwire.storage.faults import explain_system

LOCK_FILE = "hub.lock"
ROOT = 0


def make_private_folder(folder: Path) -> None:
    """Make the folder, with mode 0700, where it is missing; an empty one is given that mode too.

    A folder that holds something keeps its mode, since it may serve others as well: each file of the hub is 0600.

    Raises:
        HubFaultError: it cannot be made.
    """
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)
        # A volume that was handed to the hub may belong to another user and yet be writable.
        if not any(folder.iterdir()) and folder.stat().st_uid == os.geteuid():
            folder.chmod(0o700)
    except OSError as error:
        raise explain_system(error, folder) from error


def sync_folder(folder: Path) -> None:
    """Make durable which files and folders the folder holds: syncing a file does not promise its name."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private_file(file: Path) -> None:
    """Make the file where it is missing, and its mode 0600.

    What root makes in the folder of another user is that user's: the hub that runs there has to get at it.

    Raises:
        HubFaultError: it cannot be made.
    """
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # An older file may be more open, and a umask may have made a new one less so.
            if os.fstat(descriptor).st_mode & 0o777 != 0o600:
                os.fchmod(descriptor, 0o600)
            owner = file.parent.stat()
            if os.geteuid() == ROOT and os.fstat(descriptor).st_uid == ROOT != owner.st_uid:
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise explain_system(error, file) from error


class FolderLock:
    """The one hub's hold on a data folder. The system lets go of it when the process ends, in whatever way."""

    def __init__(self, folder: Path) -> None:
        """Take hold.

        Raises:
            HubFaultError: another process has it (code `folder-in-use`), or the folder cannot be written.
        """
        file = folder / LOCK_FILE
        make_private_file(file)
        self._descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._descriptor, 20).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise HubFaultError(
                f"The data folder {folder} is in use by another hub (process {holder or 'unknown'}): "
                "stop that one, or name another folder with --data.",
                code="folder-in-use",
            ) from error
        except OSError as error:
            os.close(self._descriptor)
            raise explain_system(error, file) from error
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go."""
        os.close(self._descriptor)
