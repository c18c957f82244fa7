"""How many calls a key has left."""

from collections.abc import Callable
from datetime import datetime

# Per key, in fixed windows that begin with the first call (ezeio reference, section 3, "Flood control").
CALLS_PER_MINUTE = 100
CALLS_PER_DAY = 50_000

_MINUTE_S = 60
_DAY_S = 24 * 60 * 60


class Flood:
    """Counts the calls of each key in two windows. It grows with the number of keys, not with that of calls."""

    def __init__(
        self,
        *,
        calls_per_minute: int | None,
        calls_per_day: int | None,
        is_everybodys: Callable[[str], bool],
    ) -> None:
        """0 means no limit; None the cloud's, and none for a key that everybody knows: all who try a demo share it."""
        self._windows = (
            (_MINUTE_S, calls_per_minute, CALLS_PER_MINUTE),
            (_DAY_S, calls_per_day, CALLS_PER_DAY),
        )
        self._is_everybodys = is_everybodys
        self._calls: dict[tuple[str, int], tuple[float, int]] = {}

    def wait_s(self, key: str, now: datetime) -> int:
        """Count one call; return 0, or for how many seconds the key has used up its calls."""
        wait_s = 0
        at = now.timestamp()
        for length_s, chosen, usual in self._windows:
            began, count = self._calls.get((key, length_s), (at, 0))
            if not 0 <= at - began < length_s:
                began, count = at, 0
            self._calls[key, length_s] = (began, count + 1)
            limit = chosen if chosen is not None else 0 if self._is_everybodys(key) else usual
            if limit and count >= limit:
                wait_s = max(wait_s, int(began + length_s - at) + 1)
        return wait_s
