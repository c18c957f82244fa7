"""Holds one WebSocket: frames come in, the session decides, the pending list writes."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog
from aiohttp import web
from msgspec import Struct

from hardwire.contracts.session import Session
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.access import NOBODY, Caller
from hardwire.server.limits import Carrier
from hardwire.server.sockets.actor import Actor
from hardwire.server.sockets.awaited import AwaitedWebSocket
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.frames import pong_frame
from hardwire.server.sockets.handshake import SERVER, switching
from hardwire.server.sockets.inflow import Inflow
from hardwire.server.sockets.kernel import limit_unsent
from hardwire.server.sockets.outlet import NoOutlet, SocketOutlet
from hardwire.server.sockets.reader import NO_CODE, Closed, Event, FrameReader, Ping, Violation
from hardwire.server.sockets.rota import Rota
from hardwire.server.sockets.socket import CLOSE_GRACE_S, Socket

NORMAL = 1000
# A client that is behind with its reading gets a pong to its newest ping only, once it has read: so often it is looked
# after. The pongs before may be left out (RFC 6455, section 5.5.3).
PONG_LOOK_S = 0.25

log = structlog.get_logger("hardwire.server")


class Terms(Struct, frozen=True, kw_only=True):
    """On what terms a client is carried."""

    limit_bytes: int
    """The longest message that is taken."""
    messages_per_s: int = 10_000
    """How many frames of it are read in a second."""
    tolerates_unmasked: bool = False
    """Whether its control frames may come without a mask."""
    protocol: str | None = None
    """The sub-protocol that is agreed to."""
    headers: Mapping[str, str] = {}
    """Further headers of the answer to its handshake."""
    carrier: Carrier = "direct"


class Conversation:
    """One upgraded request from handshake to end."""

    __slots__ = (
        "_actor",
        "_desk",
        "_flusher",
        "_gone",
        "_hub",
        "_inflow",
        "_is_lost",
        "_newest_ping",
        "_peer",
        "_rota",
        "_session",
        "_terms",
        "received",
        "socket",
    )

    def __init__(self, session: Session, hub: Hub, desk: Desk, flusher: Flusher, rota: Rota, *, terms: Terms) -> None:
        self._session = session
        self._hub = hub
        self._desk = desk
        self._flusher = flusher
        self._rota = rota
        self._terms = terms
        self._peer = ""
        self.socket: Socket | None = None
        """The sending half; None until the handshake is over."""
        self.received = 0
        """How many messages the client has sent."""
        self._actor: Actor | None = None
        self._inflow: Inflow | None = None
        self._newest_ping: Ping | None = None
        self._is_lost = False
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def caller(self) -> Caller:
        """Whom it acts for now."""
        return NOBODY if self._actor is None else self._actor.caller

    async def hold(self, request: web.BaseRequest) -> web.StreamResponse:
        """Upgrade and talk until either side ends."""
        terms, loop = self._terms, asyncio.get_running_loop()
        awaited = None
        if terms.carrier == "aiohttp":
            awaited = AwaitedWebSocket(terms.limit_bytes, terms.protocol, terms.messages_per_s)
        if awaited is not None:
            awaited.headers.update({**terms.headers, "Server": SERVER})
        response = switching(request, terms.protocol, terms.headers) if awaited is None else awaited
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
        socket = self.socket = Socket(transport, self._flusher, loop, self._slow)
        actor = self._actor = Actor(self._session, SocketOutlet(socket), self._hub, self._desk, loop)
        actor.peer = self._peer
        try:
            await actor.perform(self._session.open, self._hub.now())
            if awaited is None:
                await self._read(request, transport, actor)
            else:
                await self._read_awaited(awaited, actor, socket)
        finally:
            if self._inflow is not None:
                self._inflow.stop()
            actor.end()
            if not socket.is_closing:
                socket.abort()
            elif not transport.get_write_buffer_size():
                # All was said and written: nobody need be kept for the rest of the grace.
                socket.forget()
        return response

    def abandon(self) -> None:
        """The client left before its socket stood: let the session give back what it holds."""
        Actor(self._session, NoOutlet(), self._hub, self._desk, asyncio.get_running_loop()).end()

    def lost(self) -> None:
        """The connection is gone: what came of it is heard, and nobody waits for it any more."""
        self._is_lost = True
        if self.socket is not None:
            self.socket.forget()
        if self._actor is not None:
            self._actor.release()
        if self._inflow is not None:
            self._inflow.feed_eof()
        elif self._terms.carrier == "aiohttp":
            self.end()

    def end(self) -> None:
        """All that came was heard, and nothing comes any more: it ends when its turn comes.

        Thousands may leave at once; to end them all in one turn of the loop would make everybody else wait for it.
        """
        self._rota.add(self._over)

    def _over(self) -> None:
        if self._actor is not None and self._inflow is not None:
            self._actor.end()
        if not self._gone.done():
            self._gone.set_result(None)

    def hear(self, event: Event) -> None:
        """Take what the client says. Once the close frame is sent only its answer is heard."""
        actor, socket = self._actor, self.socket
        assert actor is not None, "who hears has begun"
        assert socket is not None, "who hears has begun"
        kind = type(event)
        if kind is str or kind is bytes:
            self.received += 1
            if not socket.has_closed:
                actor.pace.begin(self._session.receive, event, self._hub.now())
        elif isinstance(event, Ping):
            self._answer_ping(event, socket)
        elif isinstance(event, Closed):
            socket.close(NORMAL if event.code == NO_CODE else event.code)
        elif isinstance(event, Violation):
            log.info("websocket rule broken", peer=self._peer, rule=event.rule[:200])
            socket.close(event.code, event.rule)

    def close(self, code: int, reason: str) -> None:
        """Close from outside: the hub stops."""
        if self.socket is not None:
            self.socket.close(code, reason)

    def is_borne(self) -> bool:
        """Say whether its client has shown who it is: what it may do has been decided."""
        return self._actor is not None and self._actor.caller is not NOBODY

    def cut(self) -> None:
        """End it without waiting for the client."""
        if self.socket is not None:
            self.socket.abort()
        if self._inflow is not None:
            # Nor for what it has poured in before.
            self._inflow.stop()
            self.end()

    async def _read(self, request: web.BaseRequest, transport: asyncio.Transport, actor: Actor) -> None:
        """Have the connection's bytes come straight to the reader; wait for nothing but the end."""
        terms = self._terms
        inflow = self._inflow = Inflow(
            FrameReader(terms.limit_bytes, tolerates_unmasked=terms.tolerates_unmasked),
            self,
            actor.pace,
            transport,
            messages_per_s=terms.messages_per_s,
            rota=self._rota,
            loop=asyncio.get_running_loop(),
        )
        request.protocol.keep_alive(False)
        # It hands out what came with the handshake too.
        request.protocol.set_parser(inflow)  # type: ignore[arg-type]  # takes aiohttp's own reader by its name alone
        if self._is_lost:
            inflow.feed_eof()
        await self._gone

    async def _read_awaited(self, response: AwaitedWebSocket, actor: Actor, socket: Socket) -> None:
        while (event := await response.next()) is not None:
            if isinstance(event, str | bytes) and not socket.has_closed:
                self.received += 1
                await actor.perform(self._session.receive, event, self._hub.now())
            else:
                self.hear(event)
            if isinstance(event, Closed):
                return
            if isinstance(event, Violation):
                # To end while the client sends would reset the connection under its hands: it could not read why.
                with suppress(TimeoutError):
                    async with asyncio.timeout(CLOSE_GRACE_S):
                        await self._gone
                return

    def _answer_ping(self, ping: Ping, socket: Socket) -> None:
        if socket.behind_since is None:
            socket.append(pong_frame(ping.payload))
            return
        if self._newest_ping is None:
            asyncio.get_running_loop().call_later(PONG_LOOK_S, self._answer_newest_ping, socket)
        self._newest_ping = ping

    def _answer_newest_ping(self, socket: Socket) -> None:
        ping, self._newest_ping = self._newest_ping, None
        if ping is not None and not socket.is_closing:
            self._answer_ping(ping, socket)

    def _slow(self, reason: str) -> None:
        log.warning("client cut", peer=self._peer, credential=self.caller.credential, reason=reason)
