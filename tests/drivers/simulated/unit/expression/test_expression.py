"""The expressions of a unit: what they come to, and that nothing but a tree or a sentence comes of any text."""

from collections.abc import Mapping
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.unit.expression.evaluation import evaluated, holds
from hardwire.drivers.simulated.unit.expression.parsing import DEPTH_LIMIT, NODE_LIMIT, parse
from hardwire.drivers.simulated.unit.expression.tokens import LENGTH_LIMIT
from hardwire.drivers.simulated.unit.expression.tree import Node, references
from hardwire.model.errors import BadValueError

FIELDS = ("level", "Flow rate", "silent")
POINTS = (*FIELDS, "input_1", "register_2_34")
KNOWN: Mapping[str, float] = {"level": 4.0, "Flow rate": 10.0, "input_1": 500, "register_2_34": 7.5}


def tree(text: str) -> Node:
    return parse(text, fields=FIELDS, points=POINTS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("f(1) * 0.5 + r(2,34)", 9.5),
        ("F(2)", 10),
        ("level + input_1", 504),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 - 4 - 3", 3),
        ("7 % 4", 3),
        ("-7 % 4", -3),
        ("-f(1)", -4),
        ("--f(1)", 4),
        ("1e3 / .5", 2000),
        ("f(1) > 3", 1),
        ("f(1) < 3", 0),
        ("f(1) >= 4", 1),
        ("f(1) <= 3", 0),
        ("f(1) = 4", 1),
        ("f(1) == 5", 0),
        ("f(1) != 5", 1),
        ("f(1) > 3 && f(2) > 15", 0),
        ("f(1) > 3 || f(2) > 15", 1),
        ("1 || 0 && 0", 1),
        ("!f(1)", 0),
        ("!0", 1),
        ("abs(-3)", 3),
        ("if(f(1) > 3, 10, 20)", 10),
        ("if(f(1) > 5, 10, 20)", 20),
        ("int(-2.7)", -2),
        ("max(1, f(1), 2)", 4),
        ("min(1, f(1), 2)", 1),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("sqrt(f(1))", 2),
    ],
)
def test_an_expression_comes_to_its_value(text: str, value: float) -> None:
    assert evaluated(tree(text), KNOWN) == value


@pytest.mark.parametrize(
    "text",
    [
        "f(3)",
        "-f(3)",
        "!f(3)",
        "f(3) + 1",
        "max(1, f(3))",
        "1 / 0",
        "1 % 0",
        "sqrt(-1)",
        "1e308 * 1e308",
        "1e308 + 1e308",
        "-1e308 - 1e308",
        "1e308 / 1e-308",
    ],
)
def test_what_cannot_be_computed_comes_to_nothing(text: str) -> None:
    assert evaluated(tree(text), KNOWN) is None


def test_what_is_greater_than_0_is_true() -> None:
    held = [holds(value) for value in (0.001, 0, -1, None)]

    assert held == [True, False, False, False]


def test_an_expression_names_what_it_reads() -> None:
    read = list(references(tree("if(!f(1), -r(2, 34), input_1 + level) + 1")))

    assert read == ["level", "register_2_34", "input_1", "level"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "column 1: a number or a point such as f(1) is missing at the end"),
        ("1 +", "column 4: a number or a point such as f(1) is missing at the end"),
        ("* 2", "column 1: '*' is not expected here; a number or a point such as f(1) is"),
        ("1 2", "column 3: '2' is not expected here"),
        ("1 < 2 < 3", "column 7: '<' is not expected here"),
        ("f(4)", "column 1: there is no field 4: this unit has 3"),
        ("f(0)", "column 1: there is no field 0: this unit has 3"),
        ("f(level)", "column 3: a whole number is missing behind the parenthesis of column 2"),
        ("f(1.5)", "column 3: a whole number is missing behind the parenthesis of column 2"),
        ("r(2)", "column 1: a register is r(device, register), such as r(2,34)"),
        ("r(1,1)", "column 1: there is no register 1 of device 1: declare it first"),
        ("levle", "column 1: there is no point 'levle'; did you mean 'level'?"),
        ("xyzzy", "column 1: there is no point 'xyzzy'; fields are f(1), f(2), ..., registers r(2,34)"),
        ("exec(1)", "column 1: there is no function 'exec'; known are f, r, abs, if, int, max, min, round, sqrt"),
        ("abs(1, 2)", "column 1: abs takes 1, not 2"),
        ("max(1)", "column 1: max takes 2 or more, not 1"),
        ("(1", "column 3: the parenthesis of column 1 is not closed here"),
        ("f(1", "column 4: the parenthesis of column 2 is not closed here"),
        ("1e999", "column 1: a number is too large"),
        ("level.real", "column 6: '.' means nothing here"),
        ("'x'", 'column 1: "\'" means nothing here'),
        ("\uff11", "column 1: '\uff11' means nothing here"),
        ("1" * (LENGTH_LIMIT + 1), f"an expression has at most {LENGTH_LIMIT} letters, this one has 1001"),
        ("(" * 200 + "1" + ")" * 200, "parentheses, functions and signs stand in each other at most 24 deep"),
        ("-" * 200 + "1", "parentheses, functions and signs stand in each other at most 24 deep"),
        ("1" + "+1" * 200, f"an expression has at most {NODE_LIMIT} numbers, points, signs and functions"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(BadValueError) as caught:
        tree(text)

    assert sentence in caught.value.message


def test_the_deepest_expression_is_read_and_computed() -> None:
    text = "(" * (DEPTH_LIMIT - 1) + "1" + "+f(1)" * 60 + ")" * (DEPTH_LIMIT - 1)

    assert evaluated(tree(text), KNOWN) == 241


NAMES = ("f", "r", "level", "input_1", "max", "min", "if", "sqrt", "int", "abs", "round", "e")
SIGNS = (*"+-*/%()<>=!,.", "&&", "||", "==")
PIECES = st.sampled_from([*NAMES, *SIGNS, "0", "1", "2", "34", "1e308", "1e-308"])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=80).map(" ".join), st.lists(PIECES, max_size=80).map("".join)))
def test_any_text_is_an_expression_with_a_finite_value_or_none_or_a_sentence(text: str) -> None:
    try:
        found = tree(text)
    except BadValueError:
        return

    value = evaluated(found, KNOWN)

    assert value is None or isfinite(value)
