"""How a device is computed from those that are there: each source looked up, each unit checked."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from msgspec import Struct
from msgspec.structs import replace

from hardwire.drivers.computed.families import contradicted
from hardwire.drivers.computed.fitting import fitted_to
from hardwire.drivers.computed.settings import STEERING, Recipe, Target, unit_of
from hardwire.drivers.computed.tree import Node, Reference, references
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, CallerError, UnknownError
from hardwire.model.point import Keeper, Point, PointKind

Known = Mapping[str, Device]
"""Every device of the hub by its id."""


class Child(Struct, frozen=True):
    """A meter behind the source, as it hangs behind the computed device."""

    device: Device
    source: str


class Plan(Struct, frozen=True, kw_only=True):
    """What is computed and what is taken over."""

    points: tuple[Point, ...]
    formulas: tuple[tuple[str, Node], ...] = ()
    mirrors: tuple[tuple[str, Reference], ...] = ()
    children: tuple[Child, ...] = ()


def planned(recipe: Recipe, known: Known) -> Plan:
    """Return how to compute a device from those that are known now.

    Raises:
        UnknownError: a source or a point of it is not there; `path` names the source.
        CallerError: the device would be made from itself, or units do not go together. Each has a sentence.
    """
    for source in recipe.sources:
        if source not in known:
            raise UnknownError(f"there is no device {source!r}{_nearest(source, known)}", path=source)
    if circle := circle_of(recipe.id, recipe.sources, known):
        raise CallerError(f"it would be made from itself: {' from '.join(circle)}; take one of them out")
    formulas, mirrors = [], []
    for target in recipe.targets:
        name = target.point.name
        for reference in references(target.node):
            _point(reference, known)
        try:
            if isinstance(node := target.node, Reference) and target.point.kind is not PointKind.NUMBER:
                _check_kind(target, node, known)
                mirrors.append((name, node))
            else:
                formulas.append(
                    (name, fitted_to(node, target.point.unit, lambda one: unit_of(one, _point(one, known))))
                )
        except BadValueError as error:
            raise BadValueError(f"{name}: {error.message}", path=f"points.{name}") from error
    points = [target.point for target in recipe.targets]
    children: tuple[Child, ...] = ()
    if recipe.like:
        taken = tuple(_taken_over(known[recipe.like], [point.name for point in points]))
        points += taken
        mirrors += [(point.name, Reference(recipe.like, point.name)) for point in taken]
        children = tuple(_children(recipe, recipe.like, known))
    return Plan(points=tuple(points), formulas=tuple(formulas), mirrors=tuple(mirrors), children=children)


def relevant(recipe: Recipe, known: Known) -> tuple[Device | None, ...]:
    """Return all that a plan is made from: another plan is needed only when one of these has changed."""
    behind = (device for device in known.values() if recipe.like and device.parent == recipe.like)
    return (*map(known.get, recipe.sources), *behind)


def circle_of(id: str, sources: Iterable[str], known: Known) -> tuple[str, ...]:
    """Return the way by which a device would be made from itself, from its id to its id; empty when there is none.

    What hangs behind a meter lives as long as the meter does, so it is made from it in that sense.
    """
    ways: list[tuple[str, ...]] = [(id, source) for source in sources]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == id:
            return way
        device = known.get(way[-1])
        if device is None or device.id in seen:
            continue
        seen.add(device.id)
        ways += [(*way, one) for one in (*device.sources, *filter(None, (device.parent,)))]
    return ()


def _point(reference: Reference, known: Known) -> Point:
    device = known[reference.device]
    point = device.point(reference.point)
    if point is None:
        names = [one.name for one in device.points]
        raise UnknownError(
            f"{device.id} has no point {reference.point!r}{_nearest(reference.point, names)}", path=device.id
        )
    return point


def _check_kind(target: Target, reference: Reference, known: Known) -> None:
    found = _point(reference, known).kind
    if found is not target.point.kind:
        raise BadValueError(
            f"{reference.device}.{reference.point} holds a {found.value}, and a {target.point.kind.value} is wanted"
        )


def _taken_over(source: Device, named: Iterable[str]) -> Iterable[Point]:
    """Yield what is measured, not what can be set: a computed device reaches no switch of its source."""
    names = frozenset(named)
    left_out = names | contradicted(names) | STEERING
    for point in source.points:
        if point.keeper is Keeper.SOURCE and not point.writable and point.name not in left_out:
            yield _own(point)


def _children(recipe: Recipe, like: str, known: Known) -> Iterable[Child]:
    for device in known.values():
        if device.parent == like:
            points = tuple(_own(point) for point in device.points if point.keeper is Keeper.SOURCE)
            own_id = f"{recipe.id}.{device.id.removeprefix(f'{like}.')}"
            yield Child(
                Device(
                    id=own_id,
                    kind=device.kind,
                    timezone=device.timezone,
                    points=points,
                    parent=recipe.id,
                    sources=(device.id,),
                ),
                device.id,
            )


def _own(point: Point) -> Point:
    """Return a source's point as the computed device has it: read only, and logged as its own owner wants."""
    return replace(point, writable=False, tag="", log_interval_s=0)


def _nearest(word: str, names: Iterable[str]) -> str:
    near = get_close_matches(word, names, 1, 0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
