"""Telemetry that nobody was promised, waiting for its commit."""

from collections import deque
from collections.abc import Sequence

from hardwire.storage.sample_rows import Row

# About 20 MB. The writer is woken at half of it, so only a disk that refuses can fill it.
NOTED_LIMIT_ROWS = 100_000


class NotedRows:
    """A bounded queue of rows: when it is full the oldest go and are counted."""

    def __init__(self, limit_rows: int = NOTED_LIMIT_ROWS) -> None:
        self._rows: deque[Row] = deque(maxlen=limit_rows)
        self._limit_rows = limit_rows
        self.dropped_rows = 0
        """How many were lost since the start."""

    def add(self, rows: Sequence[Row]) -> None:
        """Take rows in."""
        self.dropped_rows += max(0, len(self._rows) + len(rows) - self._limit_rows)
        self._rows.extend(rows)

    def take(self) -> list[Row]:
        """Give all of them out."""
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def put_back(self, rows: Sequence[Row]) -> None:
        """Take rows back that could not be written; they are the oldest again."""
        newer = self.take()
        self.add(rows)
        self.add(newer)

    def drop(self, rows: Sequence[Row]) -> None:
        """Count rows as lost that can never be written."""
        self.dropped_rows += len(rows)

    def of(self, device: str) -> list[Row]:
        """Return the rows of a device, oldest first; they stay."""
        return [row for row in self._rows if row[0] == device]

    def is_half_full(self) -> bool:
        """Say whether it is time to write."""
        return len(self._rows) * 2 >= self._limit_rows
