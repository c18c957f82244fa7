"""Puts one set of a hub's files in the place of another, so that a power cut at any moment leaves one set or the other.

A set is gathered in the folder `restore.new` (`gathering.py`). Renaming that to `restore.ready` is the decision: before
it nothing has changed, after it whoever comes next carries the rest out, one rename at a time. What was there goes to a
folder beside; `restore.ready` becomes `restore.filling` as soon as nothing of it is left, and then gives its files one
by one.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from hardwire.app.backup.manifest import KEYS
from hardwire.model.errors import HubFaultError
from hardwire.server.tls.leaves import FOLDER as LEAVES
from hardwire.storage.faults import explain_system
from hardwire.storage.folder import FolderLock, make_private_file, sync_folder
from hardwire.storage.sqlite import STORE_FILE

NEW, READY, FILLING = "restore.new", "restore.ready", "restore.filling"
# A backup that lay where the hub may not look.
COPY = "restore.copy"
# In this file a set says where to what it replaces goes.
GOES_TO = "goes-to"
BEFORE, FAILED = "before-restore-", "failed-restore-"
WHY = "why.txt"
# All that a hub keeps in its folder, save its lock and its socket. A store without its log would not be the same.
PARTS = (STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm", *KEYS, LEAVES)


def exchange(folder: Path, now: datetime) -> Path | None:
    """Put the set that was gathered in place; returns where that which was there is kept, None when nothing was there.

    The folder is held by the caller, and no store in it is open.

    Raises:
        HubFaultError: the disk does not take it; the next start goes on with it.
    """
    kept = _free(folder, BEFORE, now)
    _decide(folder, folder / NEW, kept.name)
    finish(folder)
    return kept if kept.exists() else None


def go_back(folder: Path, before: Path, why: str, now: datetime) -> Path:
    """Put back what an exchange had put away; returns where the files that failed are kept, with the reason.

    Raises:
        HubFaultError: the disk does not take it.
    """
    kept = _free(folder, FAILED, now)
    _decide(folder, before, kept.name)
    finish(folder)
    with suppress(OSError):
        (kept / WHY).write_text(why + "\n", "utf-8")
    return kept


def mend(folder: Path) -> None:
    """Carry out what was decided before a power cut, clear away what was not. To be called before a store is opened.

    Raises:
        HubFaultError: another process holds the folder, or the disk does not take it.
    """
    if not any((folder / name).exists() for name in (NEW, READY, FILLING, COPY)):
        return
    lock = FolderLock(folder)
    try:
        finish(folder)
        shutil.rmtree(folder / NEW, ignore_errors=True)
        (folder / COPY).unlink(missing_ok=True)
    finally:
        lock.release()


def is_decided(folder: Path) -> bool:
    """Say whether an exchange has begun that is to be finished before the files are used."""
    return (folder / READY).exists() or (folder / FILLING).exists()


def is_busy(folder: Path) -> bool:
    """Say whether a backup is being looked at or put in place."""
    return (folder / NEW).exists() or is_decided(folder)


def finish(folder: Path) -> None:
    """Carry out what was decided; nothing where nothing was. The folder is held by the caller. Raises HubFaultError."""
    try:
        for _ in steps(folder):
            pass
    except OSError as error:
        raise explain_system(error, folder) from error


def steps(folder: Path) -> Generator[None, None, None]:
    """Carry out what was decided, one change to the disk at a time: after each of them it can be begun anew."""
    ready, filling = folder / READY, folder / FILLING
    if ready.exists():
        kept = folder / _told_name(ready)
        kept.mkdir(mode=0o700, exist_ok=True)
        for name in PARTS:
            if (folder / name).exists():
                yield
                (folder / name).rename(kept / name)
        sync_folder(kept)
        if not any(kept.iterdir()):
            kept.rmdir()
        sync_folder(folder)
        yield
        ready.rename(filling)
        sync_folder(folder)
    if filling.exists():
        for name in PARTS:
            if (filling / name).exists():
                yield
                (filling / name).rename(folder / name)
        sync_folder(folder)
        yield
        shutil.rmtree(filling)
        sync_folder(folder)


@contextmanager
def brought(folder: Path, file: Path) -> Iterator[Path]:
    """Copy a backup into the data folder for the hub's own user, as long as the context lasts. Raises HubFaultError."""
    copy = folder / COPY
    try:
        try:
            copy.unlink(missing_ok=True)
            make_private_file(copy)
            shutil.copyfile(file, copy)
        except OSError as error:
            raise explain_system(error, copy) from error
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _decide(folder: Path, chosen: Path, goes_to: str) -> None:
    try:
        note = chosen / GOES_TO
        with note.open("w", encoding="utf-8") as stream:
            stream.write(goes_to)
            stream.flush()
            os.fsync(stream.fileno())
        sync_folder(chosen)
        chosen.rename(folder / READY)
        sync_folder(folder)
    except OSError as error:
        raise explain_system(error, folder) from error


def _told_name(ready: Path) -> str:
    name = (ready / GOES_TO).read_text("utf-8")
    if not name.startswith((BEFORE, FAILED)) or Path(name).name != name:
        raise HubFaultError(f"{ready / GOES_TO} was not written by a hub: move {ready} away", code="data-folder")
    return name


def _free(folder: Path, prefix: str, now: datetime) -> Path:
    stamp = f"{prefix}{now.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"
    names = (stamp, *(f"{stamp}-{number}" for number in range(2, 1000)))
    return next(folder / name for name in names if not (folder / name).exists())
