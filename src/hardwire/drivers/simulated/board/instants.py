"""The board's time: whole microseconds since 1970."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER_US = (datetime(9999, 12, 31, tzinfo=UTC) - EPOCH) // MICROSECOND
"""Later than anything."""


def unix_us(now: datetime) -> int:
    """Return the instant in whole microseconds since 1970."""
    # Asked with every command: a division of timedeltas takes three times as long.
    since = now - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def at_us(unix_us: int) -> datetime:
    """Return the instant that many microseconds after 1970."""
    return EPOCH + unix_us * MICROSECOND


def next_mark_us(now_us: int, grid_us: int) -> int:
    """Return the first instant after `now_us` that is a multiple of the grid."""
    return (now_us // grid_us + 1) * grid_us


class Moment:
    """The instant at which the board is just now, known to all of it."""

    def __init__(self) -> None:
        self.us = 0
