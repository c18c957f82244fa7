"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class StillClock:
    """Aware UTC; call it for the time."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        """The same time as seconds, for parts that want no date."""
        return self.now.timestamp()

    def pass_s(self, seconds: float) -> datetime:
        """Let time pass; returns the time it then is."""
        self.now += timedelta(seconds=seconds)
        return self.now
