"""A conversation made of paper: a real socket, whose transport keeps what is written."""

import asyncio

from hardwire.model.access import NOBODY, Caller
from hardwire.server.sockets.clients import Called
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.socket import Socket
from tests.dialects.transcript import START
from tests.fakes.paper_transport import PaperTransport

CALLED = Called(dialect="obniz", peer="192.168.1.21", path="/obniz/1234-5678/ws/1", device="bench", since=START)


class PaperConversation:
    """What the register of clients sees of a conversation."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.transport = PaperTransport()
        self.socket: Socket | None = Socket(self.transport, Flusher(loop), loop, lambda reason: None)
        self.received = 0
        self.caller: Caller = NOBODY

    def close(self, code: int, reason: str) -> None:
        """Close."""
        assert self.socket is not None
        self.socket.close(code, reason)

    def cut(self) -> None:
        """End."""
        assert self.socket is not None
        self.socket.abort()
