"""An expression as a tree, and as the text that people would write for it."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias, assert_never

from msgspec import Struct

FUNCTIONS: Mapping[str, tuple[int, int | None]] = {
    "abs": (1, 1),
    "clamp": (3, 3),
    "max": (2, None),
    "min": (2, None),
    "negative": (1, 1),
    "positive": (1, 1),
    "round": (1, 2),
    "sum": (1, None),
}
"""What can be called, with the fewest and the most arguments that it takes; None: as many as there are."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_SUM, _PRODUCT, _ATOM = 1, 2, 3
"""How tightly a node binds what stands in it."""
_TIGHTNESS: Mapping[str, int] = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}


class Number(Struct, frozen=True):
    """A number that stands in the text, never below 0."""

    value: int | float
    unit: str = ""


class Reference(Struct, frozen=True):
    """A point of a device."""

    device: str
    point: str


class Negative(Struct, frozen=True):
    """What stands behind a minus sign."""

    of: "Node"


class Binary(Struct, frozen=True):
    """Two values with a sign between them: `+`, `-`, `*` or `/`."""

    sign: str
    left: "Node"
    right: "Node"


class Call(Struct, frozen=True):
    """A function with its arguments."""

    function: str
    arguments: tuple["Node", ...]


class Scaled(Struct, frozen=True):
    """A value in another unit. It is put in where units meet, and nobody writes it."""

    of: "Node"
    factor: Fraction


Node: TypeAlias = Number | Reference | Negative | Binary | Call | Scaled


def references(node: Node) -> Iterator[Reference]:
    """Yield every point that an expression reads, in the order of its text."""
    match node:
        case Reference():
            yield node
        case Negative(of) | Scaled(of):
            yield from references(of)
        case Binary(_, left, right):
            yield from references(left)
            yield from references(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from references(argument)


def text_of(node: Node) -> str:
    """Return the expression as people would write it; parsed again it is the same tree."""
    match node:
        case Number(value, unit):
            return f"{value!r} {unit}".rstrip()
        case Reference(device, point):
            parts = device.split(".")
            names = parts if all(map(NAME.fullmatch, parts)) else [_quoted(device)]
            return ".".join([*names, point if NAME.fullmatch(point) else _quoted(point)])
        case Negative(of):
            return f"-{_within(of, _ATOM)}"
        case Binary(sign, left, right):
            tightness = _TIGHTNESS[sign]
            return f"{_within(left, tightness)} {sign} {_within(right, tightness + 1)}"
        case Call(function, arguments):
            return f"{function}({', '.join(map(text_of, arguments))})"
        case Scaled(of):
            return text_of(of)
        case _:
            assert_never(node)


def _within(node: Node, tightness: int) -> str:
    """Return the text of a part, in parentheses where it would fall apart without them."""
    inner = node.of if isinstance(node, Scaled) else node
    own = _TIGHTNESS[inner.sign] if isinstance(inner, Binary) else _ATOM
    return text_of(inner) if own >= tightness else f"({text_of(inner)})"


def _quoted(name: str) -> str:
    return f'"{name}"' if "'" in name else f"'{name}'"
