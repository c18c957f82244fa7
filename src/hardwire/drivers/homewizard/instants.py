"""When a device's local times were: it tells them without a zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# Vendor and meters keep this time; a hub that was told no zone would read their times as UTC.
DEFAULT_ZONE = "Europe/Amsterdam"
_NO_ZONE = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Zulu"})

# A clock may be off by so much before the hub's own time is used.
TOLERANCE = timedelta(hours=1)


def zone_of(timezone: str) -> str:
    """Return the zone in which a device's clock is read."""
    return DEFAULT_ZONE if timezone in _NO_ZONE else timezone


def instant_of(timestamp: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when `YYYY-MM-DDTHH:MM:SS` was; None when there is no such time.

    In the hour that comes twice in autumn it is the time that is nearer to now.
    """
    try:
        local = datetime.fromisoformat(timestamp)
        both = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    except (ValueError, OverflowError):
        return None
    return min(both, key=lambda at: abs(at - now))


def sample_instant(told: datetime | None, last: datetime | None, now: datetime) -> datetime:
    """Return the instant of a device's sample: the device's own, unless that is far off or runs back.

    What is newest by its instant is what the hub serves: one that ran ahead would freeze the readings.
    """
    at = now if told is None or abs(told - now) >= TOLERANCE else told
    if last is None or at >= last:
        return at
    return max(now, last)
