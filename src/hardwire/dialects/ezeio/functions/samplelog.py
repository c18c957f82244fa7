"""`samplelog`: rows of the fast log (ezeio reference, section 2)."""

from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.functions.past import Book, Past
from hardwire.model.fact import Log

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400

BOOK = Book(
    log=Log.FAST,
    rows=15_000,
    intervals_s=(
        (365 * _DAY_S, _DAY_S),
        (60 * _DAY_S, _HOUR_S),
        (7 * _DAY_S, 10 * _MINUTE_S),
        (_DAY_S, _MINUTE_S),
        (0, 1),
    ),
    is_fast_only=True,
)


def samplelog(visit: Visit) -> Past:
    """Return one call of `samplelog`."""
    return Past(visit, BOOK)
