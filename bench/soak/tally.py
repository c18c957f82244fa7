"""What the soak's clients have received in a window of time, dialect by dialect."""

from collections.abc import Sequence

from msgspec import Struct

PLACES = 3


class Heard(Struct, frozen=True):
    """The messages of one dialect in one window; delays in ms, of those that tell when they began."""

    messages: int
    p50_ms: float
    p99_ms: float
    most_ms: float


class Tally:
    """Counts, and gives out what it has counted."""

    def __init__(self) -> None:
        self._messages: dict[str, int] = {}
        self._delays_ms: dict[str, list[float]] = {}

    def count(self, dialect: str, delay_ms: float | None = None) -> None:
        """Note one message, and how long it was under way where it tells."""
        self._messages[dialect] = self._messages.get(dialect, 0) + 1
        if delay_ms is not None:
            self._delays_ms.setdefault(dialect, []).append(delay_ms)

    def take(self) -> dict[str, Heard]:
        """Return what came since the last call, and begin anew."""
        messages, delays_ms = self._messages, self._delays_ms
        self._messages, self._delays_ms = {}, {}
        return {dialect: _heard(count, sorted(delays_ms.get(dialect, ()))) for dialect, count in messages.items()}


def _heard(messages: int, delays_ms: Sequence[float]) -> Heard:
    if not delays_ms:
        return Heard(messages, 0, 0, 0)
    half, most = delays_ms[len(delays_ms) // 2], delays_ms[int(len(delays_ms) * 0.99)]
    return Heard(messages, round(half, PLACES), round(most, PLACES), round(delays_ms[-1], PLACES))
