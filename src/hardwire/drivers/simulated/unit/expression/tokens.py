"""A unit's expression cut into numbers, names and signs."""

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from hardwire.model.errors import BadValueError

# A file from elsewhere may hold anything. What people write is a tenth of it.
LENGTH_LIMIT = 1000


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    NAME = "name"
    SIGN = "sign"
    END = "end"


class Token(Struct, frozen=True):
    """A piece of the text."""

    kind: Kind
    text: str
    column: int
    """Where it begins; the first letter is 1."""


# ASCII alone: `\d` and `\w` would take digits and letters that float() and people read otherwise.
_SHAPES = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>&&|\|\||[<>=!]=|[-+*/%()<>=!,])
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of an expression, at last its end.

    Raises:
        BadValueError: it is too long, or something in it belongs to no expression; the sentence names the column.
    """
    if len(text) > LENGTH_LIMIT:
        raise BadValueError(f"an expression has at most {LENGTH_LIMIT} letters, this one has {len(text)}")
    place = 0
    while place < len(text):
        found = _SHAPES.match(text, place)
        if found is None:
            raise at(place + 1, f"{text[place]!r} means nothing here")
        if found.lastgroup != "space":
            yield Token(Kind(found.lastgroup), found.group(), place + 1)
        place = found.end()
    yield Token(Kind.END, "", len(text) + 1)


def at(column: int, sentence: str) -> BadValueError:
    """Return the error of a place in the text."""
    return BadValueError(f"column {column}: {sentence}")
