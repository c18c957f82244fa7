"""What a unit's expression comes to at an instant."""

from collections.abc import Callable, Mapping, Sequence
from math import copysign, floor, fmod, isfinite, sqrt
from operator import eq, ge, gt, le, lt, ne
from typing import assert_never

from hardwire.drivers.simulated.unit.expression.tree import (
    Binary,
    Call,
    Inverted,
    Negative,
    Node,
    Number,
    Reference,
)

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "==": eq,
    "!=": ne,
}


def evaluated(node: Node, known: Mapping[str, float]) -> float | None:
    """Return the value of an expression: always finite; None where it comes to nothing.

    That is where it reads a point without a value, divides by 0, takes the root of less than 0 or gets too large.
    """
    match node:
        case Number(value):
            return value
        case Reference(point):
            return known.get(point)
        case Negative(of):
            inner = evaluated(of, known)
            return None if inner is None else -inner
        case Inverted(of):
            inner = evaluated(of, known)
            return None if inner is None else float(not holds(inner))
        case Binary(sign, left, right):
            one, other = evaluated(left, known), evaluated(right, known)
            return None if one is None or other is None else _joined(sign, one, other)
        case Call(function, arguments):
            given = [value for value in (evaluated(argument, known) for argument in arguments) if value is not None]
            return _called(function, given) if len(given) == len(arguments) else None
        case _:
            assert_never(node)


def holds(value: float | None) -> bool:
    """Say whether a value counts as true: when it is greater than 0 (ezeio reference, section 4)."""
    return value is not None and value > 0


def _joined(sign: str, one: float, other: float) -> float | None:
    match sign:
        case "+":
            return _settled(one + other)
        case "-":
            return _settled(one - other)
        case "*":
            return _settled(one * other)
        case "/":
            return _settled(one / other) if other else None
        case "%":
            return fmod(one, other) if other else None
        case "&&":
            return float(holds(one) and holds(other))
        case "||":
            return float(holds(one) or holds(other))
    return float(_COMPARISONS[sign](one, other))


def _called(function: str, given: Sequence[float]) -> float | None:
    first = given[0]
    match function:
        case "abs":
            return abs(first)
        case "if":
            return given[1] if holds(first) else given[2]
        case "int":
            return float(int(first))
        case "max":
            return max(given)
        case "min":
            return min(given)
        case "round":
            # Half away from 0, as people round, and not to the even neighbour.
            return copysign(floor(abs(first) + 0.5), first) + 0.0
    return sqrt(first) if first >= 0 else None


def _settled(value: float) -> float | None:
    return value if isfinite(value) else None
