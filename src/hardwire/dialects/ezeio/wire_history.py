"""The JSON of `syslog` and `samplelog`: rows of values, oldest first. The shape of a row is this hub's own."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import UNSET, Struct, UnsetType

from hardwire.dialects.ezeio.arguments import Span
from hardwire.dialects.ezeio.wire import Clocked, escaped, utc_text


class Row(Struct, frozen=True):
    """What was logged at an instant, or in the interval that begins there, by the names that fields have in a call."""

    time: datetime
    fields: Mapping[str, float]


class _History(Struct, frozen=True, kw_only=True):
    reqtime: str
    reqfrom: str
    reqto: str
    rows: Sequence[Row]
    next: str | UnsetType
    status: str
    exec_time: float


def row_of(at: datetime, fields: Mapping[str, float]) -> Row:
    """Return a row; its time is told in whole seconds."""
    # The encoder writes such an instant as every other time here, and faster than text is made.
    return Row(at.astimezone(UTC).replace(microsecond=0), fields)


def history_body(clocked: Clocked, span: Span, rows: Sequence[Row], following: datetime | None) -> bytes:
    """Return the answer of a log; `following` is where a call begins that goes on, None where this is all."""
    return escaped(
        _History(
            reqtime=clocked.reqtime,
            reqfrom=utc_text(span.since),
            reqto=utc_text(span.until),
            rows=rows,
            next=UNSET if following is None else utc_text(following),
            status="OK",
            exec_time=clocked.exec_time,
        )
    )
