"""The memory of a simulated unit: what was taken and not uploaded yet, oldest first, within a bound."""

from collections import deque
from collections.abc import Mapping

from msgspec import Struct

# 90 fields each second for the longest gathering of 20 minutes, with its status rows: some 12 MB.
VALUES_LIMIT = 120_000


class Taken(Struct, frozen=True):
    """The rows of one instant. An empty one was not taken."""

    at_s: int
    status: Mapping[str, float]
    fast: Mapping[str, float]


class Buffer:
    """Where a real unit keeps what it cannot send; when it is full the oldest goes, since the newest matters most."""

    def __init__(self, limit: int = VALUES_LIMIT) -> None:
        """`limit` is in values."""
        self._limit = limit
        self._taken: deque[Taken] = deque()
        self._values = 0

    @property
    def oldest_s(self) -> int | None:
        """When the oldest was taken, as seconds since 1970; None when there is nothing."""
        return self._taken[0].at_s if self._taken else None

    def add(self, taken: Taken) -> None:
        """Keep the rows of an instant."""
        self._taken.append(taken)
        self._values += _size(taken)
        while self._values > self._limit:
            self._values -= _size(self._taken.popleft())

    def empty(self) -> list[Taken]:
        """Return all that is there, oldest first, and forget it."""
        taken = list(self._taken)
        self._taken.clear()
        self._values = 0
        return taken


def _size(taken: Taken) -> int:
    return len(taken.status) + len(taken.fast)
