"""The client's end of a conversation, as a session's acts meet it."""

from typing import Protocol

from hardwire.contracts.act import Respond
from hardwire.contracts.session import Upgrade
from hardwire.model.channel import Channel
from hardwire.server.sockets.socket import Socket


class Outlet(Protocol):
    """What takes what a session sends. It is the watcher of the channels that the session watches."""

    @property
    def pending(self) -> list[bytes]:
        """The frames that are to be written, as a channel's watcher shows them."""
        ...

    def append(self, frame: bytes) -> None:
        """Send a frame in order."""
        ...

    def take(self, frame: bytes, channel: Channel, keeps_newest: bool) -> None:
        """Take a channel's frame, as its watcher."""
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
    """The pending list as the end of a conversation; hashing by identity makes it a watcher."""

    __slots__ = ("append", "close", "pending", "pending_bytes", "take")

    def __init__(self, socket: Socket) -> None:
        self.append = socket.append
        self.take = socket.take
        self.close = socket.close
        self.pending = socket.pending
        self.pending_bytes = socket.pending_bytes

    def respond(self, answer: Respond | Upgrade) -> None:
        """Refuse: a conversation has no answer to give, only one-shot sessions do."""
        raise TypeError("a conversation has no answer to give; only one-shot sessions do")


class NoOutlet:
    """The end of a conversation that never began."""

    __slots__ = ()

    @property
    def pending(self) -> list[bytes]:
        """Nothing is, ever."""
        return []

    def append(self, frame: bytes) -> None:
        """Nobody is there."""

    def take(self, frame: bytes, channel: Channel, keeps_newest: bool) -> None:
        """Nobody is there."""

    def pending_bytes(self) -> int:
        """Nothing is."""
        return 0

    def close(self, code: int, reason: str = "") -> None:
        """Nobody is there."""

    def respond(self, answer: Respond | Upgrade) -> None:
        """Nobody is there."""
