"""How far a unit's clock on the wall is ahead of UTC: what clients read as `tzofs`."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def east_of_utc_minutes(zone: str, at: datetime) -> int:
    """Return the minutes that a time zone is east of UTC at an instant; 0 for one that nobody knows.

    Source: ezeio reference, section 2, `status` ("0"; "-420" elsewhere).
    """
    try:
        offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # Also a folder of zones, or a name too long for a file.
        return 0
    return 0 if offset is None else int(offset.total_seconds() // 60)
