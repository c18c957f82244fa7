"""The data folder: whose it is, who may look into it, how much room is left."""

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from hardwire.app.doctor.finding import Finding, good, hint, wrong

# Below the first, days of history are at stake; below the second, the next write.
LITTLE_BYTES = 200 * 1024 * 1024
NOTHING_BYTES = 10 * 1024 * 1024


class Folder(Struct, frozen=True, kw_only=True):
    """What the file system says."""

    path: Path
    exists: bool
    is_folder: bool = True
    owner: str = ""
    user: str = ""
    """Who looks."""
    is_writable: bool = True
    """Whether this user may write it, or make it where it is missing."""
    is_visible: bool = True
    """Whether this user may look into it."""
    mode: int = 0o700
    free_bytes: int = LITTLE_BYTES
    open_files: tuple[str, ...] = ()
    """Files of the hub's that others than their owner may read."""


SECRETS = ("ca.key", "hardwire.db", "hardwire.db-wal", "vault.key")


def gather(path: Path, user: str) -> Folder:
    """Look at the folder, or at the nearest one above it that exists. Nothing is made."""
    nearest = next((place for place in (path, *path.parents) if os.path.exists(place)), Path("/"))
    status = nearest.stat()
    room = os.statvfs(nearest)
    exists = nearest == path
    return Folder(
        path=path,
        exists=exists,
        is_folder=nearest.is_dir(),
        owner=user_name(status.st_uid),
        user=user,
        is_writable=os.access(nearest, os.W_OK | os.X_OK),
        is_visible=os.access(nearest, os.R_OK | os.X_OK),
        mode=stat.S_IMODE(status.st_mode) if exists else 0o700,
        free_bytes=room.f_bavail * room.f_frsize,
        open_files=tuple(name for name in SECRETS if exists and _is_open(path / name)),
    )


def check(folder: Folder) -> Iterator[Finding]:
    """Tell what keeps a hub from working in it."""
    path = folder.path
    if not folder.is_folder:
        yield wrong("folder", f"{path} is no folder: name another one with --data or HARDWIRE_DATA")
        return
    if not folder.is_writable:
        other = folder.owner if folder.exists and folder.owner != folder.user else ""
        told = f"write {path}, which belongs to {folder.owner}" if folder.exists else f"make {path}"
        advice = f"look as that user, `sudo -u {other} hardwire doctor`, or " if other else ""
        yield wrong(
            "folder",
            f"{folder.user} may not {told}: {advice}name a folder of your own with --data or HARDWIRE_DATA",
        )
    elif not folder.exists:
        yield good("folder", f"{path} is made at the first start")
    elif folder.owner != folder.user:
        yield hint(
            "folder",
            f"{path} belongs to {folder.owner}: run the hub and its commands as that user, "
            f"`sudo -u {folder.owner} hardwire ...`, or files of {folder.user}'s will be in its way",
        )
    else:
        yield good("folder", f"{path} is there and may be written")
    if folder.open_files:
        names = " ".join(str(path / name) for name in folder.open_files)
        yield wrong("folder", f"others may read what should be the hub's alone: `chmod 600 {names}`")
    elif folder.exists and folder.mode & 0o077:
        yield hint("folder", f"others may look into {path} (mode {folder.mode:o}): `chmod 700 {path}`")
    yield from _room(folder)


def user_name(uid: int) -> str:
    """Return the name of a user, or its number where it has none here."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def group_name(gid: int) -> str:
    """Return the name of a group, or its number where it has none here."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _room(folder: Folder) -> Iterator[Finding]:
    free_mb = folder.free_bytes // (1024 * 1024)
    if folder.free_bytes < NOTHING_BYTES:
        yield wrong("folder", f"the disk of {folder.path} is full ({free_mb} MB left): make room, nothing is kept else")
    elif folder.free_bytes < LITTLE_BYTES:
        yield hint(
            "folder",
            f"the disk of {folder.path} has {free_mb} MB left: make room, or keep a shorter history (hub.history_days)",
        )


def _is_open(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & 0o077)
    except OSError:
        return False
