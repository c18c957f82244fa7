"""A unit's expression as a tree of small values."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

FUNCTIONS: Mapping[str, tuple[int, int | None]] = {
    "abs": (1, 1),
    "if": (3, 3),
    "int": (1, 1),
    "max": (2, None),
    "min": (2, None),
    "round": (1, 1),
    "sqrt": (1, 1),
}
"""What can be called, with the fewest and the most arguments that it takes; None: as many as there are."""


class Number(Struct, frozen=True):
    """A number that stands in the text, never below 0."""

    value: float


class Reference(Struct, frozen=True):
    """Another point of the unit, by its name."""

    point: str


class Negative(Struct, frozen=True):
    """What stands behind a minus sign."""

    of: "Node"


class Inverted(Struct, frozen=True):
    """What stands behind `!`: 1 where it does not hold, else 0."""

    of: "Node"


class Binary(Struct, frozen=True):
    """Two values with a sign between them: arithmetic, a comparison, `&&` or `||`."""

    sign: str
    left: "Node"
    right: "Node"


class Call(Struct, frozen=True):
    """A function with its arguments."""

    function: str
    arguments: tuple["Node", ...]


Node: TypeAlias = Number | Reference | Negative | Inverted | Binary | Call


def references(node: Node) -> Iterator[str]:
    """Yield the name of every point that an expression reads, in the order of its text."""
    match node:
        case Reference(point):
            yield point
        case Negative(of) | Inverted(of):
            yield from references(of)
        case Binary(_, left, right):
            yield from references(left)
            yield from references(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from references(argument)
