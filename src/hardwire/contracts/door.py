"""What a door must be: paths that belong to the hub itself or to a driver, answered as a dialect answers its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hardwire.contracts.act import Respond
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session


class Door(Protocol):
    """Takes requests. Pure: it reads the house, and acts only through its sessions' acts."""

    name: str
    prefixes: Sequence[str]
    """The paths it answers: `/ingest/v1` takes `/ingest/v1` and `/ingest/v1/...`. The longest prefix wins."""
    takes_root: bool
    """Whether a device's own listener hands it an upgrade at `/`."""
    message_limit_bytes: int
    """The longest WebSocket message or request body it takes."""

    def answer(self, request: Request) -> Session:
        """Return the one-shot session that answers a request, upgrades included."""
        ...

    def refuse(self, status: int, reason: str, request: Request, now: datetime) -> Respond:
        """Return, in its own shape, an answer that the server gives on its behalf.

        Statuses: 400 broken request or handshake, 403 another's Host or a revoked credential, 408 slow body, 413 too
        large, 500 fault, 503 no answer in time. The request's body has not been read.
        """
        ...
