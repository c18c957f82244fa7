"""Who listens: one pending list per socket; a slow socket loses nobody's time but its own."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from hardwire.hub.line import Line, Piece
from hardwire.model.channel import Channel
from hardwire.server.sockets.backlog import Backlog
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.frames import close_frame
from hardwire.server.sockets.kernel import unread_bytes

# A client is behind once more than this lies in the transport: what is written there can no longer be taken back.
BEHIND_BYTES = 64 * 1024
# More than this is not written in one go: what TLS hands on to the transport below it shows on no gauge of ours.
BURST_BYTES = 256 * 1024
# A client that reads nothing for so long while something waits for it is dead.
DEAD_AFTER_S = 60.0
# How long a close frame may wait for a client that does not read, or that does not answer it.
CLOSE_GRACE_S = 5.0
TRY_AGAIN_LATER = 1013
TOO_SLOW = "too slow: more lies unread than this hub keeps for a client"
DEAD = f"nothing was read for {DEAD_AFTER_S:.0f} s"


class Socket:
    """The sending half of one WebSocket. Every frame goes through the pending list, in order of appending.

    Of a client that is behind the list stays empty: its frames wait in a backlog until the transport has drained.
    """

    __slots__ = (
        "_backlog",
        "_closing",
        "_flusher",
        "_grace",
        "_is_clear",
        "_loop",
        "_on_slow",
        "_transport",
        "behind_since",
        "dropped",
        "has_closed",
        "line",
        "pending",
        "sent",
        "sent_bytes",
        "watched",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        flusher: Flusher,
        loop: asyncio.AbstractEventLoop,
        on_slow: Callable[[str], None],
    ) -> None:
        """`on_slow` is told the reason, once, when the client is cut because it does not read."""
        self._transport = transport
        self._flusher = flusher
        self._loop = loop
        self._on_slow = on_slow
        self._closing = False
        self._is_clear = True
        """Neither behind nor closing: frames go to the pending list."""
        self._backlog: Backlog | None = None
        self._grace: asyncio.TimerHandle | None = None
        self.has_closed = False
        """Whether the close frame has been appended: what the client says from then on is not heard."""
        self.line: Line | None = None
        """The one channel that the client watches (`hub.line.Watcher`)."""
        self.watched = 0
        self.pending: list[bytes] = []
        """What the next flush writes; empty once no frame is taken any more. Begun by `append` and `take` alone."""
        self.sent = 0
        """How many frames were written."""
        self.sent_bytes = 0
        """How long they were."""
        self.dropped = 0
        """How many frames newer ones of their channel took the place of."""
        self.behind_since: datetime | None = None
        """Since when the client has not kept up; None while it does."""

    def append(self, frame: bytes) -> None:
        """Take a frame to send in order; it is never left out. After `close` it is dropped."""
        line = self.line
        if line is not None and line.fresh:
            line.catch_up(self)
        pending = self.pending
        if pending:
            pending.append(frame)
        elif self._is_clear:
            self._flusher.add(self)
            pending.append(frame)
        elif self._backlog is not None:
            self._backlog.put(frame)
            self._weigh(self._backlog)

    def take(self, frame: bytes, channel: Channel, keeps_newest: bool) -> None:
        """Take a channel's frame while nothing is pending; of a client that is behind only the newest may wait."""
        if self._is_clear:
            self._flusher.add(self)
            self.pending.append(frame)
        elif keeps_newest and self._backlog is not None:
            if self._backlog.put_newest(frame, channel):
                self.dropped += 1
                self._flusher.dropped += 1
            self._weigh(self._backlog)
        else:
            self.append(frame)

    def expect(self, line: Line) -> None:
        """Have the line flushed together with the lists."""
        self._flusher.add(line)

    def write(self, piece: Piece) -> int:
        """Write a piece of the one channel that is watched; returns how many frames were written."""
        if self.pending:
            self.pending.extend(piece.frames)
            return 0
        if not self._is_clear:
            for frame in piece.frames:
                self.take(frame, piece.channel, piece.keeps_newest)
            return 0
        if len(piece.joined) > BURST_BYTES:
            return self._hand_over_in_pieces(piece.frames.copy())
        return self._hand_over(piece.joined, len(piece.frames))

    def flush(self) -> int:
        """Write what is pending in one go; returns how many frames it was."""
        pending = self.pending
        count = len(pending)
        if not count:
            return 0
        joined = pending[0] if count == 1 else self._flusher.join(pending)
        if len(joined) > BURST_BYTES and self._is_clear:
            return self._hand_over_in_pieces(pending)
        pending.clear()
        return self._hand_over(joined, count)

    def look(self, now: float) -> bool:
        """Write on where the client has read what was written; returns whether it is still behind."""
        backlog, transport = self._backlog, self._transport
        if backlog is None:
            return False
        if transport.is_closing():
            self.forget()
            return False
        while (unread := transport.get_write_buffer_size()) == 0 and backlog:
            frames = backlog.take(BEHIND_BYTES)
            self._flusher.frames += self._hand_over(b"".join(frames), len(frames))
            backlog.moved(now)
        if self._closing:
            return False
        if unread <= BEHIND_BYTES and not backlog:
            self._backlog = self.behind_since = None
            self._is_clear = True
            return False
        if backlog.still_s((unread, unread_bytes(transport)), now) >= DEAD_AFTER_S:
            self._cut(DEAD)
            return False
        return True

    def close(self, code: int, reason: str = "") -> None:
        """Send what waits, then the close frame; later frames are refused, a deaf peer is cut after a grace."""
        if self.line is not None and self.line.fresh:
            self.line.catch_up(self)
        if self._closing:
            return
        self._closing = self.has_closed = True
        self._is_clear = False
        if self._backlog is not None:
            self.pending.extend(self._backlog.take(self._backlog.size_bytes))
            self._backlog = None
        self.pending.append(close_frame(code, reason))
        self._flusher.frames += self.flush()
        self._grace = self._loop.call_later(CLOSE_GRACE_S, self._transport.abort)

    def abort(self) -> None:
        """Drop the connection and what is pending."""
        self.forget()
        self._transport.abort()

    def forget(self) -> None:
        """The connection is gone: nothing is pending any more, nobody is waited for."""
        self._closing = True
        self._is_clear = False
        self._backlog = None
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
        waiting = sum(map(len, self.pending)) + self._transport.get_write_buffer_size()
        return waiting if self._backlog is None else waiting + self._backlog.size_bytes

    def _hand_over(self, joined: bytes, count: int) -> int:
        """Write frames to the transport; returns how many were written: none where the peer is gone."""
        transport = self._transport
        # It went away between the append and this turn: uvloop raises on a write that nobody can read.
        if transport.is_closing():
            self.forget()
            return 0
        try:
            transport.write(joined)
        except Exception as fault:  # noqa: BLE001 (one conversation's edge: the others' lists must be written)
            self._flusher.report(fault)
            self.abort()
            return 0
        size_bytes = len(joined)
        self.sent += count
        self.sent_bytes += size_bytes
        self._flusher.bytes += size_bytes
        if transport.get_write_buffer_size() > BEHIND_BYTES and self._is_clear:
            self._weigh(self._fall_behind())
        return count

    def _hand_over_in_pieces(self, frames: list[bytes]) -> int:
        """Write of a burst what the client takes now, keep the rest for it; the list is empty then. Returns 0."""
        backlog = self._fall_behind()
        for frame in frames:
            backlog.put(frame)
        frames.clear()
        self.look(self._loop.time())
        if self._backlog is not None:
            self._weigh(self._backlog)
        return 0

    def _fall_behind(self) -> Backlog:
        self._is_clear = False
        self.behind_since = datetime.now(UTC)
        backlog = self._backlog = Backlog(self._loop.time())
        self._flusher.wait_for(self)
        return backlog

    def _weigh(self, backlog: Backlog) -> None:
        """Cut the client when more waits for it than its budget."""
        if backlog.cost_bytes + self._transport.get_write_buffer_size() > self._flusher.budget_bytes:
            self._cut(TOO_SLOW)

    def _cut(self, reason: str) -> None:
        self._on_slow(reason)
        self._flusher.cut += 1
        self._backlog = None
        self.close(TRY_AGAIN_LATER, reason)
