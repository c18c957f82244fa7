"""Who is connected: every open conversation under a number of its own, to be listed and to be cut."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Protocol

from msgspec import Struct

from hardwire.model.access import Caller
from hardwire.model.client import ClientState
from hardwire.model.errors import UnknownError
from hardwire.server.sockets.socket import TRY_AGAIN_LATER, Socket


class Carried(Protocol):
    """A conversation, as far as its owner is shown of it."""

    @property
    def received(self) -> int:
        """How many messages the client has sent."""
        ...

    @property
    def caller(self) -> Caller:
        """Whom it acts for now."""
        ...

    @property
    def socket(self) -> Socket | None:
        """The sending half; None until the handshake is over."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Send what is pending, then close; a client that does not read is aborted after a grace."""
        ...

    def cut(self) -> None:
        """End it without waiting for the client."""
        ...


class Called(Struct, frozen=True, kw_only=True):
    """How a client came in: what is known of it when its conversation begins."""

    dialect: str
    peer: str
    path: str
    device: str | None
    since: datetime
    is_tls: bool = False


class Traffic(Struct, frozen=True):
    """What went to and fro since the hub started, with who is there now."""

    standing: Counter[tuple[str, bool]]
    """Open WebSockets by dialect and whether they are encrypted."""
    opened: Counter[str]
    """WebSockets since the hub started, by dialect."""
    received: Counter[str]
    """Messages of clients, by dialect."""
    sent: Counter[str]
    """Frames that were written to clients, by dialect."""


class Clients:
    """Owns the numbers of conversations. It counts nothing of one that is open: figures are read where they are kept.

    Of those that have ended their sums stay.
    """

    def __init__(self) -> None:
        self._numbers = count(1)
        self._open: dict[int, tuple[Called, Carried]] = {}
        self._opened: Counter[str] = Counter()
        self._received: Counter[str] = Counter()
        self._sent: Counter[str] = Counter()

    def enter(self, called: Called, conversation: Carried) -> int:
        """Take a conversation that begins; returns its number, which no other ever gets."""
        number = next(self._numbers)
        self._open[number] = called, conversation
        self._opened[called.dialect] += 1
        return number

    def leave(self, number: int) -> None:
        """A conversation has ended."""
        called, conversation = self._open.pop(number)
        self._received[called.dialect] += conversation.received
        self._sent[called.dialect] += 0 if conversation.socket is None else conversation.socket.sent

    def traffic(self) -> Traffic:
        """Return what all clients together have caused."""
        standing: Counter[tuple[str, bool]] = Counter()
        received, sent = self._received.copy(), self._sent.copy()
        for called, conversation in self._open.values():
            socket = conversation.socket
            if socket is not None:
                dialect = called.dialect
                standing[dialect, called.is_tls] += 1
                received[dialect] += conversation.received
                sent[dialect] += socket.sent
        return Traffic(standing, self._opened.copy(), received, sent)

    def states(self) -> Sequence[ClientState]:
        """Every client whose WebSocket stands, oldest first."""
        return [
            _state(number, called, conversation, socket)
            for number, (called, conversation) in self._open.items()
            if (socket := conversation.socket) is not None
        ]

    def cut(self, number: int, reason: str) -> ClientState:
        """Close a client with 1013, for it may come back; returns how it stood.

        One that is being closed already, and takes its time to read that, is aborted.

        Raises:
            UnknownError: no client of that number is connected.
        """
        called, conversation = self._open.get(number, (None, None))
        socket = None if conversation is None else conversation.socket
        if called is None or conversation is None or socket is None:
            raise UnknownError(f"there is no client {number}; `hardwire clients` shows who is connected")
        state = _state(number, called, conversation, socket)
        if socket.is_closing:
            conversation.cut()
        else:
            conversation.close(TRY_AGAIN_LATER, reason)
        return state


def _state(number: int, called: Called, conversation: Carried, socket: Socket) -> ClientState:
    return ClientState(
        id=number,
        dialect=called.dialect,
        peer=called.peer,
        path=called.path,
        device=called.device,
        credential=conversation.caller.credential,
        since=called.since,
        received=conversation.received,
        sent=socket.sent,
        sent_bytes=socket.sent_bytes,
        pending_bytes=socket.pending_bytes(),
        behind_since=socket.behind_since,
        dropped=socket.dropped,
        is_closing=socket.is_closing,
    )
