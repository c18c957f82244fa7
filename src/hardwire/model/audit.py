"""The audit log's words: who did what that its owner may want to know of later."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from hardwire.model.access import Caller, Right

# What stands in a line comes from outside in part: it may not fill a disk.
WORD_LIMIT = 100
DETAIL_LIMIT = 500


class Action(StrEnum):
    """What the log tells of; each is explained in docs/howto/audit-log.md."""

    KEY_ISSUED = "key.issued"
    KEY_REVOKED = "key.revoked"
    KEY_EXPIRED = "key.expired"
    GROUP_SAVED = "group.saved"
    GROUP_REMOVED = "group.removed"
    DEVICE_ADDED = "device.added"
    DEVICE_REMOVED = "device.removed"
    BUTTON_PRESSED = "button.pressed"
    CONTROL_ORDERED = "control.ordered"
    CLIENT_CUT = "client.cut"
    CONSOLE_LOGIN = "console.login"
    LOCKOUT_BEGAN = "lockout.began"
    BACKUP_MADE = "backup.made"
    BACKUP_RESTORED = "backup.restored"
    HUB_STARTED = "hub.started"
    HUB_STOPPED = "hub.stopped"
    OTHER_NOTED = "other.noted"
    """A line of an earlier version that was carried over and is none of these."""


class Asker(Struct, frozen=True):
    """Who asks for something, and from where."""

    actor: str = ""
    """As in `AuditEntry`."""
    peer: str = ""


HUB = Asker("hub")
"""The hub itself."""


class AuditEntry(Struct, frozen=True, kw_only=True):
    """One line of the audit log, never changed once it was written. It holds no secret."""

    at: datetime
    actor: str
    """Who: a credential's id, `owner` (at the Unix socket), `hub`, or nobody (empty) where nobody was known."""
    action: str
    """What, two words joined by a dot: `key.issued`, `key.revoked`, `client.cut`, `lockout.began`."""
    subject: str = ""
    """What it was done to: the id of a key, a group, a device, a client."""
    detail: str = ""
    """A few words for its reader."""
    peer: str = ""
    """The address it came from, where one is known."""


def asker(caller: Caller, peer: str) -> Asker:
    """Return who asks when a caller does from an address; the empty one is that of the owner's own Unix socket."""
    is_owner = Right.ADMIN in caller.rights and not peer
    return Asker(caller.credential or ("owner" if is_owner else ""), peer)


def audited(at: datetime, by: Asker, action: Action, subject: str = "", detail: str = "") -> AuditEntry:
    """Return a line of bounded length."""
    return AuditEntry(
        at=at,
        actor=_cut(by.actor, WORD_LIMIT),
        action=action.value,
        subject=_cut(subject, WORD_LIMIT),
        detail=_cut(detail, DETAIL_LIMIT),
        peer=_cut(by.peer, WORD_LIMIT),
    )


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
