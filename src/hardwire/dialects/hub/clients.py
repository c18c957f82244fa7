"""The clients of the hub's own API: who is connected, how well each keeps up, which one is to be cut."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from hardwire.contracts.house import House
from hardwire.contracts.question import CutClient
from hardwire.dialects.hub.wire import instant
from hardwire.model.access import Caller
from hardwire.model.client import ClientState
from hardwire.model.errors import BadValueError, UnknownError

# How the audit log calls the owner where no credential proved it.
OWNER_NAME = "owner"
WORDS = {"true": True, "false": False}


def asked(query: Mapping[str, str], device: str | None, house: House, now: datetime) -> Sequence[ClientState]:
    """Return the clients that a call asks for, those that are behind the longest first, then the oldest.

    `device` is the id of the one that the query names. Raises BadValueError.
    """
    slow = query.get("slow")
    if slow is not None and slow not in WORDS:
        raise BadValueError("slow is true or false", path="slow")
    return ranked(
        (
            one
            for one in house.clients()
            if query.get("dialect", one.dialect) == one.dialect
            and query.get("credential", one.credential) == one.credential
            and device in (None, one.device)
            and (slow is None or WORDS[slow] == (one.behind_since is not None))
        ),
        now,
    )


def ranked(clients: Iterable[ClientState], now: datetime) -> Sequence[ClientState]:
    """Return them, those that are behind the longest first, then the oldest."""
    return sorted(clients, key=lambda one: (-lag_s(one, now), one.id))


def lag_s(client: ClientState, now: datetime) -> float:
    """Return for how long a client has not kept up; 0 while it does."""
    return 0.0 if client.behind_since is None else max(0.0, (now - client.behind_since).total_seconds())


def found(house: House, text: str) -> ClientState:
    """Return the client of that number. Raises UnknownError."""
    # Its length first: Python makes no number of thousands of digits.
    number = int(text) if re.fullmatch("[0-9]{1,15}", text) else 0
    client = next((one for one in house.clients() if one.id == number), None)
    if client is None:
        raise UnknownError(f"there is no client {text[:40]!r}; `hardwire clients` shows who is connected")
    return client


def cut(house: House, text: str, caller: Caller) -> CutClient:
    """Return what the hub is asked. Raises UnknownError."""
    return CutClient(found(house, text).id, actor=caller.credential or OWNER_NAME)


def shown(client: ClientState, now: datetime) -> Mapping[str, object]:
    """Return a client as JSON tells it."""
    return {
        "id": client.id,
        "dialect": client.dialect,
        "peer": client.peer,
        "path": client.path,
        "device": client.device,
        "credential": client.credential,
        "since": instant(client.since),
        "received": client.received,
        "sent": client.sent,
        "sent_bytes": client.sent_bytes,
        "pending_bytes": client.pending_bytes,
        "lag_s": round(lag_s(client, now), 3),
        "dropped": client.dropped,
        "is_closing": client.is_closing,
    }
