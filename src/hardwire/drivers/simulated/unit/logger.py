"""A simulated logger as it would work in the field: it takes rows on the mark, buffers them, uploads them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from hardwire.drivers.simulated.unit.shapes import Field
from hardwire.model.command import Command, Done, Failed, LogUnbuffered, Reply
from hardwire.model.errors import CallerError
from hardwire.model.fact import Fact, Log, LogRow, Sample

# The status log is fixed (ezeio reference, section 1.3).
STATUS_INTERVAL_S = 600

# What a unit was not there to take, it has not taken: after a longer pause it begins anew.
LONGEST_CATCH_UP_S = 1200

# Unbuffered updates that nobody watches any more end after this grace, in which a client may reconnect.
UNWATCHED_GRACE_S = 60


class _Taken(Struct, frozen=True):
    """The rows of one instant, waiting for the upload."""

    at_s: int
    status: bool
    fast: tuple[Field, ...]


class Logger:
    """The unit's own state: what it has taken, when it uploads, until when it sends at once."""

    def __init__(self, device: str, fields: Sequence[Field], buffer_s: int, began: datetime) -> None:
        """`buffer_s` 0 uploads every row as it is taken."""
        self._device = device
        self._fields = tuple(fields)
        self._buffer_s = buffer_s
        self._intervals_s = sorted(
            {field.log_interval_s for field in fields if field.log_interval_s} | {STATUS_INTERVAL_S}
        )
        self._taken_until_s = int(began.timestamp())
        self._buffer: list[_Taken] = []
        self._unbuffered_until: datetime | None = None
        self._unwatched_since: datetime | None = None

    def begin(self, now: datetime) -> Sample:
        """Return what all fields show now, so that a unit that was just started has values to look at."""
        return Sample(self._device, now, {field.name: field.value(now.timestamp()) for field in self._fields})

    def tick(self, now: datetime) -> list[Fact]:
        """Take the rows of every mark that has passed; return those that are uploaded now, oldest first."""
        now_s = int(now.timestamp())
        if not 0 <= now_s - self._taken_until_s <= LONGEST_CATCH_UP_S:
            self._taken_until_s = now_s - 1
        for at_s in range(self._taken_until_s + 1, now_s + 1):
            self._take(at_s)
        self._taken_until_s = now_s
        return self._upload(now) if self._is_upload_due(now) else []

    def execute(self, command: Command, now: datetime) -> tuple[Reply, list[Fact]]:
        """Carry out a command; return its reply with what is uploaded because of it."""
        match command:
            case LogUnbuffered(0):
                self._unbuffered_until = None
                return Done(), []
            case LogUnbuffered(seconds):
                self._unbuffered_until = now + timedelta(seconds=seconds)
                if self._unwatched_since is not None:
                    # The wish may come before its client's socket: the grace begins with it.
                    self._unwatched_since = now
                return Done(), self._upload(now)
            case _:
                return Failed(CallerError(f"a unit does not know {type(command).__name__}", code="unsupported")), []

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
        now_s = int(now.timestamp())
        next_s = min(now_s - now_s % interval_s + interval_s for interval_s in self._intervals_s)
        return datetime.fromtimestamp(next_s, UTC)

    def _take(self, at_s: int) -> None:
        is_status = at_s % STATUS_INTERVAL_S == 0
        fast = tuple(field for field in self._fields if field.log_interval_s and at_s % field.log_interval_s == 0)
        if is_status or fast:
            self._buffer.append(_Taken(at_s, is_status, fast))

    def _is_upload_due(self, now: datetime) -> bool:
        if not self._buffer:
            return False
        return self.unbuffered_s(now) > 0 or now.timestamp() - self._buffer[0].at_s >= self._buffer_s

    def _upload(self, now: datetime) -> list[Fact]:
        left_s = self.unbuffered_s(now)
        facts: list[Fact] = []
        for taken in self._buffer:
            facts.extend(self._facts(taken, left_s))
        self._buffer.clear()
        return facts

    def _facts(self, taken: _Taken, left_s: int) -> list[Fact]:
        """Return the values of an instant as the hub keeps them, then its rows."""
        at = datetime.fromtimestamp(taken.at_s, UTC)
        fields = self._fields if taken.status else taken.fast
        values = {field.name: field.value(taken.at_s) for field in fields}
        facts: list[Fact] = [Sample(self._device, at, values)]
        if taken.status:
            facts.append(LogRow(self._device, at, Log.STATUS, values))
        if taken.fast:
            fast = {field.name: values[field.name] for field in taken.fast}
            facts.append(LogRow(self._device, at, Log.FAST, fast, left_s))
        return facts
