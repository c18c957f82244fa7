"""When pending lists are written: each turn of the loop, or every 10 ms once deliveries are many."""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Protocol

from hardwire.model.histogram import Histogram

# Above this many frames a second, waiting 10 ms to write more at once costs less than half.
BUSY_FRAMES_PER_S = 20_000
BUSY_WINDOW_S = 0.010
RATE_WINDOW_S = 0.5
# How often those who are behind are looked after, and how many of them at once: they may cost the others no time.
LOOK_S = 0.010
LOOKS_AT_ONCE = 256
# What a client may leave unread before it is cut.
BUDGET_BYTES = 1 << 20


class Pending(Protocol):
    """Something with frames to write: a socket, or a channel of many."""

    def flush(self) -> int:
        """Write what is pending; returns how many frames it was."""
        ...


class Behind(Protocol):
    """Something that waits for its client to read."""

    def look(self, now: float) -> bool:
        """Write on if that is possible; returns whether there is still something to wait for."""
        ...

    def abort(self) -> None:
        """Drop the connection."""
        ...


class Flusher:
    """One per process: gathers the sockets with something pending, writes them all in one go."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        budget_bytes: int = BUDGET_BYTES,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """`clock` times the flushes, in seconds: the loop's own stands still within a turn."""
        self._loop = loop
        self._clock = clock
        self._dirty: list[Pending] = []
        self._behind: deque[Behind] = deque()
        self._window_s = 0.0
        self._counted = 0
        self._counted_since = loop.time()
        self._began = 0.0
        self._frames: list[bytes] = []
        self._joined = b""
        self.budget_bytes = budget_bytes
        """How much may wait for one client."""
        self.frames = 0
        """How many frames were written to all sockets."""
        self.bytes = 0
        """How long they were."""
        self.dropped = 0
        """How many frames newer ones took the place of, since their clients were behind."""
        self.cut = 0
        """How many clients were closed because they did not read."""
        self.waits = Histogram()
        """For each flush, how long (s) after the first of its frames had come it ended: none of them waited longer."""

    def add(self, socket: Pending) -> None:
        """Write what it has pending with the next flush."""
        if not self._dirty:
            self._began = self._clock()
            if self._window_s:
                self._loop.call_later(self._window_s, self._flush)
            else:
                self._loop.call_soon(self._flush)
        self._dirty.append(socket)

    def wait_for(self, socket: Behind) -> None:
        """Look after this socket every few milliseconds until it has caught up."""
        if not self._behind:
            self._loop.call_later(LOOK_S, self._look)
        self._behind.append(socket)

    @property
    def behind(self) -> int:
        """How many sockets are waited for."""
        return len(self._behind)

    def join(self, frames: list[bytes]) -> bytes:
        """Return the frames as one piece.

        Sockets that watch the same are flushed one after another, with equal lists of the very same frames: they share
        the piece, and comparing the lists costs next to nothing.
        """
        if frames != self._frames:
            self._frames = frames.copy()
            self._joined = b"".join(frames)
        return self._joined

    def report(self, fault: Exception) -> None:
        """Tell of a write that failed although nobody had told that its peer was gone."""
        self._loop.call_exception_handler({"message": "a pending list was not written", "exception": fault})

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, []
        counted = 0
        for socket in dirty:
            try:
                counted += socket.flush()
            except Exception as fault:  # noqa: BLE001 (one conversation's edge: the lists behind it must be written)
                self.report(fault)
        self._frames, self._joined = [], b""
        self._counted += counted
        self.frames += counted
        self.waits.observe(self._clock() - self._began)
        now = self._loop.time()
        passed_s = now - self._counted_since
        if passed_s >= RATE_WINDOW_S:
            self._window_s = BUSY_WINDOW_S if self._counted / passed_s > BUSY_FRAMES_PER_S else 0.0
            self._counted, self._counted_since = 0, now

    def _look(self) -> None:
        now = self._loop.time()
        behind = self._behind
        for _ in range(min(len(behind), LOOKS_AT_ONCE)):
            socket = behind.popleft()
            try:
                if socket.look(now):
                    behind.append(socket)
            except Exception as fault:  # noqa: BLE001 (as above)
                self.report(fault)
                socket.abort()
        if behind:
            self._loop.call_later(LOOK_S, self._look)
