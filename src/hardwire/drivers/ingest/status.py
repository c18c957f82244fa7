"""Makes the rows of a logger's status log out of those that it brings to its fast log."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

# The status log is fixed to ten minutes and holds all fields (ezeio reference, section 1.3).
INTERVAL_S = 600

Values = Mapping[str, int | float]


class StatusRows:
    """Remembers the newest values. It goes by the rows' own times, so that a backlog gets its rows too.

    A mark that lies on a row has that row's values, one that lies between two rows what held until then. Of a pause
    of the logger only the first mark is told: nobody knows what would have followed.
    """

    def __init__(self) -> None:
        self._values: dict[str, int | float] = {}
        self._last_s: float | None = None

    def follow(self, rows: Iterable[tuple[datetime, Values]]) -> list[tuple[datetime, Values]]:
        """Take rows of the fast log, oldest first; returns the status rows that they bring about."""
        made: list[tuple[datetime, Values]] = []
        for at, values in rows:
            if not values:
                continue
            this_s = at.timestamp()
            last_s = self._last_s
            if last_s is not None and this_s < last_s:
                continue
            if last_s is not None:
                mark_s = (last_s // INTERVAL_S + 1) * INTERVAL_S
                if mark_s < this_s:
                    made.append((datetime.fromtimestamp(mark_s, UTC), dict(self._values)))
            self._values.update(values)
            self._last_s = this_s
            if this_s % INTERVAL_S == 0:
                made.append((at, dict(values if this_s == last_s else self._values)))
        return made
