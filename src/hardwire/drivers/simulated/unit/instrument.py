"""What a simulated unit measures, computes and holds: the value of each of its points at an instant."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from zlib import crc32

from hardwire.drivers.simulated.unit.expression.evaluation import evaluated, holds
from hardwire.drivers.simulated.unit.expression.parsing import parse
from hardwire.drivers.simulated.unit.expression.tree import Node, references
from hardwire.drivers.simulated.unit.points import hardware_names, unit_points
from hardwire.drivers.simulated.unit.settings import Settings
from hardwire.drivers.simulated.unit.shapes import FURTHEST
from hardwire.drivers.simulated.unit.waves import moving
from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.unit import INPUTS, LINK, OUTPUTS, SIM_ICCID, input_name, output_name, register_name
from hardwire.model.value import Value

INPUT_NAMES = frozenset(map(input_name, range(1, INPUTS + 1)))
OUTPUT_NAMES = tuple(map(output_name, range(1, OUTPUTS + 1)))

# Outputs 1 and 2 are switches, on at 50 and above; 3 and 4 take every value (ezeio reference, section 4).
SWITCHES = OUTPUT_NAMES[:2]
ON_AT = 50
FULL = 100

# Which fields are due together is nearly always the same few sets of them.
ORDERS_KEPT = 256

# A value bears about as many digits as the unit's own arithmetic has.
SIGNIFICANT_DIGITS = 9


class Instrument:
    """Everything that the unit can be asked for. What was written is the only state; all else comes from the time."""

    def __init__(self, id: str, settings: Settings) -> None:
        """Raises BadValueError with the setting's path: two of one name, an expression that is none."""
        self._points = {point.name: point for point in unit_points(settings)}
        self.fields = tuple(field.name for field in settings.fields)
        self.hardware = hardware_names(settings)
        _refuse_twins(settings, self.hardware)
        self._waves = dict(moving(id, settings))
        self._held: dict[str, float] = dict.fromkeys(OUTPUT_NAMES, 0)
        for register in settings.registers:
            if register.value is not None:
                self._held[register_name(register.device, register.register)] = register.value
        self._nodes: dict[str, Node] = {}
        for index, field in enumerate(settings.fields):
            if field.is_held:
                self._held[field.name] = field.value
            elif field.expression is None:
                self._waves[field.name] = field.wave
            else:
                self._nodes[field.name] = self._parsed(field.expression, f"fields[{index}].expression")
        self._refuse_circles(settings)
        self._condition = self._parsed(settings.condition, "condition") if settings.condition.strip() else None
        self.texts: Mapping[str, Value] = {
            LINK: settings.link,
            # Issuer and account number of no operator; what people see is that there is a card.
            **({SIM_ICCID: f"8900{crc32(id.encode()):015d}"} if settings.link == "Cell" else {}),
        }
        self._order = lru_cache(ORDERS_KEPT)(self._ordered)

    def hold(self, kept: Mapping[str, Value]) -> None:
        """Take up what was written, now or in earlier runs, and nothing else of what was kept."""
        for name, value in kept.items():
            if name in self._held and isinstance(value, int | float) and not isinstance(value, bool):
                self._held[name] = value

    def checked(self, values: Mapping[str, Value]) -> Mapping[str, float]:
        """Return what the points of a write would hold after it; all or none.

        Raises:
            CallerError: there is no such point (`unknown`), or it cannot be written (`not-writable`).
            BadValueError: a value does not fit.
        """
        return {name: self._fitting(name, value) for name, value in values.items()}

    def values(self, names: Iterable[str], at_s: float) -> dict[str, float]:
        """Return the values of numeric points at an instant; those that come to nothing are left out."""
        wanted = tuple(names)
        known: dict[str, float] = {}
        for name in self._order(wanted):
            value = self._value(name, at_s, known)
            if value is not None:
                known[name] = value
        return {name: known[name] for name in wanted if name in known}

    def is_fast_enabled(self, at_s: float) -> bool:
        """Say whether the condition of the fast log holds."""
        condition = self._condition
        if condition is None:
            return True
        known = self.values(dict.fromkeys(references(condition)), at_s)
        return holds(evaluated(condition, known))

    def _parsed(self, text: str, path: str) -> Node:
        try:
            return parse(text, fields=self.fields, points=(*self.fields, *self.hardware))
        except BadValueError as error:
            raise BadValueError(error.message, path=path) from error

    def _refuse_circles(self, settings: Settings) -> None:
        for index, field in enumerate(settings.fields):
            if field.name in self._nodes and field.name in self._behind(self._reads(field.name)):
                raise BadValueError(
                    f"the field {field.name!r} is computed from itself, at least by way of other fields",
                    path=f"fields[{index}].expression",
                )

    def _reads(self, name: str) -> tuple[str, ...]:
        node = self._nodes.get(name)
        return () if node is None else tuple(dict.fromkeys(references(node)))

    def _behind(self, names: Iterable[str]) -> set[str]:
        """Return these points with all that they are computed from."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self._reads(name))
        return found

    def _ordered(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return these points with all that they are computed from, each behind what it reads."""
        left = {name: set(self._reads(name)) for name in sorted(self._behind(names))}
        ordered: list[str] = []
        while left:
            ready = [name for name, reads in left.items() if not reads & left.keys()]
            ordered.extend(ready)
            for name in ready:
                del left[name]
        return tuple(ordered)

    def _value(self, name: str, at_s: float, known: Mapping[str, float]) -> float | None:
        if name in self._held:
            return self._held[name]
        node = self._nodes.get(name)
        if node is None:
            value = self._waves[name].value(at_s)
            return max(0, value) if name in INPUT_NAMES else value
        computed = evaluated(node, known)
        return None if computed is None else float(f"{computed:.{SIGNIFICANT_DIGITS}g}") + 0.0

    def _fitting(self, name: str, value: Value) -> float:
        point = self._points.get(name)
        if point is None:
            raise CallerError(f"there is no point {name!r}", code="unknown", path=name)
        if name not in self._held:
            raise CallerError(f"{name} cannot be written: it is measured or computed", code="not-writable", path=name)
        if isinstance(value, bool | str | tuple) or not abs(value) <= FURTHEST:
            raise BadValueError(f"{name} takes a number", path=name)
        if name not in OUTPUT_NAMES:
            return float(value)
        if not 0 <= value <= FULL:
            raise BadValueError(f"{name} takes 0 to {FULL}", path=name)
        return (FULL if value >= ON_AT else 0) if name in SWITCHES else value


def _refuse_twins(settings: Settings, hardware: Iterable[str]) -> None:
    taken = {*hardware, LINK, SIM_ICCID}
    for index, field in enumerate(settings.fields):
        if field.name in taken:
            message = f"two points are called {field.name!r}: give each its own name"
            raise BadValueError(message, path=f"fields[{index}].name")
        taken.add(field.name)
    registers = [(register.device, register.register) for register in settings.registers]
    inputs = [(entry.input,) for entry in settings.inputs]
    for place, found in (("registers", registers), ("inputs", inputs)):
        for index, one in enumerate(found):
            if one in found[:index]:
                raise BadValueError(f"it stands among the {place} twice", path=f"{place}[{index}]")
