"""Units: which go together, and what comes of two of them."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction

from msgspec import Struct

Powers = tuple[tuple[str, int], ...]


class Unit(Struct, frozen=True):
    """A unit as powers of what cannot be taken apart further."""

    name: str
    scale: Fraction = Fraction(1)
    """How many of the plain unit with the same powers it is: 1000 for kW."""
    powers: Powers = ()
    """Base and exponent, sorted; empty for a number without a unit, and for %."""
    sorts: Powers = ()
    """Powers of `W`, `VA` and `var`: active, apparent and reactive power are all volts times amperes, and never added.

    Volts times amperes themselves are of no sort, and go together with each.
    """

    @property
    def is_plain(self) -> bool:
        """Whether it is no unit at all."""
        return not self.powers and self.scale == 1


PLAIN = Unit("")
"""A number that counts or compares: it has no unit, and takes none by itself."""

_PREFIXES: Mapping[str, Fraction] = {
    "": Fraction(1),
    "µ": Fraction(1, 10**6),
    "m": Fraction(1, 10**3),
    "k": Fraction(10**3),
    "M": Fraction(10**6),
    "G": Fraction(10**9),
}
_PREFIXED = (
    Unit("W", powers=(("A", 1), ("V", 1)), sorts=(("W", 1),)),
    Unit("VA", powers=(("A", 1), ("V", 1)), sorts=(("VA", 1),)),
    Unit("var", powers=(("A", 1), ("V", 1)), sorts=(("var", 1),)),
    Unit("V", powers=(("V", 1),)),
    Unit("A", powers=(("A", 1),)),
    Unit("Ω", powers=(("A", -1), ("V", 1))),
    Unit("Wh", Fraction(3600), (("A", 1), ("V", 1), ("s", 1)), (("W", 1),)),
    Unit("VAh", Fraction(3600), (("A", 1), ("V", 1), ("s", 1)), (("VA", 1),)),
    Unit("varh", Fraction(3600), (("A", 1), ("V", 1), ("s", 1)), (("var", 1),)),
    Unit("J", powers=(("A", 1), ("V", 1), ("s", 1)), sorts=(("W", 1),)),
    Unit("Ah", Fraction(3600), (("A", 1), ("s", 1))),
    Unit("Hz", powers=(("s", -1),)),
    Unit("m", powers=(("m", 1),)),
    Unit("s", powers=(("s", 1),)),
    Unit("g", powers=(("g", 1),)),
    Unit("bar", Fraction(10**5), (("Pa", 1),)),
    Unit("Pa", powers=(("Pa", 1),)),
)
_ALONE = (
    Unit("%", Fraction(1, 100)),
    Unit("min", Fraction(60), (("s", 1),)),
    Unit("h", Fraction(3600), (("s", 1),)),
    Unit("cm", Fraction(1, 100), (("m", 1),)),
    Unit("m3", powers=(("m", 3),)),
    Unit("l", Fraction(1, 1000), (("m", 3),)),
    Unit("hPa", Fraction(100), (("Pa", 1),)),
    Unit("°C", powers=(("°C", 1),)),
    Unit("K", powers=(("K", 1),)),
    Unit("lx", powers=(("lx", 1),)),
    Unit("ppm", powers=(("ppm", 1),)),
    Unit("dB", powers=(("dB", 1),)),
)


def _every() -> Iterator[Unit]:
    for unit in _PREFIXED:
        for prefix, scale in _PREFIXES.items():
            yield Unit(prefix + unit.name, scale * unit.scale, unit.powers, unit.sorts)
    yield from _ALONE


_KNOWN: Mapping[str, Unit] = {unit.name: unit for unit in _every()}
_NAMES: Mapping[tuple[Fraction, Powers, Powers], str] = {
    (unit.scale, unit.powers, sorts): unit.name
    # The first name of a meaning is the one that people read: volts times amperes are W rather than VA.
    for unit in reversed(tuple(_KNOWN.values()))
    for sorts in (unit.sorts, ())
}


def is_known_unit(text: str) -> bool:
    """Whether it can stand behind a number."""
    return text in _KNOWN


def nearest_unit(text: str) -> str:
    """Return the end of a sentence: what comes nearest to a unit that is none."""
    # `kw` and `KW` are nearer to kW than any other spelling.
    alike = [name for name in _KNOWN if name.lower() == text.lower()] or get_close_matches(text, _KNOWN, 1, 0.5)
    return (
        f"; did you mean {alike[0]!r}?" if alike else "; known are W, kW, kWh, V, A, VA, var, Hz, %, m3, l and others"
    )


def unit_named(text: str) -> Unit:
    """Return the unit of that name. One that is not known goes together with itself alone."""
    if not text:
        return PLAIN
    over, slash, under = text.partition("/")
    if text not in _KNOWN and slash and over in _KNOWN and under in _KNOWN:
        return quotient(_KNOWN[over], _KNOWN[under])
    return _KNOWN.get(text) or Unit(text, powers=((text, 1),))


def are_alike(one: Unit, other: Unit) -> bool:
    """Whether values in these units can be added and compared."""
    return one.powers == other.powers and (one.sorts == other.sorts or not one.sorts or not other.sorts)


def product(one: Unit, other: Unit) -> Unit:
    """Return the unit of a product."""
    return other if one == PLAIN else _composed(one, other, 1)


def quotient(one: Unit, other: Unit) -> Unit:
    """Return the unit of a quotient."""
    return _composed(one, other, -1)


def _composed(one: Unit, other: Unit, exponent: int) -> Unit:
    if other == PLAIN:
        return one
    scale = one.scale * other.scale**exponent
    powers = _added(one.powers, other.powers, exponent)
    sorts = _added(one.sorts, other.sorts, exponent)
    if not powers and scale == 1:
        return Unit("", sorts=sorts)
    spelled = f"{one.name or 1}{'·' if exponent > 0 else '/'}{other.name or 1}"
    return Unit(_NAMES.get((scale, powers, sorts), spelled), scale, powers, sorts)


def _added(one: Powers, other: Powers, times: int) -> Powers:
    powers = dict(one)
    for base, power in other:
        powers[base] = powers.get(base, 0) + times * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))
