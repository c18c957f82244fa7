"""Units: what goes together, what is converted, what is refused and what the sentence says to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.computed.evaluation import evaluated
from hardwire.drivers.computed.fitting import UndecidedError, fitted_to
from hardwire.drivers.computed.parsing import parse
from hardwire.drivers.computed.tree import Reference
from hardwire.drivers.computed.units import PLAIN, are_alike, is_known_unit, product, quotient, unit_named
from hardwire.model.energy import KEPT_BY_THE_DEVICE, MEASURED, STEERED, SWITCHED
from hardwire.model.errors import BadValueError

UNITS = {
    "w": "W",
    "kw": "kW",
    "wh": "Wh",
    "kwh": "kWh",
    "gj": "GJ",
    "v": "V",
    "a": "A",
    "ma": "mA",
    "va": "VA",
    "var": "var",
    "pct": "%",
    "count": "",
    "m3": "m3",
    "lpm": "l/min",
    "rpm": "rpm",
    "celsius": "°C",
    "price": "EUR/kWh",
}
"""Points by name: `x.kw` is in kW. Each has the value 10."""


def value(text: str, target: str) -> float:
    """Return what an expression comes to in a unit, all points being 10."""
    return evaluated(fitted_to(parse(text), target, lambda reference: UNITS.get(reference.point)), lambda _: 10)


@pytest.mark.parametrize(
    ("text", "target", "found"),
    [
        ("x.w - x.w", "W", 0),
        ("x.kw", "W", 10_000),
        ("x.w", "kW", 0.01),
        ("x.w + x.kw", "W", 10_010),
        ("x.kw + x.w", "W", 10_010),
        ("x.kw + 2", "W", 12_000),
        ("x.kw + 2 W", "W", 10_002),
        ("2 + x.w", "W", 12),
        ("500", "W", 500),
        ("500 W", "W", 500),
        ("0.5 kW", "W", 500),
        ("(1 + 2) * 3", "W", 9),
        ("x.w * 1.5", "W", 15),
        ("2 * x.w / 4", "W", 5),
        ("-x.kw", "W", -10_000),
        ("x.kwh - 0.2 kWh", "kWh", 9.8),
        ("x.kwh - x.wh", "kWh", 9.99),
        ("x.gj", "kWh", 10_000_000 / 3600),
        ("x.kwh / 2 h", "W", 5000),
        ("x.w * 30 min", "Wh", 5),
        ("x.v * x.a", "W", 100),
        ("x.v * x.a", "VA", 100),
        ("x.w + x.v * x.a", "W", 110),
        ("x.va + x.v * x.a", "VA", 110),
        ("x.v * x.ma", "W", 0.1),
        ("x.w / x.v", "A", 1),
        ("x.kw / x.v", "A", 1000),
        ("x.w / 230 V", "A", 10 / 230),
        ("x.v / x.a", "Ω", 1),
        ("x.w / x.va", "", 1),
        ("x.w / x.kw", "", 0.001),
        ("x.count", "", 10),
        ("x.count + 1", "", 11),
        ("x.count * 2 kW", "W", 20_000),
        ("x.count * 1 %", "%", 10),
        ("x.pct", "", 0.1),
        ("x.pct + 5", "%", 15),
        ("x.kw * x.pct", "W", 1000),
        ("x.kw * 50 %", "W", 5000),
        ("(x.v - 1 V) / 4 V * 100 %", "%", 225),
        ("clamp((x.v - 1 V) / 4 V * 100 %, 0, 100)", "%", 100),
        ("clamp(x.kw, 0 W, 3 kW)", "W", 3000),
        ("clamp(x.w, 20, 30)", "W", 20),
        ("min(x.kw, 500 W, x.w)", "W", 10),
        ("max(1, 2)", "W", 2),
        ("max(x.kw, 500 W)", "W", 10_000),
        ("sum(x.w, x.kw, 1)", "W", 10_011),
        ("abs(-x.w)", "W", 10),
        ("positive(x.w - 20)", "W", 0),
        ("negative(x.w - 20)", "W", 10),
        ("positive(x.w)", "W", 10),
        ("negative(x.w)", "W", 0),
        ("round(x.w / 3, 1)", "W", 3.3),
        ("round(x.w / 3)", "W", 3),
        ("round(x.kw / 3, 0)", "W", 3000),
        ("x.lpm", "m3/h", 0.6),
        ("x.lpm * 1 h", "m3", 0.6),
        ("x.rpm + x.rpm", "rpm", 20),
        ("x.rpm / x.rpm", "", 1),
        ("x.celsius - 2 °C", "°C", 8),
        ("x.price", "EUR/kWh", 10),
    ],
)
def test_units_that_go_together_are_converted(text: str, target: str, found: float) -> None:
    assert value(text, target) == pytest.approx(found)


@pytest.mark.parametrize("text", ["x.w", "x.w - 3", "x.kw", "2 * x.w", "abs(x.w)", "round(x.w)"])
def test_whole_numbers_stay_whole(text: str) -> None:
    assert isinstance(value(text, "W"), int)


@pytest.mark.parametrize(
    ("text", "target", "sentence"),
    [
        (
            "x.w + x.kwh",
            "W",
            "in `x.w . x.kwh` the units do not go together: `x.w` is in W, `x.kwh` in kWh",
        ),
        ("x.w", "kWh", "`x.w` is in W, and kWh is wanted"),
        ("x.va", "W", "`x.va` is in VA, and W is wanted"),
        ("2 * x.va", "W", "`2 . x.va` is in VA, and W is wanted"),
        ("x.w + x.var", "W", "`x.w` is in W, `x.var` in var"),
        ("sum(x.v * x.a, x.w, x.va)", "W", "`x.w` is in W, `x.va` in VA"),
        ("x.w", "", "`x.w` is in W, and a number without a unit is wanted"),
        ("x.count", "W", "`x.count` has no unit, and W is wanted: write `\\* 1 W` behind it$"),
        ("x.w / x.w", "W", "has no unit, and W is wanted"),
        ("x.count", "%", "write `\\* 1 %` behind it, or `\\* 100 %` where it runs from 0 to 1"),
        ("x.count + x.w", "W", "`x.w` is in W, `x.count` in no unit"),
        ("1 + x.count + x.w", "W", "`x.w` is in W, `1 . x.count` in no unit"),
        ("clamp(x.w, 0 V, 1)", "W", "`x.w` is in W, `0 V` in V"),
        ("x.v * x.v", "W", "`x.v \\* x.v` is in V·V, and W is wanted"),
        ("1 / x.w", "W", "`1 / x.w` is in 1/W, and W is wanted"),
        ("x.price * x.kwh", "EUR", "is in EUR/kWh·kWh, and EUR is wanted"),
        ("x.rpm + x.celsius", "rpm", "`x.rpm` is in rpm, `x.celsius` in °C"),
        ("(1 W + 1 kWh) * x.unheard", "W", "`1 W` is in W, `1 kWh` in kWh"),
    ],
)
def test_units_that_do_not_go_together_are_named(text: str, target: str, sentence: str) -> None:
    with pytest.raises(BadValueError, match=sentence):
        value(text, target)


def test_what_is_not_known_yet_is_not_judged() -> None:
    with pytest.raises(UndecidedError):
        value("x.w + x.unheard", "W")


@pytest.mark.parametrize(
    "unit", sorted({point.unit for point in (*MEASURED, *SWITCHED, *STEERED, *KEPT_BY_THE_DEVICE) if point.unit})
)
def test_every_unit_of_the_vocabulary_is_known(unit: str) -> None:
    assert is_known_unit(unit) or all(map(is_known_unit, unit.split("/")))


NAMES = st.sampled_from(["W", "kW", "VA", "var", "V", "mA", "Wh", "GJ", "%", "m3", "l/min", "rpm", "s", ""])


@given(NAMES, NAMES)
def test_what_is_multiplied_and_divided_by_a_unit_is_as_before(one: str, other: str) -> None:
    unit, by = unit_named(one), unit_named(other)

    again = quotient(product(unit, by), by)

    assert are_alike(again, unit)
    assert again.scale == unit.scale
    assert product(unit, by).powers == product(by, unit).powers
    assert quotient(unit, unit) == PLAIN
    assert product(quotient(unit, by), by).sorts == unit.sorts


def test_a_reference_is_what_stands_in_the_text() -> None:
    seen: list[Reference] = []

    def unit_of(reference: Reference) -> str:
        seen.append(reference)
        return "W"

    fitted_to(parse("grid.gas.value + 'a b'.c"), "W", unit_of)

    assert seen == [Reference("grid.gas", "value"), Reference("a b", "c")]


def test_an_expression_is_fitted_once() -> None:
    once = fitted_to(parse("x.kw"), "W", lambda _: "kW")

    with pytest.raises(AssertionError, match="fitted once"):
        fitted_to(once, "W", lambda _: "kW")
