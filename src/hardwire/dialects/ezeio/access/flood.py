"""How many calls a key has left."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import ceil

from msgspec import Struct

# Per key, in fixed windows that begin with the first call (ezeio reference, section 3, "Flood control").
CALLS_PER_MINUTE = 100
CALLS_PER_DAY = 50_000

_MINUTE_S = 60
_DAY_S = 24 * 60 * 60
_NAMES = {_MINUTE_S: "60 s", _DAY_S: "24 h"}


class Excess(Struct, frozen=True):
    """A key has used up its calls; it has new ones in `wait_s` seconds."""

    wait_s: int
    limit: int
    window: str

    @property
    def sentence(self) -> str:
        """What its owner is told."""
        return f"Too many calls: a key has {self.limit} in {self.window}; call again in {self.wait_s} s"


class Flood:
    """Counts the calls of each key in two windows. It grows with the number of keys, not with that of calls.

    The windows are lengths of time, not hours of a clock: no time zone and no change to summer time moves them.
    """

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

    def excess(self, key: str, now: datetime) -> Excess | None:
        """Count one call; return what keeps it from being answered, if anything, the longer wait of two."""
        worst: Excess | None = None
        at = now.timestamp()
        for length_s, chosen, usual in self._windows:
            began, count = self._calls.get((key, length_s), (at, 0))
            if not 0 <= at - began < length_s:
                began, count = at, 0
            self._calls[key, length_s] = (began, count + 1)
            limit = chosen if chosen is not None else 0 if self._is_everybodys(key) else usual
            if limit and count >= limit:
                excess = Excess(max(1, ceil(began + length_s - at)), limit, _NAMES[length_s])
                worst = excess if worst is None or excess.wait_s > worst.wait_s else worst
        return worst

    def counted(self) -> Mapping[str, tuple[datetime, int]]:
        """Return for each key when its day began and how many calls it has made since.

        Not for keys that everybody knows: nothing of a demo is kept.
        """
        return {
            key: (datetime.fromtimestamp(began, UTC), count)
            for (key, length_s), (began, count) in self._calls.items()
            if length_s == _DAY_S and not self._is_everybodys(key)
        }

    def recount(self, counted: Mapping[str, tuple[datetime, int]]) -> None:
        """Go on where an earlier run of the hub has stopped."""
        for key, (began, count) in counted.items():
            self._calls[key, _DAY_S] = (began.timestamp(), count)
