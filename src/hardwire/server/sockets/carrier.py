"""Holds one WebSocket: aiohttp reads, the session decides, the pending list writes."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog
from aiohttp import WebSocketError, WSMsgType, web

from hardwire.contracts.act import Respond
from hardwire.contracts.session import Session, Upgrade
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.access import NOBODY, Caller
from hardwire.model.channel import Channel
from hardwire.server.sockets.actor import Actor
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.frames import pong_frame
from hardwire.server.sockets.kernel import limit_unsent
from hardwire.server.sockets.socket import CLOSE_GRACE_S, Socket

# Codes that a peer may not put into a close frame (RFC 6455, section 7.4.1); aiohttp lets 1006 pass.
FORBIDDEN_CODES = frozenset({1004, 1005, 1006, 1015})
# The last one that has a meaning or may be given one (RFC 6455, section 7.4.2).
LAST_CODE = 4999
NORMAL = 1000
PROTOCOL_ERROR = 1002
# Versions are for the owner's eyes.
SERVER = "Hardwire"

log = structlog.get_logger("hardwire.server")


class CarriedWebSocket(web.WebSocketResponse):
    """aiohttp's socket, read only: its own closing goes through the pending list, so no frame overtakes another.

    After `prepare` it writes nothing by itself, pongs included.
    """

    outgoing: Socket | None = None

    async def close(self, *, code: int = NORMAL, message: bytes = b"", drain: bool = True) -> bool:
        """Close by the pending list."""
        if self.outgoing is not None:
            self.outgoing.close(int(code), message.decode("utf-8", "replace"))
        return True


class Conversation:
    """One upgraded request from handshake to end."""

    __slots__ = (
        "_actor",
        "_desk",
        "_flusher",
        "_gone",
        "_headers",
        "_hub",
        "_is_lost",
        "_limit_bytes",
        "_peer",
        "_protocol",
        "_session",
        "received",
        "socket",
    )

    def __init__(
        self,
        session: Session,
        hub: Hub,
        desk: Desk,
        flusher: Flusher,
        *,
        limit_bytes: int,
        protocol: str | None = None,
        headers: Mapping[str, str] = {},
    ) -> None:
        self._session = session
        self._hub = hub
        self._desk = desk
        self._flusher = flusher
        self._limit_bytes = limit_bytes
        self._protocol = protocol
        self._headers = headers
        self._peer = ""
        self.socket: Socket | None = None
        """The sending half; None until the handshake is over."""
        self.received = 0
        """How many messages the client has sent."""
        self._actor: Actor | None = None
        self._gone: asyncio.Future[None] | None = None
        self._is_lost = False

    @property
    def caller(self) -> Caller:
        """Whom it acts for now."""
        return NOBODY if self._actor is None else self._actor.caller

    async def hold(self, request: web.BaseRequest) -> web.StreamResponse:
        """Upgrade and talk until either side ends."""
        loop = asyncio.get_running_loop()
        # aiohttp refuses what is as long as its limit; ours is the longest that is taken.
        response = CarriedWebSocket(
            compress=False,
            autoclose=False,
            autoping=False,
            max_msg_size=self._limit_bytes + 1,
            protocols=() if self._protocol is None else (self._protocol,),
        )
        response.headers.update({**self._headers, "Server": SERVER})
        try:
            await response.prepare(request)
        except ConnectionError:
            self.abandon()
            raise
        transport = request.transport
        if transport is None:
            self.abandon()
            return response
        limit_unsent(transport)
        self._peer = request.remote or ""
        socket = self.socket = response.outgoing = Socket(transport, self._flusher, loop, self._slow)
        actor = self._actor = Actor(self._session, _SocketOutlet(socket), self._hub, self._desk, loop)
        try:
            await actor.perform(self._session.open, self._hub.now())
            await self._read(response, actor, socket)
        finally:
            actor.end()
            if not socket.is_closing:
                socket.abort()
        return response

    def abandon(self) -> None:
        """The client left before its socket stood: let the session give back what it holds."""
        Actor(self._session, _NoOutlet(), self._hub, self._desk, asyncio.get_running_loop()).end()

    def lost(self) -> None:
        """The connection is gone: nobody waits for it any more."""
        self._is_lost = True
        if self.socket is not None:
            self.socket.forget()
        if self._actor is not None:
            self._actor.release()
        if self._gone is not None and not self._gone.done():
            self._gone.set_result(None)

    def close(self, code: int, reason: str) -> None:
        """Close from outside: the hub stops."""
        if self.socket is not None:
            self.socket.close(code, reason)

    def cut(self) -> None:
        """End it without waiting for the client."""
        if self.socket is not None:
            self.socket.abort()

    async def _read(self, response: CarriedWebSocket, actor: Actor, socket: Socket) -> None:
        receive = self._session.receive
        now = self._hub.now
        while True:
            message = await response.receive()
            kind = message.type
            if kind is WSMsgType.TEXT or kind is WSMsgType.BINARY:
                self.received += 1
                if socket.has_closed:
                    continue
                await actor.perform(receive, message.data, now())
            elif kind is WSMsgType.PING:
                socket.append(pong_frame(message.data))
            elif kind is WSMsgType.CLOSE:
                self._answer_close(message.data, socket)
                return
            elif kind is not WSMsgType.PONG:
                if isinstance(message.data, WebSocketError):
                    log.info("websocket rule broken", peer=self._peer, rule=str(message.data)[:200])
                    await self._be_read()
                return

    async def _be_read(self) -> None:
        """Let the client read why it is closed: to end while it sends would reset the connection under its hands."""
        if self._is_lost:
            return
        self._gone = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_GRACE_S):
                await self._gone

    def _answer_close(self, code: int, socket: Socket) -> None:
        if code == 0:
            socket.close(NORMAL)
        elif code in FORBIDDEN_CODES or code > LAST_CODE:
            log.info("websocket rule broken", peer=self._peer, rule=f"close code {code}")
            socket.close(PROTOCOL_ERROR, "this close code may not be sent")
        else:
            socket.close(code)

    def _slow(self, reason: str) -> None:
        log.warning("client cut", peer=self._peer, reason=reason)


class _SocketOutlet:
    """The pending list as the end of a conversation; hashing by identity makes it a watcher."""

    __slots__ = ("append", "close", "pending", "pending_bytes", "take")

    def __init__(self, socket: Socket) -> None:
        self.append = socket.append
        self.take = socket.take
        self.close = socket.close
        self.pending = socket.pending
        self.pending_bytes = socket.pending_bytes

    def respond(self, answer: Respond | Upgrade) -> None:
        raise TypeError("a conversation has no answer to give; only one-shot sessions do")


class _NoOutlet:
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
