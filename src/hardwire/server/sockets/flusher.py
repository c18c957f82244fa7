"""When pending lists are written: each turn of the loop, or every 10 ms once deliveries are many."""

import asyncio
from typing import Protocol

# Above this many frames a second, waiting 10 ms to write more at once costs less than half.
BUSY_FRAMES_PER_S = 20_000
BUSY_WINDOW_S = 0.010
RATE_WINDOW_S = 0.5


class Pending(Protocol):
    """Something with a list to write."""

    def flush(self) -> int:
        """Write what is pending; returns how many frames it was."""
        ...


class Flusher:
    """One per process: gathers the sockets with something pending, writes them all in one go."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._dirty: list[Pending] = []
        self._window_s = 0.0
        self._counted = 0
        self._counted_since = loop.time()
        self._frames: list[bytes] = []
        self._joined = b""

    def add(self, socket: Pending) -> None:
        """Write this socket's list with the next flush."""
        if not self._dirty:
            if self._window_s:
                self._loop.call_later(self._window_s, self._flush)
            else:
                self._loop.call_soon(self._flush)
        self._dirty.append(socket)

    def join(self, frames: list[bytes]) -> bytes:
        """Return the frames as one piece.

        Sockets that watch the same are flushed one after another, with equal lists of the very same frames: they share
        the piece, and comparing the lists costs next to nothing.
        """
        if frames != self._frames:
            self._frames = frames.copy()
            self._joined = b"".join(frames)
        return self._joined

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, []
        counted = 0
        for socket in dirty:
            try:
                counted += socket.flush()
            except Exception as fault:  # noqa: BLE001 (one conversation's edge: the lists behind it must be written)
                self._loop.call_exception_handler({"message": "a pending list was not written", "exception": fault})
        self._frames, self._joined = [], b""
        self._counted += counted
        now = self._loop.time()
        passed_s = now - self._counted_since
        if passed_s >= RATE_WINDOW_S:
            self._window_s = BUSY_WINDOW_S if self._counted / passed_s > BUSY_FRAMES_PER_S else 0.0
            self._counted, self._counted_since = 0, now
