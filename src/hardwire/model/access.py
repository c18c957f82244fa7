"""Who owns devices, what a key or token may reach."""

from datetime import datetime
from enum import Flag, auto

from msgspec import Struct


class Right(Flag):
    """What a credential allows, per device in its scope."""

    NONE = 0
    READ = auto()
    CONTROL = auto()
    ADMIN = auto()


class Group(Struct, frozen=True, kw_only=True):
    """An owner of devices; groups form a tree, an account is a root for keys (ezeio reference, section 4)."""

    id: str
    number: int
    """The number that ezeio clients see as `account.id`."""
    name: str
    description: str = ""
    parent: str | None = None
    is_account: bool = True
    """Whether it is the root of services and keys; what is none belongs to the nearest account above it."""
    history_days: int | None = None
    """How long rows of its devices are kept; None means as long as the hub's own setting says, 0 keeps none."""


class Credential(Struct, frozen=True, kw_only=True):
    """A key or token: kind, group, device scope, rights, expiry.

    `secret_hash` is what may be kept: SHA-256 of a random token, or Digest HA1s (encrypted at rest): 16 bytes for MD5,
    then 32 for SHA-256; keys of earlier versions have the first alone.
    """

    id: str
    kind: str
    """`admin`, `homewizard`, `obniz`, `ezeio`, `ingest`."""
    name: str = ""
    group: str = "home"
    devices: tuple[str, ...] | None = None
    """The devices it reaches; None means all of its group."""
    rights: Right = Right.READ
    expires: datetime | None = None
    secret_hash: bytes = b""
    functions: tuple[str, ...] | None = None
    """The functions of the ezeio API that it may call, by name; None means all of them."""
    is_inherited: bool = False
    """Whether it reaches the subgroups of its group too."""
    callback: str = ""
    """The http(s) URI that is told when a unit has confirmed what was written with this key; empty: nobody is told."""

    def is_expired(self, now: datetime) -> bool:
        """Say whether its time has passed."""
        return self.expires is not None and now >= self.expires


class Caller(Struct, frozen=True, kw_only=True):
    """Who asks, as far as the hub's checks need to know.

    `everyone` callers hold no credential: an open virtual board, HomeWizard v1, the owner's own Unix socket.
    """

    credential: str | None = None
    group: str | None = None
    """The group whose devices it reaches; None means every group."""
    devices: tuple[str, ...] | None = None
    rights: Right = Right.NONE

    def may(self, right: Right, device: str, group: str) -> bool:
        """Say whether this caller has `right` on `device`, owned by `group`."""
        # Asked with every command: `in` makes two more flags of the two.
        if right.value & ~self.rights.value:
            return False
        if self.devices is not None and device not in self.devices:
            return False
        return self.group is None or self.group == group


NOBODY = Caller()
"""A caller that has shown nothing yet."""

OWNER = Caller(rights=Right.READ | Right.CONTROL | Right.ADMIN)
"""The owner of the hub, by the Unix socket or the admin credential."""
