"""Instants as the store keeps them: integer milliseconds UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Return the millisecond that an aware instant falls into. TypeError when it is naive."""
    return (at - _EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """Return the instant at which a millisecond begins."""
    return _EPOCH + ms * _MILLISECOND
