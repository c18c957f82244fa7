"""Who is connected: a client's standing, as its owner sees it."""

from datetime import datetime

from msgspec import Struct


class ClientState(Struct, frozen=True, kw_only=True):
    """One open WebSocket, and how well it keeps up."""

    id: int
    """Its number since the hub started; never given twice."""
    dialect: str
    peer: str
    """The address it comes from; empty at the owner's Unix socket."""
    path: str
    """The path that it called, without its query: tokens stand there."""
    device: str | None = None
    """The device that it speaks to, where it speaks to one."""
    credential: str | None = None
    """The id of the credential that it bears."""
    since: datetime
    received: int = 0
    """How many messages it has sent."""
    sent: int = 0
    """How many messages were written to it."""
    sent_bytes: int = 0
    pending_bytes: int = 0
    """What waits for it on this side of the kernel."""
    behind_since: datetime | None = None
    """Since when it has not kept up; None while it does. Its lag is the time since."""
    dropped: int = 0
    """How many messages newer ones took the place of, because it did not read them in time."""
    is_closing: bool = False
    """It is being closed, and has a few seconds to read why."""


class Cut(Struct, frozen=True):
    """That a client was cut by its owner: which, and why it was told so."""

    client: int
    reason: str = "cut by the hub's owner"
