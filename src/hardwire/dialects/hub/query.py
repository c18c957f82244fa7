"""What stands behind the question mark of a request's path, as values."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from hardwire.model.errors import BadValueError


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


def whole(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Return a number from 1 to `most`. Raises BadValueError naming it."""
    text = query.get(name, str(default))
    # Its length first: Python makes no number of thousands of digits.
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= most:
        raise BadValueError(f"{name} is a number from 1 to {most}", path=name)
    return int(text)
