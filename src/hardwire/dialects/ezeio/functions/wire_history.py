"""The JSON of `syslog` and `samplelog`: rows of values, oldest first. The shape of a row is this hub's own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET, Struct, UnsetType

from hardwire.dialects.ezeio.path.arguments import Span
from hardwire.dialects.ezeio.wire import Clocked, escaped, utc_text


class Row(Struct, frozen=True, gc=False):
    """What was logged at an instant, or in the interval that begins there, by the names that fields have in a call."""

    time: datetime
    fields: Mapping[str, float]


class _History(Struct, frozen=True, kw_only=True):
    reqtime: str
    reqfrom: str
    reqto: str
    rows: tuple[Row, ...]
    next: str | UnsetType
    status: str
    exec_time: float


def row_of(at: datetime, fields: Mapping[str, float]) -> Row:
    """Return a row; `at` is UTC and told in whole seconds."""
    # The encoder writes such an instant as every other time here, and faster than text is made.
    return Row(at.replace(microsecond=0) if at.microsecond else at, fields)


def rows_json(rows: Sequence[Row]) -> bytes:
    """Return rows as a piece of a list: with commas between, without the brackets."""
    return msgspec.json.encode(rows)[1:-1]


def history_body(clocked: Clocked, span: Span, pieces: Iterable[bytes], following: datetime | None) -> bytes:
    """Return the answer of a log; `following` is where a call begins that goes on, None where this is all."""
    envelope = escaped(
        _History(
            reqtime=clocked.reqtime,
            reqfrom=utc_text(span.since),
            reqto=utc_text(span.until),
            rows=(),
            next=UNSET if following is None else utc_text(following),
            status="OK",
            exec_time=clocked.exec_time,
        )
    )
    # There are megabytes at times: they are copied once, and no slash is looked for in rows, which have none.
    before, rows, after = envelope.partition(b'"rows":[')
    return b"".join((before, rows, b",".join(filter(None, pieces)), after))
