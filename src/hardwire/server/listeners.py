"""The doors of the house: plain and TLS ports, a device's own address, the owner's Unix socket."""

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from msgspec import Struct

from hardwire.model.errors import HubFaultError
from hardwire.server.limits import DEFAULT_LIMITS, Limits
from hardwire.server.network.stand import Stand
from hardwire.server.requests.front import Front, WayIn
from hardwire.server.sockets.carrier import SERVER

# Real clients poll every 10 s and longer on one connection.
KEEPALIVE_S = 75.0
# A connection has this long for its first complete request head.
FIRST_REQUEST_S = 10.0
# A TLS hello that stalls for longer is no client.
HANDSHAKE_S = 10.0
BACKLOG = 1024

log = structlog.get_logger("hardwire.server")


class _Handler(web.RequestHandler):
    """aiohttp's reader of requests; what is no request is one line in the log, and a sentence for its sender."""

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
        return answer

    def log_exception(self, *args: object, **kw: object) -> None:
        """aiohttp's own last resort: a body that ends wrongly is the client's doing, everything else is ours."""
        fault = kw.get("exc_info")
        if isinstance(fault, web.RequestPayloadError):
            log.info("no http body", reason=str(fault).partition("\n")[0][:200])
        elif not isinstance(fault, ConnectionError):
            log.error("a connection failed", exc_info=fault)


class _Server(web.Server):
    """aiohttp's server, with a deadline for the first request of each connection."""

    def __init__(self, front: Front, way: WayIn) -> None:
        self._silent: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}
        self._front = front
        self._way = way
        super().__init__(self._answer)

    def __call__(self) -> web.RequestHandler:
        # A packed body could unfold to any size: no client packs its requests, so none is unpacked.
        return _Handler(
            self,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=KEEPALIVE_S,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way of saying none
            auto_decompress=False,
        )

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        loop = asyncio.get_running_loop()
        self._silent[transport] = loop.call_later(FIRST_REQUEST_S, self._give_up, transport)

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        if handler.transport is not None:
            self._spoke(handler.transport)
            self._front.lost(handler.transport)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.transport is not None:
            self._spoke(request.transport)
        return await self._front.serve(request, self._way)

    def _spoke(self, transport: asyncio.BaseTransport) -> None:
        timer = self._silent.pop(transport, None)
        if timer is not None:
            timer.cancel()

    def _give_up(self, transport: asyncio.Transport) -> None:
        self._silent.pop(transport, None)
        transport.abort()


class _Opened(Struct):
    """What one listening socket holds."""

    runner: web.ServerRunner
    server: asyncio.Server
    stand: Stand | None
    """None for the owner's Unix socket."""


class Listeners:
    """Owns every listening socket."""

    def __init__(self, front: Front, limits: Limits = DEFAULT_LIMITS) -> None:
        self._front = front
        self._limits = limits
        self._opened: list[_Opened] = []
        self._unix: list[Path] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def listen(
        self, host: str, port: int, *, device: str | None = None, dialect: str = "", tls: ssl.SSLContext | None = None
    ) -> int:
        """Accept connections at an address; returns the port (a free one for 0).

        `device` and `dialect` say whose listener it is and who asked for it; without them it is a main one.

        Raises:
            HubFaultError: the port is taken or not allowed; the text says what to do.
        """
        try:
            sock = _bound(host, port)
        except OSError as error:
            raise HubFaultError(_why_not(host, port, error)) from error
        bound_host, bound_port = sock.getsockname()[:2]
        stand = Stand(device=device, dialect=dialect, host=bound_host, port=bound_port, is_tls=tls is not None)
        try:
            await self._accept(WayIn(device=device), sock, stand, tls)
        except OSError as error:
            raise HubFaultError(_why_not(host, port, error)) from error
        return stand.port

    async def listen_unix(self, path: Path) -> None:
        """Accept the owner's own connections; the socket has mode 0600 from its first moment."""
        sock = _bound_privately(path)
        await self._accept(WayIn(is_private=True), sock, None, None)
        self._unix.append(path)

    def stands(self) -> Sequence[Stand]:
        """Every port that stands open, the main ones first."""
        return [opened.stand for opened in self._opened if opened.stand is not None]

    async def drop(self, device: str) -> None:
        """Close a device's own ports, free to be opened again at return; its sockets there are closed with 1001.

        Its clients have their moment to answer the goodbye, for which this does not wait: one of them may be who asked.
        """
        own = [opened for opened in self._opened if opened.stand is not None and opened.stand.device == device]
        if not own:
            return
        self._opened = [opened for opened in self._opened if opened not in own]
        for opened in own:
            opened.server.close()
        # uvloop lets go of a closed port in the turn after.
        await asyncio.sleep(0)
        task = asyncio.get_running_loop().create_task(
            self._see_off(own, device), name=f"goodbye to clients of {device}"
        )
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Stop accepting, say goodbye to conversations (1001), end what is still open."""
        opened, self._opened = self._opened, []
        for one in opened:
            one.server.close()
        await asyncio.gather(self._see_off(opened, None), *self._leaving)
        for path in self._unix:
            with suppress(FileNotFoundError):
                path.unlink()

    async def _see_off(self, opened: Iterable[_Opened], device: str | None) -> None:
        await self._front.close(device)
        await asyncio.gather(*(one.runner.cleanup() for one in opened))

    async def _accept(self, way: WayIn, sock: socket.socket, stand: Stand | None, tls: ssl.SSLContext | None) -> None:
        runner = web.ServerRunner(_Server(self._front, way), shutdown_timeout=2.0)
        await runner.setup()
        assert runner.server is not None, "a runner that was set up has one"
        deadline = None if tls is None else HANDSHAKE_S
        try:
            server = await asyncio.get_running_loop().create_server(
                runner.server, sock=sock, ssl=tls, ssl_handshake_timeout=deadline, backlog=BACKLOG
            )
        except BaseException:
            sock.close()
            await runner.cleanup()
            raise
        self._opened.append(_Opened(runner, server, stand))


def _bound(host: str, port: int) -> socket.socket:
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
        0
    ]
    sock = socket.socket(family, kind, proto)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.setblocking(False)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def _bound_privately(path: Path) -> socket.socket:
    """A Unix socket of mode 0600. What a hub that was killed left behind is replaced: the store's lock has no two."""
    with suppress(FileNotFoundError):
        path.unlink()
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.setblocking(False)
    mask = os.umask(0o177)
    try:
        sock.bind(str(path))
    finally:
        os.umask(mask)
    return sock


def _why_not(host: str, port: int, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return (
            f"Port {port} needs a privilege: use a port above 1023, or give the hub CAP_NET_BIND_SERVICE "
            "(systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE)."
        )
    if isinstance(error, socket.gaierror):
        return f"{host!r} is no address of this machine: use 127.0.0.1, 0.0.0.0 or one of its own addresses."
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program: stop it, or choose another port (0 picks a free one). "
            "`hardwire doctor` says which program it is."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: use 127.0.0.1, 0.0.0.0 or one of its own addresses."
    return f"The hub cannot listen on {host} port {port}: {error.strerror or error}."
