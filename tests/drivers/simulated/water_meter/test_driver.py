"""The simulated water meter: draws of a household, and a total that is their integral."""

from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.house_time import FITTED
from hardwire.drivers.simulated.water_meter.draws import DAYS, WEEK_S, WaterWeek
from hardwire.drivers.simulated.water_meter.driver import Settings, WaterMeter, make
from hardwire.model.value import Value
from tests.drivers.simulated.told import number, running, unhurried
from tests.fakes.paper_feed import PaperFeed

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEDNESDAY = datetime(2026, 11, 25, tzinfo=AMSTERDAM)
DAY_S = 24 * 3_600


def meter(people: int = 2) -> WaterMeter:
    return WaterMeter("water", AMSTERDAM, Settings(people=people))


def test_a_day_has_some_showers_many_short_draws_and_a_dry_night() -> None:
    week = WaterWeek("water", 2)
    wednesday_s = 2 * DAY_S
    flows = [week.flow_lpm(wednesday_s + second) for second in range(DAY_S)]

    draws = [(flow, len(list(same))) for flow, same in groupby(flows) if flow]

    assert not any(flows[: 6 * 3_600])
    assert sum(1 for flow, lasts_s in draws if flow == 8.4 and lasts_s >= 300) == 2
    assert len(draws) > 20
    assert 120 < sum(flows) / 60 < 500, "two people need some hundred litres a day"


@unhurried
@given(st.integers(0, 3 * WEEK_S), st.integers(0, 4_000), st.integers(1, 8))
def test_the_total_is_the_integral_of_the_flow(start_s: int, length_s: int, people: int) -> None:
    week = WaterWeek("water", people)

    drawn = sum(week.flow_lpm(second) for second in range(start_s, start_s + length_s)) / 60

    assert week.litres(start_s + length_s) - week.litres(start_s) == pytest.approx(drawn, abs=1e-6)


@unhurried
@given(st.lists(st.integers(0, 10 * 366 * DAY_S), min_size=2, max_size=9))
def test_the_total_never_falls(moments: list[int]) -> None:
    water = meter()

    shown = [water.reading(FITTED + timedelta(seconds=moment))["volume_m3"] for moment in sorted(moments)]

    assert shown == sorted(number(volume) for volume in shown)


def test_the_total_never_falls_from_second_to_second() -> None:
    water, morning = meter(), WEDNESDAY + timedelta(hours=6)

    shown = [number(water.reading(morning + timedelta(seconds=second))["volume_m3"]) for second in range(9_000)]

    assert shown == sorted(shown)
    assert shown[-1] - shown[0] > 0.08


def test_more_people_draw_more_and_two_houses_draw_at_other_times() -> None:
    few, many, other = WaterWeek("water", 1), WaterWeek("water", 5), WaterWeek("shed", 1)

    assert many.litres(WEEK_S) > 2 * few.litres(WEEK_S)
    assert any(few.flow_lpm(second) != other.flow_lpm(second) for second in range(DAY_S))


def test_a_week_follows_the_other() -> None:
    week = WaterWeek("water", 2)

    assert week.litres(3 * WEEK_S) == pytest.approx(3 * week.litres(WEEK_S))
    assert week.litres(0) == week.litres(60) == 0
    assert week.flow_lpm(8 * 3_600 + DAYS * DAY_S) == week.flow_lpm(8 * 3_600)


async def test_every_value_has_a_point_and_every_point_a_value() -> None:
    feed = PaperFeed()
    driver = make("water", "home", "UTC", Settings())

    async with running(driver, feed):
        (sample,) = feed.samples

    device = driver.devices[0]
    assert set(sample.values) == {point.name for point in device.points}
    assert (device.profile, device.kind) == ("HWE-WTR", "water_meter")


@pytest.mark.parametrize(
    ("table", "complaint"), [({"people": 0}, "people"), ({"people": 9}, "people"), ({"x": 1}, "x")]
)
def test_a_wrong_setting_is_named(table: dict[str, Value], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert({"kind": "water_meter", **table}, Settings, strict=True)
