"""What was ordered with a ticket before its socket stood."""

from collections import deque
from datetime import datetime, timedelta

from msgspec import Struct

from hardwire.dialects.ezeio.stream.ticket import LIFE_S

# Against a key without a limit of calls: the oldest are forgotten first.
_LIMIT = 10_000


class _Note(Struct, frozen=True):
    topic: str
    message: str
    at: datetime


class EarlyOrders:
    """Keeps orders for as long as a ticket may still open its socket.

    A documented client connects at its first read (ezeio reference, section 1.6, point 1): what it orders between the
    ticket and that read is meant for a socket that, to its author, is open.
    """

    def __init__(self) -> None:
        self._notes: deque[_Note] = deque(maxlen=_LIMIT)

    def note(self, topic: str, message: str, now: datetime) -> None:
        """Keep what is told on a stream's topic, whether or not the stream is there to hear it."""
        # The oldest stand first; a clock that was set back only keeps some for longer.
        while self._notes and not self._is_kept(self._notes[0], now):
            self._notes.popleft()
        self._notes.append(_Note(topic, message, now))

    def told(self, topic: str, now: datetime) -> tuple[str, ...]:
        """Return what a stream that begins now was told before, in order."""
        return tuple(note.message for note in self._notes if note.topic == topic and self._is_kept(note, now))

    @staticmethod
    def _is_kept(note: _Note, now: datetime) -> bool:
        return now - note.at <= timedelta(seconds=LIFE_S)
