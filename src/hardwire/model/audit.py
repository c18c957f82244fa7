"""The audit log's word: who did what that its owner may want to know of later."""

from datetime import datetime

from msgspec import Struct


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
