"""Registers that never fall: not by a rounding, not by a restart."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.curve import Curve, area_above_zero
from hardwire.drivers.simulated.register import STATEFUL_SINCE, head_start_wh, register_kwh, register_m3
from tests.drivers.simulated.told import unhurried
from tests.fakes.paper_feed import NOON

watts = st.floats(-5_000, 5_000)


def test_a_register_shows_whole_wh_that_were_counted() -> None:
    assert register_kwh(1_234_567.999) == 1_234.567
    assert register_kwh(42.0 - 1e-9) == 0.042, "the noise of a sum is no missing Wh"
    assert register_m3(1_999.9) == 1.999


@unhurried
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.floats(0, 5_000))
def test_a_register_that_begins_anew_is_ahead_of_all_that_it_can_have_counted(
    first_s: int, run_s: int, most_w: float
) -> None:
    began = STATEFUL_SINCE + timedelta(seconds=first_s)
    at_most = head_start_wh(began, most_w) + most_w * run_s / 3_600

    anew = head_start_wh(began + timedelta(seconds=run_s), most_w)

    assert register_kwh(anew) >= register_kwh(at_most) or abs(anew - at_most) < 1e-3


def test_a_clock_that_is_years_behind_begins_at_nothing() -> None:
    assert head_start_wh(NOON.replace(year=1980), 800) == 0


@unhurried
@given(watts, watts, st.floats(0, 1_000))
def test_what_is_above_zero_less_what_is_below_is_the_whole(a: float, b: float, duration_s: float) -> None:
    above, below = area_above_zero(a, b, duration_s), area_above_zero(-a, -b, duration_s)

    assert above >= 0
    assert below >= 0
    assert abs(above - below - (a + b) / 2 * duration_s) < 1e-3


@unhurried
@given(st.lists(watts, min_size=2, max_size=12), st.floats(0, 1_000), st.floats(0, 1_000))
def test_the_energy_of_a_curve_grows_by_its_power(corners: list[float], start_s: float, length_s: float) -> None:
    curve = Curve(corners, 10)
    steps = 400
    width_s = length_s / steps
    middle = [curve.power_w(start_s + (step + 0.5) * width_s) for step in range(steps)]

    before, after = curve.energy_wh(start_s), curve.energy_wh(start_s + length_s)

    summed = sum(middle) * width_s / 3_600
    assert abs(after[0] - before[0] - (after[1] - before[1]) - summed) < 0.01 + 0.02 * length_s
    assert after[0] >= before[0] - 1e-6
    assert after[1] >= before[1] - 1e-6


def test_a_curve_begins_anew_where_it_ended() -> None:
    curve = Curve([0.0, 100.0, -100.0, 0.0], 10)

    assert curve.power_w(40) == curve.power_w(0) == 0
    assert curve.power_w(55) == curve.power_w(15)
    assert curve.energy_wh(80)[0] == 2 * curve.energy_wh(40)[0]
