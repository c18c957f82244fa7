"""A call for the rows of a log: what is asked of the store, how its answer is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from hardwire.contracts.act import Ask, Respond
from hardwire.contracts.question import Answer, ReadHistory
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.functions.target import UNKNOWN_SYSTEM, target_of
from hardwire.dialects.ezeio.functions.wire_history import history_body, row_of, rows_json
from hardwire.dialects.ezeio.path.arguments import EXTRA_FIELDS, Arguments, Span, read_arguments
from hardwire.dialects.ezeio.path.grammar import Argument, bad
from hardwire.dialects.ezeio.unit.account import Unit
from hardwire.dialects.ezeio.unit.snapshot import MICRO, whole
from hardwire.dialects.ezeio.unit.system import fields_of
from hardwire.model.command import Reply
from hardwire.model.errors import BadValueError, HardwireError, HubFaultError
from hardwire.model.fact import Log
from hardwire.model.history import Aggregation, HistoryRow, HistoryWish
from hardwire.model.unit import ALTITUDE_M, LATITUDE_DEG, LONGITUDE_DEG, POSITION_SIGNAL, RSSI_DBM

_KNOWN = frozenset({Argument.FROM, Argument.TO, Argument.FIELDS, Argument.INTERVAL, Argument.AGGREGATION, Argument.RAW})

# In the order of EXTRA_FIELDS: the point of each, and what its values are multiplied by.
_EXTRA_POINTS = dict(
    zip(
        EXTRA_FIELDS,
        ((LATITUDE_DEG, MICRO), (LONGITUDE_DEG, MICRO), (ALTITUDE_M, 1), (POSITION_SIGNAL, 1), (RSSI_DBM, 1)),
        strict=True,
    )
)

_SECOND = timedelta(seconds=1)
_YEAR_S = 366 * 86_400

# Rows are read and written in pieces of so many values, 10 ms at most, so that a long answer delays nobody else's; and
# of no fewer rows, since each piece is asked for.
PIECE_VALUES = 10_000
PIECE_ROWS = 500


class Book(Struct, frozen=True, kw_only=True):
    """One of the two logs, with its documented limits."""

    log: Log
    rows: int
    """How many a call returns at most."""
    intervals_s: Sequence[tuple[int, int]]
    """(Length of a range, the interval for ranges of that length and more), longest first; seconds."""
    is_fast_only: bool
    """Whether it holds only what is logged faster than every ten minutes."""

    def interval_s(self, span: Span) -> int:
        """Return the interval of a call that names none."""
        return next(interval_s for length_s, interval_s in self.intervals_s if span.length_s >= length_s)


class Column(Struct, frozen=True):
    """A point under the name that a row has for it."""

    name: str
    point: str
    scale: int = 1


class Past:
    """One call for rows of a log."""

    def __init__(self, visit: Visit, book: Book) -> None:
        self._visit = visit
        self._book = book
        self._span: Span
        self._wish: HistoryWish
        self._columns: Sequence[Column] = ()
        self._left = book.rows
        self._pieces: list[bytes] = []

    def begin(self, now: datetime) -> Acts:
        """Ask the store; where nothing that is wanted is logged there is nothing to ask."""
        visit = self._visit
        target = target_of(visit)
        if target.unit is None:
            return [visit.refuse(404, UNKNOWN_SYSTEM, now)]
        try:
            self._understand(target.unit, read_arguments(target.arguments, visit.request.query, _KNOWN), now)
        except BadValueError as error:
            return [visit.fail(error, now)]
        return [self._ask(self._span.since)] if self._columns else [self._conclude(None, now)]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the next piece; rows beyond the limit are left to a call that goes on."""
        if isinstance(answer, HardwireError):
            return [self._visit.fail(answer, now)]
        if not isinstance(answer, tuple):
            return [self._visit.fail(HubFaultError("the rows of a log are a tuple"), now)]
        rows: Sequence[HistoryRow] = answer
        size = self._wish.limit - 1
        if len(rows) <= size:
            self._take(rows)
            return [self._conclude(None, now)]
        self._left -= size
        if self._left:
            self._take(rows[:size])
            return [self._ask(rows[size].at)]
        told, following = _cut(rows[:size], rows[size].at)
        self._take(told)
        return [self._conclude(following, now)]

    def _understand(self, unit: Unit, arguments: Arguments, now: datetime) -> None:
        self._span = span = arguments.span(now)
        interval_s, aggregation = arguments.interval_s(), arguments.aggregation()
        wanted = arguments.fields(EXTRA_FIELDS)
        is_raw = arguments.has(Argument.RAW)
        if is_raw and (interval_s is not None or aggregation is not None):
            raise bad(Argument.RAW, "raw is what was stored: it goes with neither an interval nor an aggregation")
        if aggregation is not None and interval_s is None:
            raise bad(Argument.AGGREGATION, "An aggregation needs an interval, as in interval=1h,max")
        # The day so far, by the day, is one row. What is longer than a year and than the range is a slip of the pen.
        if interval_s is not None and interval_s > max(_YEAR_S, span.length_s):
            raise bad(Argument.INTERVAL, "interval is longer than the range of time")
        columns, log = self._choose(unit, wanted)
        # How often there was a value has no unit, whatever the values are.
        is_count = aggregation is Aggregation.COUNT
        self._columns = [replace(column, scale=1) for column in columns] if is_count else columns
        self._wish = HistoryWish(
            device=unit.device.id,
            since=span.since,
            until=span.until,
            log=log,
            points=tuple(column.point for column in self._columns),
            interval_s=0 if is_raw else interval_s or self._book.interval_s(span),
            aggregation=aggregation or Aggregation.MEAN,
        )

    def _choose(self, unit: Unit, wanted: Sequence[str] | None) -> tuple[Sequence[Column], Log | None]:
        """The columns of the answer, and the log that has them."""
        device, log = unit.device, self._book.log
        fields = fields_of(self._visit.house, device)
        fast = [field for field in fields if field.log_interval_s]
        if self._book.is_fast_only and (fast or device.log == "self"):
            columns = [Column(str(field.number), field.point.name) for field in fast]
        else:
            columns = [Column(str(field.number), field.point.name) for field in fields]
        if not self._book.is_fast_only:
            points = {point.name for point in device.points}
            extra = [Column(name, point, scale) for name, (point, scale) in _EXTRA_POINTS.items() if point in points]
            columns.extend(extra)
        chosen = [column for column in columns if wanted is None or column.name in wanted]
        # A device that logs nothing fast, neither itself nor by the hub, was recorded whenever a value changed.
        is_on_change = self._book.is_fast_only and not fast
        return chosen, None if is_on_change else log

    def _ask(self, since: datetime) -> Ask:
        """Ask for the next piece, and for one row more: it tells whether and where there are more."""
        size = min(self._left, max(PIECE_ROWS, PIECE_VALUES // len(self._columns)))
        self._wish = replace(self._wish, since=since, limit=size + 1)
        return Ask(ReadHistory(self._wish))

    def _take(self, rows: Sequence[HistoryRow]) -> None:
        columns = [(column.name, column.point, column.scale) for column in self._columns]
        told = []
        for row in rows:
            values = row.values
            fields = {
                name: values[point] if scale == 1 else whole(values[point], scale)
                for name, point, scale in columns
                if point in values
            }
            told.append(row_of(row.at, fields))
        self._pieces.append(rows_json(told))

    def _conclude(self, following: datetime | None, now: datetime) -> Respond:
        body = history_body(self._visit.clocked(now), self._span, self._pieces, following)
        return self._visit.answer(body)


def _cut(rows: Sequence[HistoryRow], more: datetime) -> tuple[Sequence[HistoryRow], datetime]:
    """Return those of the last rows that are told, and where a call has to begin that wants what follows them.

    `more` is the instant of the next row. A call begins at a whole second, so rows of one second are not divided: they
    would come twice or never. Of more in one second than fit, the rest is passed over: no call could tell it.
    """
    border = more.replace(microsecond=0)
    before = [row for row in rows if row.at < border]
    return (before, border) if before else (rows, border + _SECOND)
