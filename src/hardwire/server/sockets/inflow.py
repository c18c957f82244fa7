"""What a client sends, from the connection's bytes to the conversation: no task, no queue, no wait per message."""

import asyncio
from typing import Protocol

from hardwire.server.sockets.pace import Pace
from hardwire.server.sockets.reader import Event, FrameReader, Violation
from hardwire.server.sockets.rota import Rota

# How much of what a client has sent may lie here, not yet heard, before its connection is read no more. A connection
# that is not read does not tell either that the client has gone: few are held so long that it comes to that.
HELD_BYTES = 64 * 1024
# For how long one client is heard before others are. Short, since all who send so much at once take turns.
SLICE_S = 0.001
# Who sends more than is read in a second is read on after so long: not each of the next messages costs a timer.
REFILL_S = 0.05
# A client that broke a rule is let go once it has been silent for so long. To end while it sends would reset the
# connection under its hands, and it could not read why (RFC 6455, section 7.1.1).
SILENCE_S = 0.25


class Listener(Protocol):
    """Who hears what a client says."""

    def hear(self, event: Event) -> None:
        """Take what came next. Never waits, never raises."""
        ...

    def end(self) -> None:
        """Nothing comes any more, and all that came was heard."""
        ...


class Inflow:
    """One connection's bytes on their way in.

    They are read as long as the session takes messages, this turn lasts and the client is within its rate. Else the
    connection is not read until there is room: nothing is lost, and what piles up does so at the client's.
    """

    __slots__ = (
        "_heard_bytes",
        "_is_due",
        "_is_ended",
        "_is_last",
        "_is_paused",
        "_listener",
        "_loop",
        "_pace",
        "_per_s",
        "_reader",
        "_refilled_s",
        "_rota",
        "_tokens",
        "_transport",
    )

    def __init__(
        self,
        reader: FrameReader,
        listener: Listener,
        pace: Pace,
        transport: asyncio.Transport,
        *,
        messages_per_s: int,
        rota: Rota,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._reader = reader
        self._listener = listener
        self._pace = pace
        self._transport = transport
        self._rota = rota
        self._loop = loop
        self._per_s = messages_per_s
        self._tokens = float(messages_per_s)
        """How many frames may be read at once; a second's worth at most."""
        self._refilled_s = loop.time()
        self._is_due = False
        self._is_paused = False
        self._is_last = False
        self._is_ended = False
        self._heard_bytes = 0
        """How much has come since a rule was broken, none of which is read."""
        pace.on_room = self._read_on

    def feed_data(self, arrived: bytes) -> tuple[bool, bytes]:
        """Take what has arrived; the answer is that of aiohttp's readers: more is wanted, nothing is left over."""
        self._reader.feed(arrived)
        if self._reader.is_over:
            self._heard_bytes += len(arrived)
        elif self._is_due:
            self._hold()
        else:
            self._read()
        return False, b""

    def feed_eof(self) -> None:
        """The connection is gone: what came before is heard, then it is over."""
        self._is_last = True
        self._read_on()

    def stop(self) -> None:
        """Hear nothing any more."""
        self._is_ended = True

    def _read_on(self) -> None:
        if not self._is_due:
            self._read()

    def _read(self) -> None:
        """Let the client be heard, at most for its slice of this turn."""
        pace, reader, hear = self._pace, self._reader, self._listener.hear
        pace.take_turn()
        while not self._is_ended:
            if pace.is_busy:
                self._hold()
                return
            if self._tokens < 1.0 and not self._is_in_time():
                self._hold()
                self._later(max(REFILL_S, 1.0 / self._per_s))
                return
            event = reader.next()
            if event is None:
                self._let()
                return
            self._tokens -= 1.0
            hear(event)
            if reader.is_over:
                self._take_leave(event)
                return
            if pace.used_s > SLICE_S:
                self._later(0.0)
                return

    def _is_in_time(self) -> bool:
        """Give the client what it may have read since it was last asked; say whether that is anything."""
        if self._is_last:
            return True
        now_s = self._loop.time()
        self._tokens = min(float(self._per_s), self._tokens + (now_s - self._refilled_s) * self._per_s)
        self._refilled_s = now_s
        return self._tokens >= 1.0

    def _later(self, pause_s: float) -> None:
        self._is_due = True
        if pause_s:
            self._loop.call_later(pause_s, self._due)
        else:
            self._rota.add(self._due)

    def _due(self) -> None:
        self._is_due = False
        self._read()

    def _hold(self) -> None:
        """Leave what is still to be heard where it is, and what comes at the client's once that is much."""
        if self._reader.unread_bytes > HELD_BYTES and not self._transport.is_closing():
            # Also where it is paused already: TLS hands out all that it has decrypted, and who had the transport before
            # may have told it to read.
            self._is_paused = True
            self._transport.pause_reading()

    def _let(self) -> None:
        """All that came is heard: go on listening, unless nothing can come."""
        if self._is_last:
            self._finish()
        elif self._is_paused:
            self._is_paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()

    def _take_leave(self, last: Event) -> None:
        """The client has said its last: it is over, unless it has to read why first."""
        if isinstance(last, Violation):
            self._loop.call_later(SILENCE_S, self._linger, 0)
        else:
            self._finish()

    def _linger(self, heard_bytes: int) -> None:
        if self._heard_bytes == heard_bytes:
            self._finish()
        elif not self._is_ended:
            self._loop.call_later(SILENCE_S, self._linger, self._heard_bytes)

    def _finish(self) -> None:
        if not self._is_ended:
            self._is_ended = True
            self._listener.end()
