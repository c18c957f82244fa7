"""The time that simulated houses live by: days of 24 hours in the standard time of their zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FITTED = datetime(2024, 1, 1, tzinfo=UTC)
"""When every simulated meter began to count, a Monday."""

DAY_S = 86_400


class HouseTime:
    """Seconds since the first day of a house, for power and energy that are functions of them."""

    def __init__(self, zone: ZoneInfo) -> None:
        # The house lives by standard time all year: its days then have 24 hours each.
        self.first_day = datetime(FITTED.year, FITTED.month, FITTED.day, tzinfo=zone).astimezone(UTC)

    def seconds(self, now: datetime) -> float:
        """Return the seconds since the first day began; 0 for a clock that is further behind."""
        return max(0.0, (now - self.first_day).total_seconds())
