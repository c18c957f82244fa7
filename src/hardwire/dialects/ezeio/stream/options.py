"""What may follow `subscribe/ticket` in a path: from where a stream begins, what it carries."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from hardwire.dialects.ezeio.path.instants import instant_of
from hardwire.dialects.ezeio.stream.selection import WHOLE, Selection
from hardwire.dialects.ezeio.stream.wire_stream import Place, place_text
from hardwire.dialects.ezeio.wire import utc_text
from hardwire.model.errors import BadValueError

NAMES = ("since", "tag", "fields", "status")

FIELDS = 90
"""As many as a unit has (ezeio reference, section 4)."""
TAGS = 20
TAG_LENGTH = 100

_PLACE = re.compile(r"([0-9]{1,15})-([0-9]{1,15})")
_FIELD = re.compile(r"0{0,4}[1-9][0-9]?")
# Of what a caller wrote, no more is quoted than tells what was meant.
_QUOTED_LENGTH = 40


class Options(Struct, frozen=True):
    """A stream as its ticket was asked for."""

    selection: Selection = WHOLE
    after: Place | None = None
    """The stream begins with what followed this message."""
    since: datetime | None = None
    """The stream begins with what arrived then or later."""
    is_last_wanted: bool = False
    """Whether each unit's last STATUS is sent at connect."""

    @property
    def text(self) -> str:
        """Return them as `options_of` reads them, an argument a line; empty for the plain stream."""
        lines = []
        if self.after is not None:
            lines.append(f"since={place_text(self.after)}")
        elif self.since is not None:
            lines.append(f"since={utc_text(self.since)}")
        if self.selection.tags:
            lines.append(f"tag={','.join(self.selection.tags)}")
        if self.selection.fields:
            lines.append(f"fields={','.join(map(str, self.selection.fields))}")
        if self.is_last_wanted:
            lines.append("status=last")
        return "\n".join(lines)


PLAIN = Options()
"""The stream as the documentation knows it."""


def options_of(arguments: Iterable[str], query: Mapping[str, str], now: datetime, newest: Place) -> Options:
    """Return what arguments of a path, and a query after it, ask for; `newest` is what `since=now` means.

    A number that this hub has not given is no mistake here: the stream tells of the gap.

    Raises:
        BadValueError: an argument is unknown, is given twice or means nothing; the sentence names it.
    """
    said: dict[str, str] = {}
    known_queries = [f"{name}={text}" for name, text in query.items() if name.lower() in NAMES]
    for argument in (*arguments, *known_queries):
        name, _, text = argument.partition("=")
        name = name.strip().lower()
        if name not in NAMES:
            raise BadValueError(f"{_quoted(argument)} is unknown: {', '.join(NAMES)} are known")
        if name in said:
            raise BadValueError(f"{name} is given twice")
        said[name] = text.strip()
    after, since = _begin(said["since"], now, newest) if "since" in said else (None, None)
    if said.get("status", "last").lower() != "last":
        raise BadValueError(f"status {_quoted(said['status'])} is unknown: last is known")
    return Options(
        selection=Selection(
            is_numbered="since" in said,
            fields=_fields(said["fields"]) if "fields" in said else (),
            tags=_tags(said["tag"]) if "tag" in said else (),
        ),
        after=after,
        since=since,
        is_last_wanted="status" in said,
    )


def _begin(text: str, now: datetime, newest: Place) -> tuple[Place | None, datetime | None]:
    if text.lower() == "now":
        return newest, None
    if found := _PLACE.fullmatch(text):
        return (int(found[1]), int(found[2])), None
    at = instant_of(text, now)
    if at is None:
        raise BadValueError(
            f"since {_quoted(text)} is neither a number such as 1790000000-17, nor now, nor a time: give a date, "
            "a time such as 2026-06-01T12:00:00Z, or an age such as 90m, 17h or 3d"
        )
    return None, at


def _fields(text: str) -> tuple[int, ...]:
    words = _words("fields", text)
    for word in words:
        if not _FIELD.fullmatch(word) or int(word) > FIELDS:
            raise BadValueError(f"fields {_quoted(word)} is unknown: 1 to {FIELDS} are known")
    return tuple(sorted({int(word) for word in words}))


def _tags(text: str) -> tuple[str, ...]:
    words = _words("tag", text)
    if len(words) > TAGS or any(len(word) > TAG_LENGTH or not word.isprintable() for word in words):
        raise BadValueError(f"tag takes at most {TAGS} tags of at most {TAG_LENGTH} printable characters each")
    return tuple(sorted(set(words)))


def _words(name: str, text: str) -> list[str]:
    words = [word for part in text.split(",") if (word := part.strip())]
    if not words:
        raise BadValueError(f"{name} names none")
    return words


def _quoted(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text[:_QUOTED_LENGTH])
