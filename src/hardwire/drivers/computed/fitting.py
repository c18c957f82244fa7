"""Units checked: an expression with all its values put into units that go together."""

from collections.abc import Callable, Iterable
from typing import assert_never

from msgspec import Struct

from hardwire.drivers.computed.tree import Binary, Call, Negative, Node, Number, Reference, Scaled, text_of
from hardwire.drivers.computed.units import PLAIN, Unit, are_alike, product, quotient, unit_named
from hardwire.model.errors import BadValueError

UnitOf = Callable[[Reference], str | None]
"""The unit of a point, empty when it has none. None: nobody knows yet."""

_ADDING = frozenset("+-")
# Functions whose arguments are compared or added, so that they need one unit; the others have one argument that counts.
_COMPARING = frozenset({"clamp", "max", "min", "sum"})


class UndecidedError(Exception):
    """A unit is not known yet, so nothing can be said."""


class Fitted(Struct, frozen=True):
    """An expression whose parts go together."""

    node: Node
    unit: Unit | None
    """None: a number as it stands in the text, which takes the unit of what it meets."""


def fitted_to(node: Node, target: str, unit_of: UnitOf) -> Node:
    """Return the expression so that its value comes in the unit `target`.

    Raises:
        BadValueError: its units do not go together, or not with the target's; the sentence says which.
        UndecidedError: `unit_of` does not know a unit that it takes.
    """
    found = fitted(node, unit_of)
    wanted = unit_named(target)
    if found.unit is None or found.unit == wanted:
        return found.node
    if wanted.name and found.unit.is_plain:
        # 0.57 may be 57 % or a bit more than half a percent.
        ratio = ", or `* 100 %` where it runs from 0 to 1" if wanted.name == "%" else ""
        raise BadValueError(
            f"`{text_of(node)}` has no unit, and {wanted.name} is wanted: write `* 1 {wanted.name}` behind it{ratio}"
        )
    if not are_alike(found.unit, wanted):
        wish = f"{wanted.name} is wanted" if wanted.name else "a number without a unit is wanted"
        raise BadValueError(f"`{text_of(node)}` is in {_shown(found.unit)}, and {wish}")
    return _converted(found.node, found.unit, wanted)


def fitted(node: Node, unit_of: UnitOf) -> Fitted:
    """Return the expression with its unit. Raises as `fitted_to`."""
    match node:
        case Number(_, unit):
            return Fitted(node, unit_named(unit) if unit else None)
        case Reference():
            told = unit_of(node)
            if told is None:
                raise UndecidedError
            return Fitted(node, unit_named(told))
        case Negative(of):
            inner = fitted(of, unit_of)
            return Fitted(Negative(inner.node), inner.unit)
        case Binary(sign, left, right) if sign in _ADDING:
            (one, other), shared = _together(node, (left, right), unit_of)
            return Fitted(Binary(sign, one, other), shared)
        case Binary(sign, left, right):
            return _multiplied(sign, fitted(left, unit_of), fitted(right, unit_of))
        case Call(function, arguments) if function in _COMPARING:
            parts, shared = _together(node, arguments, unit_of)
            return Fitted(Call(function, parts), shared)
        case Call(function, arguments):
            # One argument is a value; the second of `round` only counts digits.
            inner = fitted(arguments[0], unit_of)
            return Fitted(Call(function, (inner.node, *arguments[1:])), inner.unit)
        case Scaled():
            raise AssertionError("an expression is fitted once")
        case _:
            assert_never(node)


def _multiplied(sign: str, left: Fitted, right: Fitted) -> Fitted:
    node = Binary(sign, left.node, right.node)
    if left.unit is None and right.unit is None:
        return Fitted(node, None)
    compose = product if sign == "*" else quotient
    return Fitted(node, compose(left.unit or PLAIN, right.unit or PLAIN))


def _together(whole: Node, parts: Iterable[Node], unit_of: UnitOf) -> tuple[tuple[Node, ...], Unit | None]:
    """Return the parts in one unit, that of one of them; numbers as they stand are taken to be in it."""
    found = [(part, fitted(part, unit_of)) for part in parts]
    units = [(part, one.unit) for part, one in found if one.unit is not None]
    # Volts times amperes go together with W and with VA, and these two not with each other: a sort decides.
    first, shared = next((one for one in units if one[1].sorts), units[0] if units else (whole, None))
    if shared is None:
        return tuple(one.node for _, one in found), None
    for part, unit in units:
        if not are_alike(unit, shared):
            raise BadValueError(
                f"in `{text_of(whole)}` the units do not go together: "
                f"`{text_of(first)}` is in {_shown(shared)}, `{text_of(part)}` in {_shown(unit)}"
            )
    return tuple(one.node if one.unit is None else _converted(one.node, one.unit, shared) for _, one in found), shared


def _converted(node: Node, unit: Unit, wanted: Unit) -> Node:
    return node if unit.scale == wanted.scale else Scaled(node, unit.scale / wanted.scale)


def _shown(unit: Unit) -> str:
    return unit.name or "no unit"
