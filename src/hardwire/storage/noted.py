"""Telemetry that nobody was promised, waiting for its commit."""

from collections import deque
from collections.abc import Sequence

from hardwire.storage.sample_rows import Row

# About 20 MB. The writer is woken at half of it, so only a disk that refuses can fill it.
NOTED_LIMIT_ROWS = 100_000
# Under a flood every commit loses some: one line tells of all of them.
REPORT_EVERY_S = 10.0


class NotedRows:
    """A bounded queue of rows: when it is full the oldest go and are counted."""

    def __init__(self, limit_rows: int = NOTED_LIMIT_ROWS) -> None:
        self._rows: deque[Row] = deque(maxlen=limit_rows)
        self._limit_rows = limit_rows
        self.dropped_rows = 0
        """How many were lost since the start."""
        self._reported_rows = 0
        self._report_due_s = 0.0

    def __len__(self) -> int:
        return len(self._rows)

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

    def unreported(self, now_s: float, *, is_last: bool) -> int:
        """Return how many were lost since this last told of some, where it is time to tell."""
        lost = self.dropped_rows - self._reported_rows
        if not lost or (now_s < self._report_due_s and not is_last):
            return 0
        self._reported_rows = self.dropped_rows
        self._report_due_s = now_s + REPORT_EVERY_S
        return lost

    def of(self, device: str) -> list[Row]:
        """Return the rows of a device, oldest first; they stay."""
        return [row for row in self._rows if row[0] == device]

    def is_half_full(self) -> bool:
        """Say whether it is time to write."""
        return len(self._rows) * 2 >= self._limit_rows
