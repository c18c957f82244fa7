"""Holds one WebSocket: aiohttp reads, the session decides, the pending list writes."""

import asyncio

import structlog
from aiohttp import WSMsgType, web

from hardwire.contracts.act import Respond
from hardwire.contracts.session import Session, Upgrade
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.server.actor import Actor
from hardwire.server.flusher import Flusher
from hardwire.server.socket import Socket, limit_unsent

# Codes that a peer may not put into a close frame (RFC 6455, section 7.4.1); aiohttp lets 1006 pass.
FORBIDDEN_CODES = frozenset({1004, 1005, 1006, 1015})
NORMAL = 1000
PROTOCOL_ERROR = 1002

log = structlog.get_logger("hardwire.server")


class CarriedWebSocket(web.WebSocketResponse):
    """aiohttp's socket, read only: its own closing goes through the pending list, so no frame overtakes another.

    After `prepare` nothing calls its `send_*`; only automatic pongs are written by it.
    """

    outgoing: Socket | None = None

    async def close(self, *, code: int = NORMAL, message: bytes = b"", drain: bool = True) -> bool:
        """Close by the pending list."""
        if self.outgoing is not None:
            self.outgoing.close(int(code), message.decode("utf-8", "replace"))
        return True


class Conversation:
    """One upgraded request from handshake to end."""

    def __init__(self, session: Session, hub: Hub, desk: Desk, flusher: Flusher, *, limit_bytes: int) -> None:
        self._session = session
        self._hub = hub
        self._desk = desk
        self._flusher = flusher
        self._limit_bytes = limit_bytes
        self._peer = ""
        self._socket: Socket | None = None

    async def hold(self, request: web.BaseRequest) -> web.StreamResponse:
        """Upgrade and talk until either side ends."""
        loop = asyncio.get_running_loop()
        response = CarriedWebSocket(compress=False, autoclose=False, max_msg_size=self._limit_bytes)
        await response.prepare(request)
        transport = request.transport
        if transport is None:
            return response
        limit_unsent(transport)
        self._peer = request.remote or ""
        socket = self._socket = response.outgoing = Socket(transport, self._flusher, loop, self._slow)
        actor = Actor(self._session, _SocketOutlet(socket), self._hub, self._desk, loop)
        try:
            await actor.perform(lambda: self._session.open(self._hub.now()))
            await self._read(response, actor, socket)
        finally:
            actor.end()
            if not socket.is_closing:
                socket.abort()
        return response

    def close(self, code: int, reason: str) -> None:
        """Close from outside: the hub stops."""
        if self._socket is not None:
            self._socket.close(code, reason)

    async def _read(self, response: CarriedWebSocket, actor: Actor, socket: Socket) -> None:
        session = self._session
        now = self._hub.now
        while True:
            message = await response.receive()
            kind = message.type
            if kind is WSMsgType.TEXT or kind is WSMsgType.BINARY:
                if socket.is_closing:
                    continue
                data = message.data
                await actor.perform(lambda data=data: session.receive(data, now()))  # type: ignore[misc]  # bound at once
            elif kind is WSMsgType.CLOSE:
                self._answer_close(message.data, message.extra, socket)
                return
            else:
                if kind is WSMsgType.ERROR:
                    log.info("websocket rule broken", peer=self._peer, rule=str(message.data)[:200])
                return

    def _answer_close(self, code: int | None, reason: object, socket: Socket) -> None:
        if code is None or code == 0:
            socket.close(NORMAL)
        elif code in FORBIDDEN_CODES:
            log.info("websocket rule broken", peer=self._peer, rule=f"close code {code}")
            socket.close(PROTOCOL_ERROR, "this close code may not be sent")
        else:
            socket.close(code)

    def _slow(self) -> None:
        log.warning("client cut", peer=self._peer, reason="too slow")


class _SocketOutlet:
    """The pending list as the end of a conversation; hashing by identity makes it a watcher."""

    __slots__ = ("append", "close")

    def __init__(self, socket: Socket) -> None:
        self.append = socket.append
        self.close = socket.close

    def respond(self, answer: Respond | Upgrade) -> None:
        raise TypeError("a conversation has no answer to give; only one-shot sessions do")
