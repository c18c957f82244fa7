"""What stands behind the question mark of a request's path, as values."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from hardwire.model.errors import BadValueError

UNITS_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INTERVAL_LIMIT_S = 366 * UNITS_S["d"]
# Lengths are checked before they are read: Python makes no number of thousands of digits.
_SPAN = re.compile(r"([0-9]{1,10})([smhdw]?)")


def instant(query: Mapping[str, str], name: str, default: datetime) -> datetime:
    """Return a time; one without a zone is UTC. Raises BadValueError naming it."""
    text = query.get(name)
    if text is None:
        return default
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadValueError(f"{name} is no time; write it as 2026-01-31T14:00:00Z", path=name) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def past(text: str, name: str, now: datetime, zone: tzinfo | None = UTC) -> datetime:
    """Return a time in UTC: an age such as `90m`, `17h` or `3d`, or a time, which is of `zone` where it names none.

    Without a zone (None) that is the machine's own. Nothing is older than 1970.

    Raises:
        BadValueError: it is neither; `path` is the name.
    """
    age = _SPAN.fullmatch(text)
    if age is not None and age[2]:
        age_s = int(age[1]) * UNITS_S[age[2]]
        return EPOCH if age_s >= (now - EPOCH).total_seconds() else now - timedelta(seconds=age_s)
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo is not None or zone is None else at.replace(tzinfo=zone)
        return max(EPOCH, at.astimezone(UTC))
    except (ValueError, OverflowError, OSError):
        raise BadValueError(
            f"{name} is no time; write it as 2026-01-31T14:00:00Z, or as an age: 90m, 17h, 3d", path=name
        ) from None


def seconds(text: str, name: str) -> int:
    """Return a length of time such as `10m`, `1h`, `1d` or `30` (seconds); 0 is allowed. Raises BadValueError."""
    span = _SPAN.fullmatch(text)
    length_s = INTERVAL_LIMIT_S + 1 if span is None else int(span[1]) * UNITS_S[span[2] or "s"]
    if length_s > INTERVAL_LIMIT_S:
        raise BadValueError(
            f"{name} is a length of time up to 366 days: 10m, 1h, 1d, or a number of seconds", path=name
        )
    return length_s


def whole(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Return a number from 1 to `most`. Raises BadValueError naming it."""
    text = query.get(name, str(default))
    # Its length first: Python makes no number of thousands of digits.
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= most:
        raise BadValueError(f"{name} is a number from 1 to {most}", path=name)
    return int(text)
