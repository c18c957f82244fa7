"""The cells and the inverter of a battery: ramps, bounds, and energy that balances."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.battery.pack import CAPACITY_WH, MOST_W, ONE_WAY, RAMP_W_PER_S, Pack
from tests.drivers.simulated.told import unhurried
from tests.fakes.paper_feed import NOON

STEPS = st.lists(st.tuples(st.floats(0.01, 9.9), st.floats(-2_000, 2_000)), max_size=40)


def after(pack: Pack, seconds: int, target_w: float, from_s: int = 0) -> Pack:
    for second in range(from_s + 1, from_s + seconds + 1):
        pack.go(NOON + timedelta(seconds=second), target_w)
    return pack


def test_power_ramps_up_within_seconds_and_stays_there() -> None:
    pack = Pack(50, NOON)

    powers = [after(pack, 1, 700, second).power_w for second in range(6)]

    assert powers == [250, 500, 700, 700, 700, 700]


def test_it_takes_and_gives_800_w_at_most() -> None:
    assert after(Pack(50, NOON), 20, 5_000).power_w == MOST_W
    assert after(Pack(50, NOON), 20, -5_000).power_w == -MOST_W


def test_some_of_what_is_charged_never_comes_out_again() -> None:
    pack = Pack(50, NOON)
    taken_wh, given_wh = pack.imported_wh, pack.exported_wh

    after(pack, 1_800, 800)
    after(pack, 4, 0, 1_800)
    second = 1_804
    while pack.state_of_charge_pct > 50:
        after(pack, 1, -800, second)
        second += 1

    taken_wh, given_wh = pack.imported_wh - taken_wh, pack.exported_wh - given_wh
    assert given_wh / taken_wh == pytest.approx(0.88, abs=0.01)


def test_a_full_battery_rests_at_exactly_100_per_cent() -> None:
    pack = after(Pack(99.9, NOON), 300, 800)

    assert pack.state_of_charge_pct == 100
    assert pack.power_w == 0
    assert after(pack, 10, -800, 300).power_w == -800


def test_it_charges_more_slowly_the_last_few_per_cent() -> None:
    assert after(Pack(99, NOON), 10, 800).power_w < 600


def test_an_empty_battery_gives_nothing_and_can_be_charged() -> None:
    pack = after(Pack(0.05, NOON), 60, -800)

    assert pack.state_of_charge_pct == 0
    assert pack.power_w == 0
    assert after(pack, 10, 400, 60).power_w == 400


@unhurried
@given(st.floats(0, 100), STEPS)
def test_energy_balances_and_no_bound_is_passed(charge_pct: float, steps: list[tuple[float, float]]) -> None:
    pack, now = Pack(charge_pct, NOON), NOON
    taken_wh, given_wh = pack.imported_wh, pack.exported_wh
    stored_wh = CAPACITY_WH * charge_pct / 100

    for wait_s, target_w in steps:
        before = (pack.imported_wh, pack.exported_wh, pack.power_w)
        now += timedelta(seconds=wait_s)
        pack.go(now, target_w)
        assert 0 <= pack.state_of_charge_pct <= 100
        assert abs(pack.power_w) <= MOST_W
        assert pack.imported_wh >= before[0]
        assert pack.exported_wh >= before[1]
        stopped = pack.power_w == 0
        assert stopped or abs(pack.power_w - before[2]) <= RAMP_W_PER_S * wait_s + 1e-3

    flowed_wh = (pack.imported_wh - taken_wh) * ONE_WAY - (pack.exported_wh - given_wh) / ONE_WAY
    assert CAPACITY_WH * pack.state_of_charge_pct / 100 - stored_wh == pytest.approx(flowed_wh, abs=1e-3)


def test_its_energy_is_the_integral_of_its_power() -> None:
    pack, joules = Pack(50, NOON), 0.0
    began_wh = pack.imported_wh

    for tenth in range(1, 601):
        before_w = pack.power_w
        pack.go(NOON + timedelta(seconds=tenth / 10), 800 if tenth < 300 else 100)
        joules += (before_w + pack.power_w) / 2 / 10

    assert pack.imported_wh - began_wh == pytest.approx(joules / 3_600, rel=1e-3)


def test_while_nobody_looked_it_rested_and_time_never_goes_back() -> None:
    pack = after(Pack(50, NOON), 10, 800)
    charge_pct = pack.state_of_charge_pct

    pack.go(NOON + timedelta(hours=3), 800)
    pack.go(NOON, 800)

    assert pack.state_of_charge_pct == charge_pct
    assert pack.power_w == 0
