"""What has been on a line lately: every change of its signal, so that each level of the near past is exact."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator

from msgspec import Struct

from hardwire.drivers.simulated.board.circuit.signal import Signal

MOST_CHANGES = 512
"""How many changes are remembered; who needs older ones has looked at them before."""


class Edge(Struct, frozen=True):
    """A change of level, and what it is from then on."""

    at_us: int
    level: bool


class History:
    """A line's signals in order, each from its own beginning to that of the next."""

    def __init__(self, signal: Signal) -> None:
        self.signal = signal
        """The newest one."""
        self._since_us = 0
        self._earlier: deque[tuple[int, Signal]] = deque(maxlen=MOST_CHANGES)

    def put(self, signal: Signal, at_us: int) -> None:
        """Let a signal begin, never before the last one; of two at the same instant the second counts."""
        if at_us > self._since_us:
            self._earlier.append((self._since_us, self.signal))
            self._since_us = at_us
        self.signal = signal

    def level(self, at_us: int) -> bool:
        """Return the level at an instant; of the future, what it will be unless something changes."""
        if at_us >= self._since_us:
            return self.signal.level(at_us)
        return self._found(at_us)[0].level(at_us)

    def edges(self, after_us: int, until_us: int) -> Iterator[Edge]:
        """Yield every change of level later than `after_us`, up to and with `until_us`, in order."""
        at_us, level = after_us, self.level(after_us)
        while (next_us := self._next_us(at_us)) is not None and next_us <= until_us:
            at_us = next_us
            if self.level(at_us) is not level:
                level = not level
                yield Edge(at_us, level)

    def sampled(self, since_us: int, interval_us: int, count: int) -> bytes:
        """Return so many samples, one byte, 0 or 1, for each."""
        samples = bytearray()
        at_us = since_us
        while (left := count - len(samples)) > 0:
            next_us = self._next_us(at_us)
            # As many as lie before the next change are alike.
            alike = left if next_us is None else min(left, -((at_us - next_us) // interval_us))
            samples += (b"\1" if self.level(at_us) else b"\0") * alike
            at_us += alike * interval_us
        return bytes(samples)

    def next_edge_us(self, after_us: int) -> int | None:
        """Return an instant before which the level stays as it is `after_us`; None where it always does."""
        return self._next_us(after_us)

    def _next_us(self, after_us: int) -> int | None:
        if after_us >= self._since_us:
            return self.signal.next_edge_us(after_us)
        signal, end_us = self._found(after_us)
        edge_us = signal.next_edge_us(after_us)
        return end_us if edge_us is None else min(edge_us, end_us)

    def _found(self, at_us: int) -> tuple[Signal, int]:
        """Return the signal of an instant before the newest one's, with the beginning of the next."""
        changes = self._earlier
        index = bisect_right(changes, at_us, key=_begin_us)
        end_us = self._since_us if index == len(changes) else changes[index][0]
        # What is older than everything remembered was as the oldest.
        return changes[max(index, 1) - 1][1], end_us


def _begin_us(change: tuple[int, Signal]) -> int:
    return change[0]
