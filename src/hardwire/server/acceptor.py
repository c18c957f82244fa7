"""One listening socket: who is let in by the ledger is handed to the reader of requests, all others are turned away."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import structlog

from hardwire.server.admission import PROOF_S, Arrival, Connections

# Who comes in a crowd waits in the kernel, which takes the smaller of this and its own limit (net.core.somaxconn).
BACKLOG = 4096
# So few are accepted in one turn of the loop that those before them have been read when the next ones come, and that
# those who are connected wait for a few milliseconds at most: a TLS handshake takes most of one.
ACCEPTS_PER_TURN = 16
HELLOS_PER_TURN = 8
# Where accepting fails (no file is left, no memory), it is tried again after this time: the kernel keeps who waits.
REST_S = 0.2
# A client has this long to read why it is turned away. To close at once would take the answer from under its eyes where
# its request is still on its way. So many of them at a time are waited for.
FAREWELL_S = 1.0
FAREWELLS = 64
# How long a TLS client may take to answer the end of a connection.
SHUTDOWN_S = 5.0
# How often the log tells of the same trouble.
TELL_EVERY_S = 10.0
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 5\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s"
)

log = structlog.get_logger("hardwire.server")


class Acceptor:
    """Accepts at one socket until it is closed. Nothing that a client does or leaves undone stops it."""

    def __init__(
        self,
        sock: socket.socket,
        connections: Connections,
        reader: Callable[[Arrival], asyncio.Protocol],
        *,
        tls: ssl.SSLContext | None = None,
        is_private: bool = False,
    ) -> None:
        """Take a socket that is bound and does not block.

        Raises:
            OSError: nobody may listen there.
        """
        self._sock = sock
        self._connections = connections
        self._reader = reader
        self._tls = tls
        self._is_private = is_private
        self._loop = asyncio.get_running_loop()
        self._greeting: set[asyncio.Task[None]] = set()
        self._farewells: deque[socket.socket] = deque()
        self._rest: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._told_s = -TELL_EVERY_S
        sock.listen(BACKLOG)
        self._loop.add_reader(sock.fileno(), self._accept)

    def close(self) -> None:
        """Accept no more, and end what has not become a connection yet. Safe to call twice."""
        if self._sock.fileno() == -1:
            return
        for timer in (self._rest, self._silence):
            if timer is not None:
                timer.cancel()
        self._loop.remove_reader(self._sock.fileno())
        self._sock.close()
        for task in self._greeting:
            task.cancel()
        while self._farewells:
            self._farewells.popleft().close()

    def _accept(self) -> None:
        for _ in range(ACCEPTS_PER_TURN if self._tls is None else HELLOS_PER_TURN):
            try:
                sock, address = self._sock.accept()
            except BlockingIOError:
                return
            except ConnectionError:
                # It left before it was accepted.
                continue
            except OSError as error:
                self._rest_a_while(error)
                return
            sock.setblocking(False)
            self._welcome(sock, "" if self._is_private else address[0])

    def _welcome(self, sock: socket.socket, peer: str) -> None:
        arrival = Arrival(peer, sock.close, is_private=self._is_private)
        reason = self._connections.refusal(arrival)
        if reason:
            self._tell("a connection was turned away", peer=peer, reason=reason)
            self._turn_away(sock, reason)
            return
        task = self._loop.create_task(self._hand_over(sock, arrival), name=f"greeting {peer}")
        self._greeting.add(task)

        def greeted(task: asyncio.Task[None]) -> None:
            self._greeting.discard(task)
            if task.cancelled():
                # Before its first turn: it has never seen its socket.
                self._connections.leave(arrival)
                sock.close()

        task.add_done_callback(greeted)
        # From `connection_made` on the reader has its own way to drop it.
        arrival.drop = task.cancel
        self._connections.enter(arrival, self._loop.time())
        if self._silence is None:
            self._silence = self._loop.call_later(PROOF_S, self._expire)

    def _expire(self) -> None:
        due_s = self._connections.expire(self._loop.time())
        self._silence = None if due_s is None else self._loop.call_at(due_s, self._expire)

    async def _hand_over(self, sock: socket.socket, arrival: Arrival) -> None:
        def reader() -> asyncio.Protocol:
            return self._reader(arrival)

        try:
            if self._tls is None:
                await self._loop.connect_accepted_socket(reader, sock)
            else:
                await self._loop.connect_accepted_socket(
                    reader, sock, ssl=self._tls, ssl_handshake_timeout=PROOF_S, ssl_shutdown_timeout=SHUTDOWN_S
                )
        except BaseException as fault:
            self._connections.leave(arrival)
            sock.close()
            # It left, was no TLS client, or was dropped: what the loop had of it, the loop has closed.
            if not isinstance(fault, OSError | asyncio.CancelledError):
                raise

    def _turn_away(self, sock: socket.socket, reason: str) -> None:
        if self._tls is not None:
            # Plain words would be no TLS; a handshake only to say no is what an attacker wants.
            sock.close()
            return
        text = f"{reason.capitalize()}: come back later.\n".encode()
        with suppress(OSError):
            sock.send(FULL % (len(text), text))
            sock.shutdown(socket.SHUT_WR)
        if len(self._farewells) >= FAREWELLS:
            self._farewells.popleft().close()
        self._farewells.append(sock)
        self._loop.call_later(FAREWELL_S, self._see_off, sock)

    def _see_off(self, sock: socket.socket) -> None:
        with suppress(ValueError):
            self._farewells.remove(sock)
        sock.close()

    def _rest_a_while(self, error: OSError) -> None:
        """Let go of the listening socket for a moment: it would be reported readable again at once, for ever."""
        self._tell("no connection can be accepted", reason=error.strerror or str(error))
        self._loop.remove_reader(self._sock.fileno())
        self._rest = self._loop.call_later(REST_S, self._resume)

    def _resume(self) -> None:
        self._rest = None
        self._loop.add_reader(self._sock.fileno(), self._accept)

    def _tell(self, event: str, **more: str) -> None:
        if self._loop.time() - self._told_s >= TELL_EVERY_S:
            self._told_s = self._loop.time()
            log.warning(event, **more)
