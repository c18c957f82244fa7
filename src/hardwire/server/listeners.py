"""The doors of the house: plain and TLS ports, a device's own address, the owner's Unix socket."""

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from aiohttp import web
from msgspec import Struct

from hardwire.model.errors import HubFaultError
from hardwire.server.acceptor import Acceptor
from hardwire.server.network.stand import Stand
from hardwire.server.requests.front import Front, WayIn
from hardwire.server.requests.reading import Readers


class _Opened(Struct):
    """What one listening socket holds."""

    runner: web.ServerRunner
    acceptor: Acceptor
    stand: Stand | None
    """None for the owner's Unix socket."""


class Listeners:
    """Owns every listening socket."""

    def __init__(self, front: Front) -> None:
        self._front = front
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
            opened.acceptor.close()
        task = asyncio.get_running_loop().create_task(
            self._see_off(own, device), name=f"goodbye to clients of {device}"
        )
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Stop accepting, say goodbye to conversations (1001), end what is still open."""
        opened, self._opened = self._opened, []
        for one in opened:
            one.acceptor.close()
        await asyncio.gather(self._see_off(opened, None), *self._leaving)
        for path in self._unix:
            with suppress(FileNotFoundError):
                path.unlink()

    async def _see_off(self, opened: Iterable[_Opened], device: str | None) -> None:
        await self._front.close(device)
        await asyncio.gather(*(one.runner.cleanup() for one in opened))

    async def _accept(self, way: WayIn, sock: socket.socket, stand: Stand | None, tls: ssl.SSLContext | None) -> None:
        readers = Readers(self._front, way)
        runner = web.ServerRunner(readers, shutdown_timeout=2.0)
        await runner.setup()
        try:
            acceptor = Acceptor(sock, self._front.connections, readers.reader, tls=tls, is_private=way.is_private)
        except BaseException:
            sock.close()
            await runner.cleanup()
            raise
        self._opened.append(_Opened(runner, acceptor, stand))


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
