"""How a client writes a time: RFC 3339 with any offset, a date, an age, seconds or milliseconds since 1970."""

import re
from datetime import UTC, datetime, timedelta, timezone

# "90m" is ninety minutes ago (ezeio reference, section 2). A capital M means months to some, so it is no unit here.
_AGE = re.compile(r"([0-9]{1,9})([smhdwSHDW])")
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}

# A plus that was meant as one arrives as a space, and a space as a plus, where somebody encoded a path as a form.
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt +]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(?:([Zz])|([+ -])([0-9]{2}):?([0-9]{2}))?)?"
)
_SINCE_1970 = re.compile(r"[0-9]{9,10}|[0-9]{12,13}")

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Nothing was recorded before."""


def seconds_of(text: str) -> int | None:
    """Return the length of `90m`, `17h`, `3d`, in seconds; None when the text is no such length."""
    found = _AGE.fullmatch(text)
    return None if found is None else int(found[1]) * _UNITS_S[found[2].lower()]


def instant_of(text: str, now: datetime) -> datetime | None:
    """Return the instant that a text means, in whole seconds of UTC; None when it means none, or one before 1970.

    Without a zone it is UTC, a date alone is its first instant, an age counts from `now` back,
    and the word `now` is that itself.
    Source: ezeio reference, section 2 ("`from` accepts RFC 3339 (date only too) or a relative age").
    """
    if text.lower() == "now":
        return _since_1970(int(now.timestamp()))
    age_s = seconds_of(text)
    if age_s is not None:
        return _since_1970(int(now.timestamp()) - age_s)
    if _SINCE_1970.fullmatch(text):
        # Milliseconds have passed ten digits since 1970-04, seconds pass them in 2286.
        return _since_1970(int(text) if len(text) <= 10 else int(text) // 1000)
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        # A leap second is the first of the next minute: RFC 3339 allows it, a clock here never shows it.
        at = datetime(year, month, day, hour, minute, tzinfo=_zone(found)) + timedelta(seconds=_checked(second))
        return _since_1970(int(at.timestamp()))
    except (ValueError, OverflowError):
        return None


def _zone(found: re.Match[str]) -> timezone:
    sign, hours, minutes = found[8], int(found[9] or 0), int(found[10] or 0)
    if hours > 23 or minutes > 59:
        raise ValueError("no offset")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset)


def _checked(second: int) -> int:
    if second > 60:
        raise ValueError("no second")
    return second


def _since_1970(seconds: int) -> datetime | None:
    return EARLIEST + timedelta(seconds=seconds) if seconds >= 0 else None
