"""A meter's time stamps: local wall time with a mark for summer or winter, as text and as an instant."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

_STAMP = re.compile(r"(\d{12})([SW]?)")


class Stamp(Struct, frozen=True):
    """One time stamp of a meter."""

    text: str
    """Local time without a zone: `2026-01-24T21:31:28`."""
    at: datetime
    """The same instant, aware UTC."""


def stamp_of(text: str | None, zone: tzinfo) -> Stamp | None:
    """Return what a P1 time stamp (`YYMMDDhhmmss`, then S, W or nothing) means; None when it is none.

    A meter that has no time, or an M-Bus channel without a meter, sends digits that are no date.
    """
    match = _STAMP.fullmatch(text or "")
    if match is None or not match[1].isascii():
        return None
    try:
        # The century is not sent: P1 ports are younger than 2000.
        wall = datetime.strptime("20" + match[1], "%Y%m%d%H%M%S")  # noqa: DTZ007 the zone is added below
        return Stamp(wall.isoformat(timespec="seconds"), _instant(wall, match[2], zone))
    except (ValueError, OverflowError):
        return None


def _instant(wall: datetime, season: str, zone: tzinfo) -> datetime:
    if not season:
        return wall.replace(tzinfo=zone).astimezone(UTC)
    # The mark decides, not the calendar: it tells the doubled hour of autumn apart, and some meters keep winter time.
    winter = min(_offset(wall.replace(month=month, day=1), zone) for month in (1, 7))
    offset = winter + timedelta(hours=1) if season == "S" else winter
    return (wall - offset).replace(tzinfo=UTC)


def _offset(wall: datetime, zone: tzinfo) -> timedelta:
    return wall.replace(tzinfo=zone).utcoffset() or timedelta()
