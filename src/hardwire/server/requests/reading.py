"""Who reads requests: aiohttp's protocol, one for each connection, under the hub's deadlines."""

import asyncio

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from hardwire.server.admission import Arrival
from hardwire.server.figures import NO_DOOR, ServerFigures
from hardwire.server.requests.front import DOOR, Front, WayIn
from hardwire.server.sockets.handshake import SERVER

# Real clients poll every 10 s and longer on one connection. The whole next request head has to come within it.
KEEPALIVE_S = 75.0
# How long the rest of a body is read that nobody wants, so that its sender can read the answer.
LINGER_S = 2.0
# An answer of which nothing was taken for this long has no reader.
UNREAD_S = 30.0
SWITCHING_PROTOCOLS = 101

log = structlog.get_logger("hardwire.server")


class Reader(web.RequestHandler):
    """aiohttp's reader of requests; what is no request is one line in the log, and a sentence for its sender."""

    __slots__ = ("arrival", "figures")

    arrival: Arrival
    figures: ServerFigures

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send the answer; a client that does not take it is cut. aiohttp would wait for it for ever."""
        transport = request.transport
        if transport is None:
            return await super().finish_response(request, resp, start_time)
        watch = _Unread(transport)
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            watch.end()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what aiohttp could not read. Nothing of the request is repeated to its sender."""
        if isinstance(exc, HttpProcessingError):
            # What aiohttp says of it quotes it, and there may be a token in that.
            log.info("no http request", peer=request.remote, reason=type(exc).__name__)
        elif not isinstance(exc, ConnectionError):
            log.error("a request failed", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun, there can be no second one")
        text = "The hub failed.\n" if status >= 500 else "This is no HTTP request that the hub understands.\n"
        answer = web.Response(status=status, text=text, headers={"Server": SERVER})
        answer.force_close()
        self.figures.answered[request.get(DOOR, NO_DOOR), status // 100] += 1
        return answer

    def log_exception(self, *args: object, **kw: object) -> None:
        """aiohttp's own last resort: a body that ends wrongly is the client's doing, everything else is ours."""
        fault = kw.get("exc_info")
        if isinstance(fault, web.RequestPayloadError):
            log.info("no http body", reason=str(fault).partition("\n")[0][:200])
        elif not isinstance(fault, ConnectionError):
            log.error("a connection failed", exc_info=fault)


class _Unread:
    """Cuts a connection whose peer takes nothing of what waits for it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._left = -1
        self._timer = asyncio.get_running_loop().call_later(UNREAD_S, self._look)

    def _look(self) -> None:
        left = self._transport.get_write_buffer_size()
        if left and left == self._left:
            log.info("an answer was not read")
            self._transport.abort()
            return
        self._left = left
        self._timer = asyncio.get_running_loop().call_later(UNREAD_S, self._look)

    def end(self) -> None:
        """The answer is with the kernel."""
        self._timer.cancel()


class Readers(web.Server):
    """Every reader of one listener."""

    def __init__(self, front: Front, way: WayIn) -> None:
        self._front = front
        self._way = way
        super().__init__(self._answer)

    def reader(self, arrival: Arrival) -> Reader:
        """Return the reader of a connection that was let in."""
        reader = Reader(
            self,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=KEEPALIVE_S,
            lingering_time=LINGER_S,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way of saying none
            # A packed body could unfold to any size: no client packs its requests, so none is unpacked.
            auto_decompress=False,
        )
        reader.arrival = arrival
        reader.figures = self._front.figures
        return reader

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        assert isinstance(handler, Reader), "there are no others"
        handler.arrival.drop = transport.abort
        self._front.figures.opened[self._transport_of(transport)] += 1
        self._front.connections.greet(handler.arrival, asyncio.get_running_loop().time())

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        assert isinstance(handler, Reader), "there are no others"
        self._front.connections.leave(handler.arrival)
        if handler.transport is not None:
            self._front.lost(handler.transport)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        reader = request.protocol
        assert isinstance(reader, Reader), "there are no others"
        self._front.connections.prove(reader.arrival)
        response = await self._front.serve(request, self._way, reader.arrival)
        if response.status != SWITCHING_PROTOCOLS:
            self._front.figures.answered[request.get(DOOR, NO_DOOR), response.status // 100] += 1
        return response

    def _transport_of(self, transport: asyncio.Transport) -> str:
        if self._way.is_private:
            return "unix"
        return "plain" if transport.get_extra_info("sslcontext") is None else "tls"
