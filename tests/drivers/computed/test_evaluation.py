"""What expressions come to with the values that sources really tell, the impossible ones too."""

from collections.abc import Mapping
from fractions import Fraction
from math import inf, isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.computed.evaluation import UncomputableError, evaluated
from hardwire.drivers.computed.parsing import WHOLE_LIMIT, parse
from hardwire.drivers.computed.tree import Node, Reference, Scaled
from hardwire.model.value import Value
from tests.drivers.computed.test_parsing import TREES


def value(text: str, values: Mapping[str, Value]) -> float:
    """Return what an expression over the points of `x` comes to."""
    return evaluated(parse(text), lambda reference: values.get(reference.point))


@pytest.mark.parametrize(("flag", "found"), [(True, 2000), (False, 0)])
def test_a_flag_counts_as_one_or_nothing(flag: bool, found: int) -> None:
    assert value("x.power_on * 2000", {"power_on": flag}) == found


@pytest.mark.parametrize(
    ("text", "values", "kind", "message"),
    [
        ("x.a + 1", {}, "missing", "x.a has no value yet"),
        ("x.a + 1", {"a": "12"}, "no-number", "x.a is no number"),
        ("x.a + 1", {"a": ("1",)}, "no-number", "x.a is no number"),
        ("1 / x.a", {"a": 0}, "division-by-zero", "`1 / x.a` divides by 0"),
        ("1 / x.a", {"a": -0.0}, "division-by-zero", "divides by 0"),
        ("1 / (x.a - x.a)", {"a": 5}, "division-by-zero", "divides by 0"),
        ("x.a", {"a": inf}, "overflow", "`x.a` is too large, or no number"),
        ("x.a", {"a": nan}, "overflow", "`x.a` is too large, or no number"),
        ("x.a", {"a": 10**400}, "overflow", "`x.a` is too large"),
        ("x.a * x.a", {"a": 1e200}, "overflow", "`x.a \\* x.a` is too large"),
        ("x.a / x.b", {"a": 1e200, "b": 1e-200}, "overflow", "is too large"),
        ("x.a + x.a", {"a": 1.7e308}, "overflow", "is too large"),
        ("sum(x.a, x.a)", {"a": 1.7e308}, "overflow", "is too large"),
    ],
)
def test_what_has_no_value_is_told_with_its_reason(
    text: str, values: Mapping[str, Value], kind: str, message: str
) -> None:
    with pytest.raises(UncomputableError, match=message) as caught:
        value(text, values)

    assert caught.value.kind == kind


def test_whole_numbers_beyond_what_a_float_holds_go_on_as_floats() -> None:
    assert value("x.a", {"a": WHOLE_LIMIT - 1}) == WHOLE_LIMIT - 1
    assert isinstance(value("x.a", {"a": WHOLE_LIMIT}), float)
    assert isinstance(value("x.a * x.a", {"a": WHOLE_LIMIT - 1}), float)
    assert isinstance(value("round(x.a)", {"a": 1e300}), float)


def test_a_factor_that_no_float_holds_is_no_crash() -> None:
    with pytest.raises(UncomputableError, match="too large"):
        evaluated(Scaled(Reference("x", "a"), Fraction(10**400)), lambda _: 1.5)


def test_a_clamp_whose_bounds_are_crossed_gives_the_upper_one() -> None:
    assert value("clamp(x.a, 10, 5)", {"a": 7}) == 5


VALUES: st.SearchStrategy[Value | None] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from([10**400, 0, -0.0, 1e308]),
)


def outcome(tree: Node, told: Value | None) -> float | UncomputableError:
    """Return what a tree comes to when every point has that value, or why to nothing."""
    try:
        return evaluated(tree, lambda _: told)
    except UncomputableError as problem:
        return problem


@given(TREES, VALUES)
def test_any_tree_over_any_value_is_a_finite_number_or_a_reason(tree: Node, told: Value | None) -> None:
    found = outcome(tree, told)

    if isinstance(found, UncomputableError):
        assert found.kind in ("missing", "no-number", "division-by-zero", "overflow")
        assert found.message
    else:
        assert isfinite(found)
        assert type(found) in (int, float)
        assert type(found) is float or abs(found) < WHOLE_LIMIT
