"""One TCP connection as the board's clients hear of it, from the wish to connect to its end."""

from collections.abc import Callable
from typing import Protocol

from hardwire.drivers.simulated.board.function import Tell
from hardwire.model.board.system import BoardWarned
from hardwire.model.board.tcp import TcpAnswered, TcpConnected, TcpReceived, TcpResult


class Link(Protocol):
    """What carries a conversation's bytes."""

    def write(self, octets: bytes) -> bool:
        """Send bytes; False when more waits to be sent than is held."""
        ...

    def close(self) -> None:
        """End it, whatever its state. It says nothing more."""
        ...


class Conversation:
    """A connection, or the attempt at one. Its link calls `connected`, `failed`, `received` and `ended`."""

    def __init__(self, channel: int, tell: Tell, over: Callable[[], None]) -> None:
        """`over` is called once when the channel is free again, unless it was dropped."""
        self._channel = channel
        self._tell = tell
        self._over = over
        self._link: Link | None = None
        self.is_connected = False

    def hold(self, link: Link) -> None:
        """Use this link."""
        self._link = link

    def connected(self) -> None:
        """Learn that the connection stands. The vendor's client counts on this order (obniz reference, 3.15)."""
        self.is_connected = True
        self._tell(TcpConnected(self._channel, True))
        self._tell(TcpAnswered(self._channel, TcpResult.OK))

    def failed(self, result: TcpResult, problem: str) -> None:
        """Learn that there will be no connection, and why."""
        self._over()
        self._tell(BoardWarned(f"tcp{self._channel}: {problem}"))
        self._tell(TcpAnswered(self._channel, result))

    def received(self, octets: bytes) -> None:
        """Learn that bytes have arrived."""
        self._tell(TcpReceived(self._channel, octets))

    def ended(self) -> None:
        """Learn that the connection stands no more."""
        self._over()
        self._tell(TcpConnected(self._channel, False))

    def write(self, octets: bytes) -> None:
        """Send bytes; a host that reads too slowly loses the connection, since a stream with gaps is worth nothing."""
        assert self._link is not None, "a link is held as soon as there is one"
        if not self._link.write(octets):
            self._link.close()
            self._tell(BoardWarned(f"tcp{self._channel}: the host reads too slowly; the connection was ended"))
            self.ended()

    def close(self) -> None:
        """End it as a client wishes; an attempt that still goes on has failed."""
        is_attempt = not self.is_connected
        self.drop()
        self.ended()
        if is_attempt:
            # Whoever waits for the attempt waits for this answer alone (obniz reference, section 3.15).
            self._tell(TcpAnswered(self._channel, TcpResult.ERROR))

    def drop(self) -> None:
        """End it without a word."""
        assert self._link is not None, "a link is held as soon as there is one"
        self._link.close()


OpenLink = Callable[[str, int, Conversation], Link]
"""Begin to connect to a port of a host, for a conversation."""


class EchoLink:
    """A host inside the board that sends everything back."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def write(self, octets: bytes) -> bool:
        """Send it back."""
        self._conversation.received(octets)
        return True

    def close(self) -> None:
        """There is nothing to close."""
