"""How a call's path is taken apart: `name=value`, words alone, several words with commas between, in any order."""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import Enum

from hardwire.model.errors import BadValueError
from hardwire.model.history import Aggregation


class Argument(Enum):
    """Every argument of every function; the value is what people call it."""

    FROM = "from"
    TO = "to"
    FIELDS = "fields"
    """A list of fields; as a bare word, in `group`, all of them."""
    SECTIONS = "sections"
    INTERVAL = "interval"
    AGGREGATION = "aggregation"
    TAG = "tag"
    RAW = "raw"
    SYSTEMS = "systems"
    ALARMS = "alarms"
    SERVICES = "services"


# 90 numbers with their commas fit six times; nobody honest needs more arguments than there are.
_SEGMENT_LIMIT = 2_000
_SEGMENTS_LIMIT = 32
# What a caller wrote is quoted, but no more of it than tells what was meant.
_QUOTED_LENGTH = 40

_BARE = (Argument.RAW, Argument.SYSTEMS, Argument.FIELDS, Argument.ALARMS, Argument.SERVICES)
_WORDS = {one.value: one for one in _BARE}
_NAMED = {one.value: one for one in Argument if one is Argument.FIELDS or one not in _BARE}
AGGREGATIONS = {one.value: one for one in Aggregation}
_YES = ("", "1", "true", "yes")
# What browsers' libraries add to a query so that no cache answers; it is meant for nobody.
CACHE_BUSTERS = ("_", "nocache")
_INTERVAL = re.compile(r"[0-9]+[a-zA-Z]+")


def said_in(segments: Iterable[str], query: Mapping[str, str], known: Collection[Argument]) -> Mapping[Argument, str]:
    """Return what the segments of a path say, argument by argument, and the query after it, which is read alike.

    `segments` are decoded; empty ones say nothing. `known` is what the function understands.

    Raises:
        BadValueError: an argument is unknown, too long or given twice; the sentence names it.
    Source: ezeio reference, section 2: `interval=1h,max` as well as `1h` and `mean` alone, in any order.
    """
    texts = [text for segment in segments if (text := segment.strip())]
    if len(texts) + len(query) > _SEGMENTS_LIMIT:
        raise BadValueError(f"More than {_SEGMENTS_LIMIT} arguments")
    said: dict[Argument, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        for argument, meant in _meant(name, value, known) if equals else _bare(text, known):
            _add(said, argument, meant)
    for name, value in query.items():
        if name in CACHE_BUSTERS:
            continue
        for argument, meant in _meant(name, value, known):
            _add(said, argument, meant)
    return said


def shown(text: str) -> str:
    """Return a caller's text as it may stand in an answer: short, and nothing but printable ASCII."""
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text[:_QUOTED_LENGTH])


def bad(argument: Argument, sentence: str) -> BadValueError:
    """Return the error that refuses an argument; the sentence names it, for people."""
    return BadValueError(sentence, path=argument.value)


def _meant(name: str, value: str, known: Collection[Argument]) -> Iterable[tuple[Argument, str]]:
    """What `name=value` says."""
    _measure(name, value)
    key, value = name.strip().lower(), value.strip()
    named, word = _NAMED.get(key), _WORDS.get(key)
    if named is Argument.INTERVAL and named in known:
        # "interval=1h,max" says both.
        interval, comma, aggregation = value.partition(",")
        both = [(Argument.INTERVAL, interval.strip())]
        return [*both, (Argument.AGGREGATION, aggregation.strip())] if comma else both
    if named in known and named is not None:
        return [(named, value)]
    if word in known and word is not None and value.lower() in _YES:
        return [(word, "")]
    raise _unknown(f"{name}={value}" if value else name, known)


def _bare(text: str, known: Collection[Argument]) -> Iterable[tuple[Argument, str]]:
    """What a segment without a name says: a word, an interval, an aggregation, or several with commas between."""
    _measure(text, "")
    for part in text.split(","):
        word = part.strip()
        if word.lower() in _WORDS and _WORDS[word.lower()] in known:
            yield _WORDS[word.lower()], ""
        elif Argument.INTERVAL in known and _INTERVAL.fullmatch(word):
            yield Argument.INTERVAL, word
        elif Argument.AGGREGATION in known and word.lower() in AGGREGATIONS:
            yield Argument.AGGREGATION, word
        elif word:
            raise _unknown(word, known)


def _add(said: dict[Argument, str], argument: Argument, meant: str) -> None:
    if argument in said:
        raise bad(argument, f"{argument.value} is given twice")
    said[argument] = meant


def _measure(name: str, value: str) -> None:
    if len(name) + len(value) > _SEGMENT_LIMIT:
        raise BadValueError(f"The argument {shown(name)} is longer than {_SEGMENT_LIMIT} characters")


def _unknown(text: str, known: Collection[Argument]) -> BadValueError:
    names = ", ".join(one.value for one in Argument if one in known)
    return BadValueError(f"Unknown argument {shown(text)}: {names or 'none'} are known here")
