"""Who listens: one pending list per socket; a slow socket loses nobody's time but its own."""

import asyncio
import socket as sockets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.frames import close_frame

# What a client may leave unread before it is cut.
BUDGET_BYTES = 1 << 20
# Without it some 4 MB sit in the kernel before the transport's gauge moves.
NOTSENT_LOWAT_BYTES = 128 * 1024
# How long a close frame may wait for a client that does not read, or that does not answer it.
CLOSE_GRACE_S = 5.0
TRY_AGAIN_LATER = 1013


class Socket:
    """The sending half of one WebSocket. Every frame goes through the pending list, in order of appending."""

    __slots__ = (
        "_budget_bytes",
        "_closing",
        "_flusher",
        "_grace",
        "_loop",
        "_on_slow",
        "_transport",
        "behind_since",
        "dropped",
        "has_closed",
        "pending",
        "sent",
        "sent_bytes",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        flusher: Flusher,
        loop: asyncio.AbstractEventLoop,
        on_slow: Callable[[], None],
        budget_bytes: int = BUDGET_BYTES,
    ) -> None:
        """`on_slow` is told once when the client is cut because it does not read."""
        self._transport = transport
        self._flusher = flusher
        self._loop = loop
        self._on_slow = on_slow
        self._budget_bytes = budget_bytes
        self._closing = False
        self._grace: asyncio.TimerHandle | None = None
        self.has_closed = False
        """Whether the close frame has been appended: what the client says from then on is not heard."""
        self.pending: list[bytes] = []
        """What the next flush writes; empty once no frame is taken any more. Begun by `append` alone."""
        self.sent = 0
        """How many frames were written."""
        self.sent_bytes = 0
        self.dropped = 0
        """How many messages newer ones took the place of."""
        self.behind_since: datetime | None = None
        """Since when the client has not kept up."""

    def append(self, frame: bytes) -> None:
        """Take a frame to send in order; after `close` it is dropped."""
        pending = self.pending
        if pending:
            pending.append(frame)
        elif not self._closing:
            self._flusher.add(self)
            pending.append(frame)

    def flush(self) -> int:
        """Write what is pending in one go; cut the client when too much lies unread."""
        pending = self.pending
        count = len(pending)
        if not count:
            return 0
        joined = pending[0] if count == 1 else self._flusher.join(pending)
        pending.clear()
        transport = self._transport
        # The peer went away between the append and this turn: uvloop raises on a write that nobody can read.
        if transport.is_closing():
            self._closing = True
            return 0
        transport.write(joined)
        self.sent += count
        self.sent_bytes += len(joined)
        if transport.get_write_buffer_size() > self._budget_bytes and not self._closing:
            self._on_slow()
            self.close(TRY_AGAIN_LATER, "too slow: more lies unread than this hub keeps for a client")
        return count

    def close(self, code: int, reason: str = "") -> None:
        """Send what is pending, then the close frame; later frames are refused, a deaf peer is cut after a grace."""
        if self._closing:
            return
        self.pending.append(close_frame(code, reason))
        self._closing = self.has_closed = True
        self.flush()
        self._grace = self._loop.call_later(CLOSE_GRACE_S, self._transport.abort)

    def abort(self) -> None:
        """Drop the connection and what is pending."""
        self.forget()
        self._transport.abort()

    def forget(self) -> None:
        """The connection is gone: nothing is pending any more, nobody is waited for."""
        self._closing = True
        self.pending.clear()
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    @property
    def is_closing(self) -> bool:
        """Whether no frame is taken any more: the close frame has been sent or the connection dropped."""
        return self._closing

    def pending_bytes(self) -> int:
        """How much waits on this side of the kernel."""
        return sum(map(len, self.pending)) + self._transport.get_write_buffer_size()


def limit_unsent(transport: asyncio.BaseTransport) -> None:
    """Keep the kernel from hiding a slow reader: what is not sent stays where the gauge sees it."""
    raw = transport.get_extra_info("socket")
    if raw is not None and raw.family in (sockets.AF_INET, sockets.AF_INET6) and hasattr(sockets, "TCP_NOTSENT_LOWAT"):
        # The peer may be gone by now.
        with suppress(OSError):
            raw.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NOTSENT_LOWAT, NOTSENT_LOWAT_BYTES)
