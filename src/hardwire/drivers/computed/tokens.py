"""An expression's text cut into numbers, names and signs."""

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
    QUOTED = "quoted"
    UNIT = "unit"
    """A unit that is no name: `%`, `°C`."""
    SIGN = "sign"
    END = "end"


class Token(Struct, frozen=True):
    """A piece of the text."""

    kind: Kind
    text: str
    """Without its quotes."""
    column: int
    """Where it begins; the first letter is 1."""


_SHAPES = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<quoted>'[^']+'|"[^"]+")
    | (?P<unit>[%°Ωµ][A-Za-z0-9]*)
    | (?P<sign>[-+*/().,])
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
            raise at(place + 1, _unreadable(text[place]))
        shape, piece = found.lastgroup, found.group()
        if shape != "space":
            kind = Kind(shape)
            yield Token(kind, piece[1:-1] if kind is Kind.QUOTED else piece, place + 1)
        place = found.end()
    yield Token(Kind.END, "", len(text) + 1)


def at(column: int, sentence: str) -> BadValueError:
    """Return the error of a place in the text."""
    return BadValueError(f"column {column}: {sentence}")


def _unreadable(letter: str) -> str:
    if letter in "'\"":
        return "a quote is opened and not closed, or there is nothing in it"
    return f"{letter!r} means nothing here; there are + - * /, parentheses, numbers, units, points and functions"
