"""A simulated logger as it would work in the field: it takes rows on the mark, buffers them, uploads them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hardwire.drivers.simulated.unit.buffer import VALUES_LIMIT, Buffer, Taken
from hardwire.drivers.simulated.unit.instrument import Instrument
from hardwire.drivers.simulated.unit.settings import Field
from hardwire.model.fact import Fact, Log, LogRow, Sample
from hardwire.model.value import Value

# The status log is fixed (ezeio reference, section 1.3).
STATUS_INTERVAL_S = 600

# What a unit was not there to take, it has not taken: after a longer pause it begins anew.
LONGEST_CATCH_UP_S = 1200

# A clock that was set back by no more than this takes no mark twice.
SET_BACK_S = 60

# Unbuffered updates that nobody watches any more end after this grace, in which a client may reconnect.
UNWATCHED_GRACE_S = 60


class Logger:
    """The unit's two logs: what it has taken, when it uploads, until when it sends at once."""

    def __init__(
        self, device: str, fields: Sequence[Field], instrument: Instrument, *, buffer_s: int, began: datetime
    ) -> None:
        """`buffer_s` 0 uploads every row as it is taken; `began` is the instant after which it takes rows."""
        self._device = device
        self._instrument = instrument
        self._buffer_s = buffer_s
        self._names: dict[int, list[str]] = {}
        """The fields of the fast log by their interval."""
        for field in fields:
            if field.log_interval_s:
                self._names.setdefault(field.log_interval_s, []).append(field.name)
        self._intervals_s = sorted({*self._names, STATUS_INTERVAL_S})
        self._order = {field.name: index for index, field in enumerate(fields)}
        self._taken_until_s = int(began.timestamp())
        self._buffer = Buffer()
        self._unbuffered_until: datetime | None = None
        self._unwatched_since: datetime | None = None

    def recall(self, now: datetime, backlog_s: int) -> None:
        """Take the rows of a time before now in which the unit was logging without a connection."""
        now_s = int(now.timestamp())
        in_ten_minutes = [STATUS_INTERVAL_S / interval_s * len(names) for interval_s, names in self._names.items()]
        every = len(self._instrument.fields) + len(self._instrument.hardware) + sum(in_ten_minutes)
        # What the buffer would lose again need not be taken.
        kept_s = int(VALUES_LIMIT / every * STATUS_INTERVAL_S)
        self._take_marks(now_s - min(backlog_s, kept_s), now_s)
        self._taken_until_s = now_s

    def tick(self, now: datetime, *, is_connected: bool = True) -> list[Fact]:
        """Take the rows of every mark that has passed; return those that are uploaded now, oldest first."""
        now_s = int(now.timestamp())
        passed_s = now_s - self._taken_until_s
        if not -SET_BACK_S <= passed_s <= LONGEST_CATCH_UP_S:
            self._taken_until_s = now_s - 1
        self._take_marks(self._taken_until_s, now_s)
        self._taken_until_s = max(self._taken_until_s, now_s)
        return self.upload(now) if is_connected and self._is_upload_due(now) else []

    def upload(self, now: datetime) -> list[Fact]:
        """Return all that is buffered, oldest first; from now on it is not there any more."""
        left_s = self.unbuffered_s(now)
        return [fact for taken in self._buffer.empty() for fact in self._facts(taken, left_s)]

    def present(self, now: datetime) -> Sample:
        """Return all that the unit shows now."""
        instrument = self._instrument
        values: Mapping[str, Value] = instrument.values((*instrument.fields, *instrument.hardware), now.timestamp())
        return Sample(self._device, now, {**values, **instrument.texts})

    def unbuffer(self, seconds: int, now: datetime) -> None:
        """Send rows as they are taken for so long; 0 goes back to gathering."""
        self._unbuffered_until = now + timedelta(seconds=seconds) if seconds else None
        if self._unwatched_since is not None:
            # The wish may come before its client's socket: the grace begins with it.
            self._unwatched_since = now

    def watched(self, now: datetime, *, is_watched: bool) -> None:
        """Learn that somebody reads the fast log, or that nobody does any more."""
        if is_watched and not self.unbuffered_s(now):
            # What has ended does not come back with the next reader.
            self._unbuffered_until = None
        self._unwatched_since = None if is_watched else now

    def unbuffered_s(self, now: datetime) -> int:
        """Return how long rows are still sent as they are taken; 0 when they are buffered."""
        until = self._unbuffered_until
        if until is None or now >= until:
            return 0
        since = self._unwatched_since
        if since is not None and now - since >= timedelta(seconds=UNWATCHED_GRACE_S):
            return 0
        return max(1, int((until - now).total_seconds()))

    def next_at(self, now: datetime) -> datetime:
        """Return when there is something to take next. Every upload falls on such a mark."""
        return datetime.fromtimestamp(self._next_mark_s(int(now.timestamp())), UTC)

    def _next_mark_s(self, after_s: int) -> int:
        return min(after_s - after_s % interval_s + interval_s for interval_s in self._intervals_s)

    def _take_marks(self, after_s: int, until_s: int) -> None:
        at_s = self._next_mark_s(after_s)
        while at_s <= until_s:
            self._take(at_s)
            at_s = self._next_mark_s(at_s)

    def _take(self, at_s: int) -> None:
        """Take the rows of a mark with the values of that instant: what is written later changes none of them."""
        instrument = self._instrument
        status: Mapping[str, float] = {}
        if at_s % STATUS_INTERVAL_S == 0:
            status = instrument.values((*instrument.fields, *instrument.hardware), at_s)
        due = self._due(at_s)
        fast = instrument.values(due, at_s) if due and instrument.is_fast_enabled(at_s) else {}
        if status or fast:
            self._buffer.add(Taken(at_s, status, fast))

    def _due(self, at_s: int) -> Sequence[str]:
        """Return the fields that the fast log takes at a mark, in the order of their numbers."""
        due = [name for interval_s, names in self._names.items() if at_s % interval_s == 0 for name in names]
        return sorted(due, key=self._order.__getitem__)

    def _is_upload_due(self, now: datetime) -> bool:
        oldest_s = self._buffer.oldest_s
        if oldest_s is None:
            return False
        return self.unbuffered_s(now) > 0 or now.timestamp() - oldest_s >= self._buffer_s

    def _facts(self, taken: Taken, left_s: int) -> Iterable[Fact]:
        """Return the values of an instant as the hub keeps them, then its rows."""
        at = datetime.fromtimestamp(taken.at_s, UTC)
        texts = self._instrument.texts if taken.status else {}
        yield Sample(self._device, at, {**taken.status, **taken.fast, **texts})
        if taken.status:
            yield LogRow(self._device, at, Log.STATUS, taken.status)
        if taken.fast:
            yield LogRow(self._device, at, Log.FAST, taken.fast, left_s)
