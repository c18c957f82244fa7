"""What the arguments of a call mean: ranges of time, intervals, aggregations, fields, sections."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from hardwire.dialects.ezeio.path.grammar import AGGREGATIONS, Argument, bad, said_in, shown
from hardwire.dialects.ezeio.path.instants import instant_of, seconds_of
from hardwire.model.history import Aggregation

RANGE = frozenset({Argument.FROM, Argument.TO})
"""What a function with nothing but a range of time knows."""

FIELDS = 90
"""As many as a unit has (ezeio reference, section 4)."""

EXTRA_FIELDS = ("GPSx", "GPSy", "GPSz", "GPSsignal", "cRSSI")
"""What both logs hold beside fields (ezeio reference, section 2, `syslog`)."""

# A client's clock may be ahead of the hub's: a range that begins so little in the future is empty, not wrong.
_FAST_CLOCK = timedelta(minutes=5)

_FIELD = re.compile(r"0{0,4}([1-9][0-9]?)")


class Span(Struct, frozen=True):
    """A range of time: `since` belongs to it, `until` does not."""

    since: datetime
    until: datetime

    @property
    def length_s(self) -> int:
        """How long it is."""
        return int((self.until - self.since).total_seconds())


class Arguments(Struct, frozen=True):
    """What a call said, argument by argument. Each method understands one, or raises BadValueError naming it."""

    said: Mapping[Argument, str]

    def has(self, argument: Argument) -> bool:
        """Whether it was given."""
        return argument in self.said

    def span(self, now: datetime) -> Span:
        """Return the range from `from` to `to`; without `to` until now.

        A `from` of the near future makes an empty range: clocks differ.
        """
        if Argument.FROM not in self.said:
            raise bad(Argument.FROM, "from is missing: give from=2026-06-01, from=2026-06-01T12:00:00Z or from=3h")
        since = self._instant(Argument.FROM, now)
        until = self._instant(Argument.TO, now) if Argument.TO in self.said else now.replace(microsecond=0)
        if since > now + _FAST_CLOCK:
            raise bad(Argument.FROM, "from is in the future")
        if since > until and Argument.TO in self.said:
            raise bad(Argument.FROM, "from is after to")
        return Span(min(since, until), until)

    def interval_s(self) -> int | None:
        """Return the length of an interval in seconds, None where none was given."""
        text = self.said.get(Argument.INTERVAL)
        if text is None:
            return None
        seconds = seconds_of(text)
        if seconds is None or text[-1] in "wW":
            raise bad(Argument.INTERVAL, f"interval {shown(text)} is not a number with d, h, m or s after it, as in 1h")
        if seconds == 0:
            raise bad(Argument.INTERVAL, "interval 0 has no length")
        return seconds

    def aggregation(self) -> Aggregation | None:
        """Return what the values of an interval become, None where nothing was said."""
        text = self.said.get(Argument.AGGREGATION)
        if text is None:
            return None
        found = AGGREGATIONS.get(text.lower())
        if found is None:
            known = ", ".join(AGGREGATIONS)
            raise bad(Argument.AGGREGATION, f"aggregation {shown(text)} is unknown: {known} are known")
        return found

    def fields(self, extra: Sequence[str] = ()) -> tuple[str, ...] | None:
        """Return the fields by number, or by one of the names in `extra`; each once, None where none were given."""
        text = self.said.get(Argument.FIELDS)
        if text is None:
            return None
        return _listed(Argument.FIELDS, text, lambda word: _field(word, extra), f"1 to {FIELDS}{_and(extra)}")

    def sections(self, known: Sequence[str]) -> tuple[str, ...] | None:
        """Return the sections, each once, None where none were given."""
        text = self.said.get(Argument.SECTIONS)
        if text is None:
            return None
        by_name = {name.lower(): name for name in known}
        return _listed(Argument.SECTIONS, text, lambda word: by_name.get(word.lower()), ", ".join(known))

    def tag(self) -> str | None:
        """Return the asset tag, None where none was given."""
        text = self.said.get(Argument.TAG)
        if text == "":
            raise bad(Argument.TAG, "tag is empty")
        return text

    def _instant(self, argument: Argument, now: datetime) -> datetime:
        text = self.said[argument]
        at = instant_of(text, now)
        if at is None:
            raise bad(
                argument,
                f"{argument.value} {shown(text)} is no time since 1970: give a date, a time such as "
                "2026-06-01T12:00:00Z, or an age such as 90m, 17h or 3d",
            )
        return at


def read_arguments(segments: Iterable[str], query: Mapping[str, str], known: Collection[Argument]) -> Arguments:
    """Return what the segments of a path say, decoded, and the query after it.

    Raises:
        BadValueError: an argument is not among the known ones, is too long or is given twice; the sentence names it.
    """
    return Arguments(said_in(segments, query, known))


def _listed(argument: Argument, text: str, one: Callable[[str], str | None], known: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in text.split(","):
        word = part.strip()
        if word:
            meant = one(word)
            if meant is None:
                raise bad(argument, f"{argument.value} {shown(word)} is unknown: {known} are known")
            found[meant] = None
    if not found:
        raise bad(argument, f"{argument.value} names none: {known} are known")
    return tuple(found)


def _field(word: str, extra: Sequence[str]) -> str | None:
    found = _FIELD.fullmatch(word)
    if found is not None:
        return found[1] if int(found[1]) <= FIELDS else None
    return next((name for name in extra if name.lower() == word.lower()), None)


def _and(extra: Sequence[str]) -> str:
    return "".join(f", {name}" for name in extra)
