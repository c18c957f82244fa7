"""Makes a backup: everything that a data folder needs to be the same hub again, in one file."""

import hashlib
import tarfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path

from hardwire.app.backup.manifest import KEYS, MANIFEST, Manifest, Member, is_member, to_json
from hardwire.app.draft import Draft
from hardwire.model.errors import CallerError, DeviceError, HubFaultError
from hardwire.server.tls.leaves import FOLDER as LEAVES
from hardwire.storage.faults import explain_system
from hardwire.storage.folder import FolderLock
from hardwire.storage.snapshot import Told, check_copy, copy_store
from hardwire.storage.sqlite import STORE_FILE
from hardwire.version import VERSION


def make(folder: Path, target: Path, *, now: datetime, tell: Told, is_forced: bool = False) -> Manifest:
    """Write the backup of a data folder, mode 0600, whether a hub runs on it or not; returns what it holds.

    It holds everything that was acknowledged when it began. It is restorable: the copy is checked before it is kept.

    Raises:
        CallerError: there is no hub's data in the folder, or the file cannot be written.
        HubFaultError: the store is damaged, or `vault.key` is not its own.
        DeviceError: another backup was put in place meanwhile.
    """
    store = folder / STORE_FILE
    if not store.exists():
        raise CallerError(f"there is no hub's data in {folder}: name its folder with --data or HARDWIRE_DATA")
    lock = _hold(folder)
    try:
        with Draft(target, is_forced=is_forced, mode=0o600) as draft:
            small, identity = _small(folder), store.stat().st_ino
            copy = draft.beside("store")
            copy_store(store, copy, is_alone=lock is not None, tell=tell)
            schema = check_copy(copy, folder)
            if store.stat().st_ino != identity or {name: small[name] for name in KEYS} != _keys(folder):
                raise DeviceError("a backup was put in place meanwhile: call this again")
            members = [_member_of(STORE_FILE, copy)]
            members += [Member(name, len(text), hashlib.sha256(text).hexdigest()) for name, text in small.items()]
            manifest = Manifest(hardwire=VERSION, schema=schema, made=now, members=tuple(members))
            with tarfile.open(fileobj=draft.stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
                _add(archive, MANIFEST, to_json(manifest), now)
                for name, text in small.items():
                    _add(archive, name, text, now)
                header = _header(STORE_FILE, copy.stat().st_size, now)
                with copy.open("rb") as content:
                    archive.addfile(header, content)
            return manifest
    finally:
        if lock is not None:
            lock.release()


def _hold(folder: Path) -> FolderLock | None:
    """Keep a hub from starting meanwhile; None where one runs."""
    try:
        return FolderLock(folder)
    except HubFaultError as error:
        if error.code != "folder-in-use":
            raise
        return None


def _small(folder: Path) -> Mapping[str, bytes]:
    """Keys and certificates. Whoever restores them is the same hub for every client."""
    leaves = sorted(f"{LEAVES}/{path.name}" for path in (folder / LEAVES).glob("*.pem"))
    found = dict(_keys(folder))
    for name in leaves:
        if is_member(name):
            found[name] = _read(folder / name)
    return found


def _keys(folder: Path) -> Mapping[str, bytes]:
    return {name: _read(folder / name) for name in KEYS}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise explain_system(error, path) from error


def _member_of(name: str, path: Path) -> Member:
    with path.open("rb") as content:
        return Member(name, path.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest())


def _header(name: str, size: int, now: datetime) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode, header.mtime = size, 0o600, int(now.timestamp())
    return header


def _add(archive: tarfile.TarFile, name: str, text: bytes, now: datetime) -> None:
    archive.addfile(_header(name, len(text), now), BytesIO(text))
