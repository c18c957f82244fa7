"""The client's end of a conversation, as a session's acts meet it."""

from typing import Protocol

from hardwire.contracts.act import Respond
from hardwire.contracts.session import Upgrade
from hardwire.hub.line import Watcher
from hardwire.server.sockets.socket import Socket


class Outlet(Protocol):
    """What takes what a session sends."""

    @property
    def watcher(self) -> Watcher | None:
        """Who watches the channels that the session watches; None where nobody could get their frames."""
        ...

    def append(self, frame: bytes) -> None:
        """Send a frame in order."""
        ...

    def pending_bytes(self) -> int:
        """How much of what was sent lies on this side of the kernel."""
        ...

    def close(self, code: int, reason: str = "") -> None:
        """Send what is pending, then close."""
        ...

    def respond(self, answer: Respond | Upgrade) -> None:
        """End a one-shot session."""
        ...


class SocketOutlet:
    """A socket as the end of a conversation."""

    __slots__ = ("append", "close", "pending_bytes", "watcher")

    def __init__(self, socket: Socket) -> None:
        self.append = socket.append
        self.close = socket.close
        self.pending_bytes = socket.pending_bytes
        self.watcher: Watcher = socket

    def respond(self, answer: Respond | Upgrade) -> None:
        """Refuse: a conversation has no answer to give, only one-shot sessions do."""
        raise TypeError("a conversation has no answer to give; only one-shot sessions do")


class NoOutlet:
    """The end of a conversation that never began."""

    __slots__ = ()

    watcher: Watcher | None = None

    def append(self, frame: bytes) -> None:
        """Nobody is there."""

    def pending_bytes(self) -> int:
        """Nothing is."""
        return 0

    def close(self, code: int, reason: str = "") -> None:
        """Nobody is there."""

    def respond(self, answer: Respond | Upgrade) -> None:
        """Nobody is there."""
