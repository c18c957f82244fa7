"""What the configuration file may say of a computed device, checked before any other device is known."""

from difflib import get_close_matches
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from hardwire.drivers.computed.families import NEVER, check_totals
from hardwire.drivers.computed.fitting import UndecidedError, fitted_to
from hardwire.drivers.computed.parsing import parse
from hardwire.drivers.computed.tree import Node, Reference, references
from hardwire.model.energy import KEPT_BY_THE_DEVICE, MEASURED, STEERED, SWITCHED, energy_point
from hardwire.model.errors import BadValueError
from hardwire.model.point import Point, PointKind

# As many as the largest device in the vocabulary has, and some.
POINTS_LIMIT = 100
NAME_LIMIT = 64
STEERING = frozenset(point.name for point in STEERED)
_NAMES = tuple(point.name for point in (*MEASURED, *SWITCHED, *KEPT_BY_THE_DEVICE))


class Formula(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A point with more to say than its expression."""

    value: str
    """The expression."""
    unit: Annotated[str, Meta(max_length=20)] | None = None
    """Its unit, for a name of your own; empty for a number without one."""
    decimals: Annotated[int, Meta(ge=0, le=6)] | None = None
    """How many decimals people want to see."""
    label: Annotated[str, Meta(max_length=100)] = ""
    """What people read; empty means the vocabulary's own, else the name."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of a device with `driver = "computed"`."""

    like: Annotated[str, Meta(min_length=1, max_length=130)] | None = None
    """The device whose other points are taken over, those of the meters behind it too."""
    points: Annotated[
        dict[str, Any], Meta(max_length=POINTS_LIMIT)
    ] = {}  # Any: judged name by name, so that errors say which
    """Name and expression, or a table of `value`, `unit`, `decimals` and `label`, for each point that is computed."""


class Target(Struct, frozen=True):
    """A point with the expression that it is computed by."""

    point: Point
    node: Node


class Recipe(Struct, frozen=True, kw_only=True):
    """What a device is made from and how, as far as its own settings say."""

    id: str
    like: str | None
    targets: tuple[Target, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The devices that it reads, each once."""
        read = [reference.device for target in self.targets for reference in references(target.node)]
        return tuple(dict.fromkeys((*([self.like] if self.like else ()), *read)))


def recipe_of(id: str, settings: Settings) -> Recipe:
    """Return the recipe of a device.

    Raises:
        BadValueError: an expression, a name or a unit is wrong, or it is made from nothing; `path` names the setting.
    """
    targets = tuple(_target(name, formula) for name, formula in settings.points.items())
    recipe = Recipe(id=id, like=settings.like, targets=targets)
    if not recipe.sources:
        raise BadValueError(
            'it is made from nothing: name a device by `like = "grid"`, or a point of one in an expression',
            path="points",
        )
    if settings.like and _belongs_to(id, settings.like):
        raise BadValueError(f"{id} cannot be like itself", path="like")
    for target in targets:
        if any(_belongs_to(id, reference.device) for reference in references(target.node)):
            raise BadValueError(f"{id} cannot be made from its own points", path=f"points.{target.point.name}")
    if settings.like:
        check_totals([target.point.name for target in targets])
    return recipe


def unit_of(reference: Reference, point: Point) -> str:
    """Return the unit of a source's point, empty when it has none.

    Raises:
        BadValueError: nothing can be computed with it.
    """
    if point.kind in (PointKind.NUMBER, PointKind.FLAG):
        return point.unit
    raise BadValueError(
        f"{reference.device}.{reference.point} holds a text, and only numbers and flags are computed with"
    )


def _belongs_to(id: str, device: str) -> bool:
    return device == id or device.startswith(f"{id}.")


def _target(name: str, formula: object) -> Target:
    if not 0 < len(name) <= NAME_LIMIT or not name.isprintable():
        raise BadValueError(f"the name of a point has 1 to {NAME_LIMIT} printable letters", path="points")
    path = f"points.{name}"
    try:
        written = _formula(formula)
        point = _point(name, written)
        node = parse(written.value)
        _check_early(point, node)
    except BadValueError as error:
        raise BadValueError(error.message, path=path) from error
    return Target(point, node)


def _formula(formula: object) -> Formula:
    if isinstance(formula, str):
        return Formula(value=formula)
    if not isinstance(formula, dict) or "value" not in formula:
        raise BadValueError('write an expression in quotes, or a table with one in it: { value = "...", unit = "W" }')
    fields = Formula.__struct_fields__
    for key in formula:
        if key not in fields:
            near = get_close_matches(key, fields, 1, 0.5) or [", ".join(fields)]
            raise BadValueError(f"there is no setting {key!r}; there is {near[0]}")
    try:
        return msgspec.convert(formula, Formula, strict=True)
    except msgspec.ValidationError as error:
        raise BadValueError(str(error).replace(" - at `$.", ": `")) from error


def _point(name: str, formula: Formula) -> Point:
    """Return the point of a name: the vocabulary's, else one by its own unit."""
    if name in NEVER:
        raise BadValueError(f"a computed device has no {name}: it would contradict what is computed")
    if name in STEERING:
        raise BadValueError("a computed device steers no batteries: leave out what begins with batteries_")
    known = energy_point(name)
    if known is None:
        if formula.unit is None:
            near = get_close_matches(name, _NAMES, 1, 0.7)
            hint = f"did you mean {near[0]!r}? Otherwise say its unit: " if near else "say its unit: "
            raise BadValueError(f'clients know no point of this name; {hint}{name} = {{ value = "...", unit = "W" }}')
        known = Point(name=name, unit=formula.unit)
    elif formula.unit not in (None, known.unit):
        raise BadValueError(f"{name} is always in {known.unit or 'no unit'}: leave `unit` out; values are converted")
    return replace(
        known,
        writable=False,
        decimals=known.decimals if formula.decimals is None else formula.decimals,
        label=formula.label or known.label,
    )


def _check_early(point: Point, node: Node) -> None:
    """Check units as far as names tell them: a point that is called power_w anywhere is in W or kW, never in kWh."""
    if point.kind is not PointKind.NUMBER:
        if not isinstance(node, Reference):
            raise BadValueError(
                f"{point.name} holds no number: it can only be another device's, as in grid.{point.name}"
            )
        return
    try:
        fitted_to(node, point.unit, _unit_by_name)
    except UndecidedError:
        # Checked when the source is there.
        return


def _unit_by_name(reference: Reference) -> str | None:
    known = energy_point(reference.point)
    return None if known is None else unit_of(reference, known)
