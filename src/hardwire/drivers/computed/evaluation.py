"""What an expression comes to, or why it comes to nothing."""

from collections.abc import Callable, Sequence
from math import isfinite
from typing import assert_never

from hardwire.drivers.computed.parsing import WHOLE_LIMIT
from hardwire.drivers.computed.tree import Binary, Call, Negative, Node, Number, Reference, Scaled, text_of
from hardwire.model.value import Value

Figure = int | float
Read = Callable[[Reference], Value | None]


class UncomputableError(Exception):
    """An expression has no value at this moment. `kind` is stable, the message is a sentence."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def evaluated(node: Node, read: Read) -> Figure:
    """Return the value of an expression whose units are fitted: always finite, whole numbers below 2^53 exact.

    Raises:
        UncomputableError: a source has not told a value (`missing`) or told none that is a number (`no-number`),
            something is divided by 0 (`division-by-zero`) or is too large (`overflow`).
    """
    match node:
        case Number(value):
            return value
        case Reference():
            return _figure(node, read(node))
        case Negative(of):
            return -evaluated(of, read)
        case Scaled(of, factor):
            return _settled(node, evaluated(of, read), factor.denominator, factor.numerator)
        case Binary(sign, left, right):
            return _joined(node, sign, evaluated(left, read), evaluated(right, read))
        case Call(function, arguments):
            return _called(node, function, [evaluated(argument, read) for argument in arguments])
        case _:
            assert_never(node)


def _figure(reference: Reference, value: Value | None) -> Figure:
    if value is None:
        raise UncomputableError("missing", f"{text_of(reference)} has no value yet")
    # A flag counts as 1 or 0: `heater.power_on * 2000 W`.
    if not isinstance(value, int | float):
        raise UncomputableError("no-number", f"{text_of(reference)} is no number")
    return _settled(reference, int(value) if isinstance(value, bool) else value)


def _joined(node: Node, sign: str, left: Figure, right: Figure) -> Figure:
    match sign:
        case "+":
            return _settled(node, left + right)
        case "-":
            return _settled(node, left - right)
        case "*":
            return _settled(node, left * right)
    if right == 0:
        raise UncomputableError("division-by-zero", f"`{text_of(node)}` divides by 0")
    return _settled(node, left, right)


def _called(node: Node, function: str, given: Sequence[Figure]) -> Figure:
    first = given[0]
    match function:
        case "abs":
            return abs(first)
        case "clamp":
            return min(max(first, given[1]), given[2])
        case "max":
            return max(given)
        case "min":
            return min(given)
        case "negative":
            return max(-first, 0)
        case "positive":
            return max(first, 0)
        case "round":
            # With 0 digits too it is a whole number.
            return _settled(node, round(first, int(given[1]) or None) if len(given) > 1 else round(first))
    return _settled(node, sum(given))


def _settled(node: Node, value: Figure, divisor: Figure = 1, factor: int = 1) -> Figure:
    """Return a value as it may go on: always finite, and a float where it is beyond what a float holds exactly."""
    try:
        value *= factor
        value = value if divisor == 1 else value / divisor
        if isinstance(value, int) and abs(value) < WHOLE_LIMIT:
            return value
        if isfinite(figure := float(value)):
            return figure
    except OverflowError:
        pass
    raise UncomputableError("overflow", f"`{text_of(node)}` is too large, or no number")
