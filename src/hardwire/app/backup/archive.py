"""A backup's file as it is read: every header judged before anything of it is believed."""

import hashlib
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from hardwire.app.backup.manifest import (
    KEYS,
    MANIFEST,
    MANIFEST_LIMIT_BYTES,
    SMALL_LIMIT_BYTES,
    Manifest,
    Member,
    from_json,
    is_member,
)
from hardwire.model.errors import BadValueError
from hardwire.storage.folder import sync_folder
from hardwire.storage.migrations import shipped_migrations
from hardwire.storage.snapshot import HEADER_BYTES, Told, schema_of
from hardwire.storage.sqlite import STORE_FILE

# POSIX tar is made of such blocks (IEEE 1003.1, pax, "ustar Interchange Format").
BLOCK_BYTES = 512
CHUNK_BYTES = 1024 * 1024
ENTRIES_LIMIT = 20_000
UNREADABLE = "cannot be read"


class Entry(Struct, frozen=True):
    """Where a member's content lies in the file."""

    offset: int
    size: int


class Archive:
    """A backup that was found to be well-formed: what its list of contents names is there, and nothing else."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        """Read headers and list of contents. Raises BadValueError."""
        self.path = path
        self._stream = stream
        self._entries = self._found()
        self.manifest = self._manifest()
        self._check_names()
        self._check_schema()

    @property
    def size_bytes(self) -> int:
        """How much its members hold."""
        return sum(member.size for member in self.manifest.members)

    def verify(self, tell: Told) -> None:
        """Compare every member with its SHA-256. Raises BadValueError."""
        done = 0
        for member in self.manifest.members:
            for chunk in self._content(member):
                done += len(chunk)
                tell(done, self.size_bytes)

    def unpack(self, folder: Path, tell: Told) -> None:
        """Write every member below an empty folder, for its owner alone, durably; each is compared with its SHA-256.

        Raises:
            BadValueError: a member is not what the list says.
            OSError: the disk does not take it.
        """
        done = 0
        for member in self.manifest.members:
            path = folder / member.name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for chunk in self._content(member):
                    file.write(chunk)
                    done += len(chunk)
                    tell(done, self.size_bytes)
                file.flush()
                os.fsync(file.fileno())
        for inner in {(folder / member.name).parent for member in self.manifest.members} | {folder}:
            sync_folder(inner)

    def _found(self) -> Mapping[str, Entry]:
        """Every header by name. Only plain files pass: no links, folders, devices, holes or extended headers."""
        length = self._stream.seek(0, os.SEEK_END)
        found: dict[str, Entry] = {}
        position = 0
        while True:
            self._stream.seek(position)
            block = self._stream.read(BLOCK_BYTES)
            if len(block) < BLOCK_BYTES:
                raise self._refusal("is no backup of a hub" if position == 0 else "is cut short")
            if not any(block):
                return found
            try:
                header = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
            except (tarfile.HeaderError, UnicodeDecodeError):
                raise self._refusal("is no backup of a hub" if position == 0 else "is damaged") from None
            name, size = header.name, header.size
            if header.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or not (name == MANIFEST or is_member(name)):
                raise self._refusal(f"holds what no backup of a hub holds ({name[:80]!r})")
            if name in found or len(found) >= ENTRIES_LIMIT:
                raise self._refusal(f"holds {name!r} twice" if name in found else "holds too many files")
            position += BLOCK_BYTES
            if size < 0 or position + size > length:
                raise self._refusal("is cut short")
            found[name] = Entry(position, size)
            position += -(-size // BLOCK_BYTES) * BLOCK_BYTES

    def _manifest(self) -> Manifest:
        entry = self._entries.get(MANIFEST)
        if entry is None or entry.size > MANIFEST_LIMIT_BYTES:
            raise self._refusal("is no backup of a hub: it has no list of contents")
        self._stream.seek(entry.offset)
        try:
            return from_json(self._stream.read(entry.size))
        except BadValueError as error:
            raise self._refusal(error.message) from None

    def _check_names(self) -> None:
        told = {member.name: member.size for member in self.manifest.members}
        there = {name: entry.size for name, entry in self._entries.items() if name != MANIFEST}
        if len(told) != len(self.manifest.members) or told != there:
            raise self._refusal("is damaged: it does not hold what its list of contents says")
        if missing := [name for name in (STORE_FILE, *KEYS) if name not in told]:
            raise self._refusal(f"is no whole backup: {missing[0]} is missing")
        if any(size > SMALL_LIMIT_BYTES for name, size in told.items() if name != STORE_FILE):
            raise self._refusal("holds a key or certificate that is far too long")

    def _check_schema(self) -> None:
        self._stream.seek(self._entries[STORE_FILE].offset)
        schema = schema_of(self._stream.read(min(HEADER_BYTES, self._entries[STORE_FILE].size)))
        if schema is None or schema != self.manifest.schema:
            raise self._refusal("is damaged: its store is none, or another one than its list of contents says")
        if schema > len(shipped_migrations()):
            raise self._refusal(
                f"was made by a newer hub ({self.manifest.hardwire}, schema {schema}; this one knows "
                f"{len(shipped_migrations())}): install that version to restore it"
            )

    def _content(self, member: Member) -> Iterator[bytes]:
        """A member's bytes in chunks; ends with an error where they are not those of the list."""
        entry = self._entries[member.name]
        self._stream.seek(entry.offset)
        digest = hashlib.sha256()
        left = entry.size
        while left:
            chunk = self._stream.read(min(CHUNK_BYTES, left))
            if not chunk:
                raise self._refusal("was cut short while it was read")
            digest.update(chunk)
            left -= len(chunk)
            yield chunk
        if digest.hexdigest() != member.sha256:
            raise self._refusal(f"is damaged: {member.name} is not as it was when the backup was made")

    def _refusal(self, reason: str) -> BadValueError:
        return BadValueError(f"{self.path} {reason}; nothing was changed", code="no-backup", path=str(self.path))


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup's file.

    Raises:
        BadValueError: it cannot be read, or is none.
    """
    try:
        if path.exists() and not path.is_file():
            raise BadValueError(f"{path} is no file; nothing was changed", code="no-backup", path=str(path))
        stream = path.open("rb")
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        raise BadValueError(f"{path} {UNREADABLE}: {reason}; nothing was changed", code="no-backup") from error
    with stream:
        yield Archive(path, stream)
