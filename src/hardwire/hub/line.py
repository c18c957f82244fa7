"""A watched channel: what is new on it waits once, and goes to each watcher as one piece when lists are written."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from hardwire.contracts.dialect import Dialect
from hardwire.model.channel import Channel


class Piece(Struct, frozen=True):
    """Frames of one channel, joined once for all who get them."""

    channel: Channel
    keeps_newest: bool
    """The channel's policy for a client that is behind (`contracts.dialect.Dialect.keeps_newest`)."""
    frames: list[bytes]
    joined: bytes


class Watcher(Protocol):
    """One client's end. What it is given never waits and never fails."""

    line: "Line | None"
    """The one channel that it watches, None while that is none or several. The line keeps this: before anything else
    is sent to the client, what is new there has to be fetched (`Line.catch_up`), so that all stays in order."""
    watched: int
    """How many channels it watches; kept by their lines too."""

    @property
    def pending(self) -> list[bytes]:
        """The frames that are to be written, always the same list.

        While it holds any, a frame may be put behind them without a call: the writer knows already.
        """
        ...

    def take(self, frame: bytes, channel: Channel, keeps_newest: bool) -> None:
        """Take a frame of a channel, to be sent in order; called only while `pending` is empty."""
        ...

    def write(self, piece: Piece) -> int:
        """Send a piece, at once if nothing is pending; returns how many frames were written."""
        ...

    def expect(self, line: "Line") -> None:
        """Have the line flushed when lists are written next."""
        ...


class Line:
    """A channel with its watchers.

    Of most clients it is the only channel. Nothing is done for them when a fact comes: its frame waits in the line, and
    each is touched once per flush, whatever came meanwhile. Clients of several channels get each frame into their list
    as it comes, since their channels share an order.
    """

    __slots__ = (
        "_ahead",
        "_many",
        "_sole",
        "channel",
        "dialect",
        "fresh",
        "has_failed",
        "keeps_newest",
        "last_at",
        "repeat_after_s",
    )

    def __init__(self, channel: Channel, dialect: Dialect, now: datetime) -> None:
        self.channel = channel
        self.dialect = dialect
        self.repeat_after_s = dialect.repeat_after_s(channel)
        self.keeps_newest = dialect.keeps_newest(channel)
        self.last_at = now
        self.has_failed = False
        self.fresh: list[bytes] = []
        """What is to be flushed to those who watch nothing else."""
        self._sole: dict[Watcher, None] = {}
        self._many: dict[Watcher, list[bytes]] = {}
        """Those who watch other channels too, with their lists."""
        self._ahead: dict[Watcher, int] = {}
        """How many of the fresh frames a watcher has fetched before the flush, or came too late for."""

    def __len__(self) -> int:
        return len(self._sole) + len(self._many)

    def __contains__(self, watcher: Watcher) -> bool:
        return watcher in self._sole or watcher in self._many

    def add(self, watcher: Watcher) -> None:
        """Give a watcher what comes from now on. Adding it twice is adding it once."""
        if watcher in self:
            return
        watcher.watched += 1
        if watcher.watched == 1:
            watcher.line = self
            self._sole[watcher] = None
            if self.fresh:
                self._ahead[watcher] = len(self.fresh)
            return
        if watcher.line is not None:
            watcher.line._share(watcher)
        self._many[watcher] = watcher.pending

    def remove(self, watcher: Watcher) -> bool:
        """Give it nothing more; False when it was no watcher."""
        if watcher in self._sole:
            self._part(watcher)
        elif self._many.pop(watcher, None) is None:
            return False
        watcher.watched -= 1
        return True

    def spread(self, frame: bytes) -> None:
        """Let every watcher have a frame."""
        channel, keeps_newest = self.channel, self.keeps_newest
        for watcher, pending in self._many.items():
            # By far the most frequent line here: a list that is being filled costs no call.
            if pending:
                pending.append(frame)
            else:
                watcher.take(frame, channel, keeps_newest)
        if self._sole:
            self.fresh.append(frame)
            if len(self.fresh) == 1:
                next(iter(self._sole)).expect(self)

    def flush(self) -> int:
        """Write what is fresh to those who watch nothing else; returns how many frames were written."""
        frames, self.fresh = self.fresh, []
        ahead, self._ahead = self._ahead, {}
        if not frames:
            return 0
        piece = self._joined(frames)
        counted = 0
        for watcher in self._sole:
            if ahead and (fetched := ahead.get(watcher, 0)):
                if rest := frames[fetched:]:
                    counted += watcher.write(self._joined(rest))
            else:
                counted += watcher.write(piece)
        return counted

    def catch_up(self, watcher: Watcher) -> None:
        """Put what is fresh into a watcher's list before the flush: something else is to be sent behind it."""
        fresh = self.fresh
        fetched = self._ahead.get(watcher, 0)
        self._ahead[watcher] = len(fresh)
        self._put(watcher, fresh[fetched:])

    def _share(self, watcher: Watcher) -> None:
        """It watches other channels too from now on."""
        self._part(watcher)
        self._many[watcher] = watcher.pending

    def _part(self, watcher: Watcher) -> None:
        if self.fresh:
            self.catch_up(watcher)
            del self._ahead[watcher]
        del self._sole[watcher]
        watcher.line = None

    def _joined(self, frames: list[bytes]) -> Piece:
        joined = frames[0] if len(frames) == 1 else b"".join(frames)
        return Piece(self.channel, self.keeps_newest, frames, joined)

    def _put(self, watcher: Watcher, frames: list[bytes]) -> None:
        for frame in frames:
            if watcher.pending:
                watcher.pending.append(frame)
            else:
                watcher.take(frame, self.channel, self.keeps_newest)
