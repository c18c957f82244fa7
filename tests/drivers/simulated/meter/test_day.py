"""The day of a simulated house: what it draws, what its roof gives, and the energy of both."""

import pytest

from hardwire.drivers.simulated.house_time import DAY_S
from hardwire.drivers.simulated.meter.day import SKIES, EnergyCycle, energy_cycle, gas_m3, load_w, sun_w

HOUR_S = 3_600


def test_the_sun_is_highest_at_noon_and_absent_at_night() -> None:
    noon = sun_w(12 * HOUR_S + 1_800, peak_w=4_000)

    assert noon == pytest.approx(4_000)
    assert sun_w(3 * HOUR_S, peak_w=4_000) == 0
    assert sun_w(22 * HOUR_S, peak_w=4_000) == 0


def test_the_evening_draws_more_than_the_night() -> None:
    night = sum(load_w(second).net for second in range(2 * HOUR_S, 3 * HOUR_S, 20))
    evening = sum(load_w(second).net for second in range(18 * HOUR_S, 19 * HOUR_S, 20))

    assert evening > 2 * night


def test_energy_is_the_sum_of_the_power_second_by_second() -> None:
    cycle = EnergyCycle(4_200)
    start, end = 7 * HOUR_S, 9 * HOUR_S
    drawn = sum(max(0.0, cycle.power(second + 0.5).net) for second in range(start, end)) / HOUR_S
    fed = sum(max(0.0, -cycle.power(second + 0.5).net) for second in range(start, end)) / HOUR_S

    before, after = cycle.energy_wh(start), cycle.energy_wh(end)

    assert after[0] - before[0] == pytest.approx(drawn, rel=0.001)
    assert after[1] - before[1] == pytest.approx(fed, rel=0.001)
    assert drawn > 0
    assert fed > 0


def test_registers_never_run_backwards_over_midnights_and_whole_cycles() -> None:
    cycle = energy_cycle(4_200)
    moments = range(0, (len(SKIES) + 2) * DAY_S, 997)
    readings = [cycle.energy_wh(moment) for moment in moments]

    drawn = [reading[0] for reading in readings]
    fed = [reading[1] for reading in readings]

    assert drawn == sorted(drawn)
    assert fed == sorted(fed)


def test_nothing_is_lost_or_won_at_midnight() -> None:
    cycle = energy_cycle(4_200)

    before, after = cycle.energy_wh(DAY_S - 0.001), cycle.energy_wh(DAY_S)

    assert after[0] == pytest.approx(before[0], abs=0.01)


def test_a_house_without_panels_feeds_nothing_in() -> None:
    cycle = energy_cycle(0)

    drawn, fed = cycle.energy_wh(30 * DAY_S)

    assert fed == 0
    assert drawn / 1_000 / 30 == pytest.approx(8, abs=4), "a household draws some kWh a day"


def test_gas_grows_in_steps_of_five_minutes_and_only_when_the_boiler_burns() -> None:
    morning = 7 * HOUR_S

    assert gas_m3(morning + 299) == gas_m3(morning)
    assert gas_m3(morning + 300) > gas_m3(morning)
    assert gas_m3(3 * HOUR_S) == gas_m3(HOUR_S) == 0
    assert gas_m3(DAY_S + morning) > gas_m3(DAY_S) > gas_m3(morning)
