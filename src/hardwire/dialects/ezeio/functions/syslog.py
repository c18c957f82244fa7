"""`syslog`: rows of the ten-minute log (ezeio reference, section 2)."""

from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.functions.past import Book, Past
from hardwire.model.fact import Log

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400

BOOK = Book(
    log=Log.STATUS,
    rows=5_000,
    intervals_s=(
        (365 * _DAY_S, _DAY_S),
        (60 * _DAY_S, 6 * _HOUR_S),
        (7 * _DAY_S, _HOUR_S),
        (0, 10 * _MINUTE_S),
    ),
    is_fast_only=False,
)


def syslog(visit: Visit) -> Past:
    """Return one call of `syslog`."""
    return Past(visit, BOOK)
