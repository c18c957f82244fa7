"""The expression language: what is read, what is refused with a sentence, and that nothing else ever happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.computed.parsing import DEPTH_LIMIT, NODE_LIMIT, parse
from hardwire.drivers.computed.tokens import LENGTH_LIMIT
from hardwire.drivers.computed.tree import Binary, Call, Negative, Node, Number, Reference, references, text_of
from hardwire.drivers.computed.units import is_known_unit
from hardwire.model.errors import BadValueError

GRID, CHARGER = Reference("grid", "power_w"), Reference("charger", "power_w")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("grid.power_w - charger.power_w", Binary("-", GRID, CHARGER)),
        ("grid.power_w-charger.power_w", Binary("-", GRID, CHARGER)),
        ("1 + 2 * 3", Binary("+", Number(1), Binary("*", Number(2), Number(3)))),
        ("(1 + 2) * 3", Binary("*", Binary("+", Number(1), Number(2)), Number(3))),
        ("8 - 4 - 2", Binary("-", Binary("-", Number(8), Number(4)), Number(2))),
        ("8 / 4 / 2", Binary("/", Binary("/", Number(8), Number(4)), Number(2))),
        ("-grid.power_w * 2", Binary("*", Negative(GRID), Number(2))),
        ("1 - -2", Binary("-", Number(1), Negative(Number(2)))),
        ("500 W", Number(500, "W")),
        ("2.5kW", Number(2.5, "kW")),
        ("0.2 kWh", Number(0.2, "kWh")),
        ("50 %", Number(50, "%")),
        ("21.5 °C", Number(21.5, "°C")),
        ("20 m3", Number(20, "m3")),
        ("1e3 W", Number(1000.0, "W")),
        ("9007199254740992", Number(9007199254740992.0)),
        ("'grid-2'.power_w", Reference("grid-2", "power_w")),
        ('"2345-6789".ad0', Reference("2345-6789", "ad0")),
        ("tank.'Water level'", Reference("tank", "Water level")),
        ("grid.gas.value", Reference("grid.gas", "value")),
        ("'grid.gas'.value", Reference("grid.gas", "value")),
        ("min.max", Reference("min", "max")),
        ("clamp(grid.power_w, 0, 3 kW)", Call("clamp", (GRID, Number(0), Number(3, "kW")))),
        ("round(grid.power_w, 0)", Call("round", (GRID, Number(0)))),
        (" sum( 1 ,\n\t2 ) ", Call("sum", (Number(1), Number(2)))),
    ],
)
def test_an_expression_is_read_as_people_mean_it(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "column 1: a number or a point such as grid.power_w is missing at the end"),
        ("grid.power_w -", "column 15: a number or a point such as grid.power_w is missing"),
        ("grid.power_w charger.power_w", "column 14: 'charger' is not expected here; is there a sign missing"),
        ("2 grid.power_w", "column 3: there is no unit 'grid'"),
        ("2 kw", "column 3: there is no unit 'kw'; did you mean 'kW'?"),
        ("2 furlongs", "column 3: there is no unit 'furlongs'; known are W"),
        ("grid-2.power_w", "column 1: 'grid' is no point: write device.point.* stands in quotes: 'grid-2'.power_w"),
        ("power_w", "column 1: 'power_w' is no point"),
        ("grid.", "column 6: the name of a point is missing behind 'grid'"),
        ("grid.2", "column 6: the name of a point is missing behind 'grid'"),
        (".5", "column 1: '.' is not expected here"),
        ("* 2", "column 1: '\\*' is not expected here"),
        ("(1 + 2", "column 7: the parenthesis of column 1 is not closed here"),
        ("min(1, 2", "column 9: the parenthesis of column 4 is not closed here"),
        ("1 + 2)", "column 6: '\\)' is not expected here"),
        ("eval(1)", "column 1: there is no function 'eval'; known are abs"),
        ("maxi(1, 2)", "column 1: there is no function 'maxi'; did you mean 'max'?"),
        ("abs(1, 2)", "column 1: abs takes 1 argument, not 2"),
        ("max(1)", "column 1: max takes 2 or more arguments, not 1"),
        ("round(1, 2, 3)", "column 1: round takes 1 or 2 arguments, not 3"),
        ("round(1, 10)", "column 1: round takes a number of digits from 0 to 9"),
        ("round(1, grid.power_w)", "column 1: round takes a number of digits"),
        ("round(1, 1 W)", "column 1: round takes a number of digits"),
        ("min()", "column 5: '\\)' is not expected here"),
        ("2 ^ 3", "column 3: '\\^' means nothing here"),
        ("grid.'power", "column 6: a quote is opened and not closed"),
        ("grid.''", "column 6: a quote is opened and not closed, or there is nothing in it"),
        ("1e999", "column 1: a number is too large"),
        ("grid.power_w if 1", "column 14: 'if' is not expected here"),
        ("__import__('os')", "column 1: there is no function '__import__'"),
        ("グリッド.power_w", "column 1: 'グ' means nothing here"),
        ("1" * (LENGTH_LIMIT + 1), f"at most {LENGTH_LIMIT} letters, this one has {LENGTH_LIMIT + 1}"),
        ("(" * 900, f"column {DEPTH_LIMIT + 1}: parentheses, functions and signs stand in each other at most"),
        ("-" * 900, f"column {DEPTH_LIMIT + 1}: parentheses, functions and signs"),
        ("abs(" * 200, "parentheses, functions and signs stand in each other at most"),
        ("1" + "+1" * 450, f"an expression has at most {NODE_LIMIT} numbers, points, signs and functions"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(BadValueError, match=f"^(an expression has )?{sentence}|{sentence}"):
        parse(text)


def test_what_is_as_deep_or_as_long_as_may_be_is_read() -> None:
    deep = "(" * (DEPTH_LIMIT - 1) + "1" + ")" * (DEPTH_LIMIT - 1)
    long = "+".join(["1"] * (NODE_LIMIT // 2))

    assert parse(deep) == Number(1)
    assert len(text_of(parse(long))) == 4 * (NODE_LIMIT // 2) - 3


def test_references_come_in_the_order_of_the_text() -> None:
    found = references(parse("-min(c.x, a.x * (b.x + 1)) / a.x"))

    assert [reference.device for reference in found] == ["c", "a", "b", "a"]


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
QUOTED = st.text(st.characters(codec="utf-8", exclude_characters="'\""), min_size=1, max_size=8)
UNITS = st.sampled_from(["", "W", "kW", "kWh", "V", "mA", "%", "°C", "m3", "min", "Ω"])
NUMBERS = st.builds(
    Number,
    st.one_of(st.integers(0, 2**53 - 1), st.floats(0, allow_infinity=False, allow_nan=False, allow_subnormal=True)),
    UNITS,
)
# A device that is written with dots has parts that are names, or stands in quotes as a whole.
DEVICES = st.one_of(NAMES, st.lists(NAMES, min_size=2, max_size=3).map(".".join), QUOTED)
REFERENCES = st.builds(Reference, DEVICES, st.one_of(NAMES, QUOTED))


def calls(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(lambda one: Call("abs", (one,)), inner),
        st.builds(lambda one, digits: Call("round", (one, Number(digits))), inner, st.integers(0, 9)),
        st.builds(lambda found: Call("max", tuple(found)), st.lists(inner, min_size=2, max_size=3)),
    )


TREES: st.SearchStrategy[Node] = st.recursive(st.one_of(NUMBERS, REFERENCES), calls, max_leaves=12)


@given(TREES)
def test_a_tree_that_is_written_down_is_read_as_the_same_tree(tree: Node) -> None:
    assert parse(text_of(tree)) == tree


def outcome(text: str) -> Node | BadValueError:
    """Return the tree of a text, or why it has none."""
    try:
        return parse(text)
    except BadValueError as error:
        return error


PIECES = st.sampled_from(["grid.power_w", "min(", ")", "(", "-", "+", "*", "/", "2", " W", ",", "'a'"])


@given(
    st.one_of(
        st.text(max_size=200), st.text("gx.'\"()+-*/,%W 0123456789eE", max_size=300), st.lists(PIECES).map("".join)
    )
)
def test_any_text_is_a_tree_or_a_sentence(text: str) -> None:
    found = outcome(text)

    if isinstance(found, BadValueError):
        assert found.message
        assert found.code == "bad-value"
    else:
        assert parse(text_of(found)) == found


def test_every_unit_of_these_tests_is_known() -> None:
    assert all(is_known_unit(unit) for unit in ["W", "kW", "kWh", "V", "mA", "%", "°C", "m3", "min", "Ω"])
