"""What a backup holds: its members by name, size and SHA-256, with the version and the time of the hub."""

import re
from datetime import datetime

import msgspec
from msgspec import Struct

from hardwire.model.errors import BadValueError
from hardwire.server.tls.authority import CERTIFICATE_FILE
from hardwire.server.tls.authority import KEY_FILE as AUTHORITY_KEY_FILE
from hardwire.server.tls.leaves import FOLDER as LEAVES
from hardwire.storage.sqlite import STORE_FILE
from hardwire.storage.vault import KEY_FILE as VAULT_FILE

MANIFEST = "manifest.json"
FORMAT = "hardwire-backup"
VERSION = 1
# One line for each certificate: many thousands of devices.
MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024
# Keys and certificates; only the store is larger.
SMALL_LIMIT_BYTES = 64 * 1024

KEYS = (VAULT_FILE, AUTHORITY_KEY_FILE, CERTIFICATE_FILE)
_LEAF = re.compile(rf"{LEAVES}/[0-9a-f]{{64}}\.pem")


class Member(Struct, frozen=True):
    """One file of a data folder."""

    name: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """The first member of every backup."""

    format: str = FORMAT
    version: int = VERSION
    hardwire: str
    """The version of the hub that made it."""
    schema: int
    """The schema of its store."""
    made: datetime
    members: tuple[Member, ...]

    def member(self, name: str) -> Member | None:
        """Return the member of that name."""
        return next((member for member in self.members if member.name == name), None)


def is_member(name: str) -> bool:
    """Say whether a backup may hold a file of that name: nothing else is ever read from or written to a data folder."""
    return name == STORE_FILE or name in KEYS or _LEAF.fullmatch(name) is not None


def to_json(manifest: Manifest) -> bytes:
    """Return it as JSON that people can read."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def from_json(text: bytes) -> Manifest:
    """Parse it.

    Raises:
        BadValueError: it is no manifest, or that of a newer hub; the sentence goes on after the file's name.
    """
    try:
        told: Manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadValueError("is no backup of a hub: its list of contents cannot be read") from None
    if told.format != FORMAT:
        raise BadValueError("is no backup of a hub: its list of contents is another program's")
    if told.version > VERSION:
        raise BadValueError(f"was made by a newer hub ({told.hardwire}): install that version to restore it")
    return told
