"""Registers that never fall: not by a rounding, not by a restart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.battery.pack import cycles
from hardwire.drivers.simulated.curve import Curve, area_above_zero
from hardwire.drivers.simulated.register import register_kwh, register_m3, used_before_wh
from tests.drivers.simulated.told import unhurried

watts = st.floats(-5_000, 5_000)


def test_a_register_shows_whole_wh_that_were_counted() -> None:
    assert register_kwh(1_234_567.999) == 1_234.567
    assert register_kwh(42.0 - 1e-9) == 0.042, "the noise of a sum is no missing Wh"
    assert register_m3(1_999.9) == 1.999


@pytest.mark.parametrize("device", ["battery-1", "kettle", "", "x" * 64])
def test_a_device_that_nothing_is_remembered_of_has_been_used_before(device: str) -> None:
    before_wh = used_before_wh(device)

    assert before_wh == used_before_wh(device), "a restart finds it there again"
    assert 50_000 <= before_wh <= 400_000
    assert 18 <= cycles(before_wh) <= 152


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
