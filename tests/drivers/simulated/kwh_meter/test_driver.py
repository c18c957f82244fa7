"""The simulated kWh meter: arithmetic of alternating current, registers, and what it measures."""

from datetime import datetime, timedelta
from itertools import pairwise
from math import hypot
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.house_time import FITTED
from hardwire.drivers.simulated.kwh_meter.driver import KwhMeter, Settings, make
from hardwire.drivers.simulated.kwh_meter.loads import CURVED, Load
from hardwire.drivers.simulated.meter.driver import Settings as HouseSettings
from hardwire.drivers.simulated.meter.household import Household
from hardwire.model.command import Done, Failed, Identify, Reboot, WritePoints
from hardwire.model.value import Value
from tests.drivers.simulated.told import number, running, unhurried
from tests.fakes.paper_feed import PaperFeed

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, tzinfo=AMSTERDAM)
LOADS = tuple(CURVED)
PROFILES = ("HWE-KWH1", "HWE-KWH3", "SDM230-wifi", "SDM630-wifi")
THREE_PHASES = ("HWE-KWH3", "SDM630-wifi")

instants = st.integers(0, 10 * 366 * 86_400).map(lambda seconds: FITTED + timedelta(seconds=seconds))


def reading(load: Load, when: datetime, profile: str = "HWE-KWH1", size_w: int = 3_000) -> dict[str, float]:
    settings = msgspec.convert(
        {"kind": "kwh_meter", "profile": profile, "load": load.value, "size_w": size_w}, Settings
    )
    values = KwhMeter(AMSTERDAM, settings).reading(when)
    return {name: number(value) for name, value in values.items()}


@unhurried
@given(instants, st.sampled_from(LOADS), st.sampled_from(PROFILES), st.integers(1, 50_000))
def test_currents_and_powers_agree_as_those_of_the_real_product(
    when: datetime, load: Load, profile: str, size_w: int
) -> None:
    shown = reading(load, when, profile, size_w)

    for mark in ("_l1", "_l2", "_l3") if profile in THREE_PHASES else ("",):
        power, reactive = shown[f"power{mark}_w"], shown[f"reactive_power{mark}_var"]
        apparent, factor = shown[f"apparent_power{mark}_va"], shown[f"power_factor{mark}"]
        rms = shown[f"apparent_current{mark}_a"]
        assert apparent == pytest.approx(hypot(power, reactive), abs=0.002)
        assert 0 <= factor <= 1
        assert abs(power) == pytest.approx(apparent * factor, abs=0.001 + apparent * 0.0005)
        assert rms == pytest.approx(apparent / shown[f"voltage{mark}_v"], abs=0.001)
        assert abs(shown[f"current{mark}_a"]) == pytest.approx(rms * factor, abs=0.001 + rms * 0.0005)
        assert hypot(shown[f"current{mark}_a"], shown[f"reactive_current{mark}_a"]) == pytest.approx(rms, abs=0.002)
        assert 200 < shown[f"voltage{mark}_v"] < 265
    assert 49.9 < shown["frequency_hz"] < 50.1


@unhurried
@given(instants, st.sampled_from(LOADS), st.sampled_from(THREE_PHASES))
def test_totals_are_sums_of_powers_and_of_the_magnitudes_of_currents(when: datetime, load: Load, profile: str) -> None:
    shown = reading(load, when, profile)

    phases = ("_l1", "_l2", "_l3")
    for name, unit in (("power", "w"), ("apparent_power", "va"), ("reactive_power", "var")):
        whole = sum(shown[f"{name}{mark}_{unit}"] for mark in phases)
        assert shown[f"{name}_{unit}"] == pytest.approx(whole, abs=0.003)
    for name in ("current", "apparent_current", "reactive_current"):
        magnitudes = sum(abs(shown[f"{name}{mark}_a"]) for mark in phases)
        assert shown[f"{name}_a"] == pytest.approx(magnitudes, abs=0.003)


def test_panels_feed_in_by_day_with_currents_of_that_sign_on_their_phases() -> None:
    shown = reading(Load.SOLAR, MONDAY.replace(hour=12), "HWE-KWH3")

    assert shown["power_w"] < -2_500
    for mark in ("_l1", "_l2", "_l3"):
        assert shown[f"current{mark}_a"] < 0
        assert shown[f"power_factor{mark}"] > 0.9
    assert shown["current_a"] > 0


def test_panels_draw_a_little_at_night() -> None:
    shown = reading(Load.SOLAR, MONDAY.replace(hour=2))

    assert 0 < shown["power_w"] < 5


def test_a_car_is_charged_on_monday_evening_and_not_on_tuesday() -> None:
    monday = reading(Load.CHARGER, MONDAY.replace(hour=19), size_w=11_000)
    tuesday = reading(Load.CHARGER, MONDAY.replace(hour=19) + timedelta(days=1), size_w=11_000)

    assert monday["power_w"] == pytest.approx(11_000, rel=0.01)
    assert 0 < tuesday["power_w"] < 20


def test_a_full_car_takes_less_and_less() -> None:
    powers = [reading(Load.CHARGER, MONDAY.replace(hour=20, minute=minute))["power_w"] for minute in (20, 30, 35, 40)]

    assert powers == sorted(powers, reverse=True)
    assert powers[-1] > 500


def test_a_heat_pump_works_in_turns_with_a_lagging_current() -> None:
    powers = [reading(Load.HEAT_PUMP, MONDAY + timedelta(minutes=minute))["power_w"] for minute in range(0, 1_440, 5)]
    hot_water = reading(Load.HEAT_PUMP, MONDAY.replace(hour=13, minute=10))

    turns = sum(before < 100 < after for before, after in pairwise(powers))
    assert turns > 10
    assert hot_water["power_w"] == pytest.approx(3_000)
    assert hot_water["reactive_power_var"] > 500
    assert hot_water["power_factor"] < 0.97


@pytest.mark.parametrize("load", LOADS)
def test_registers_are_the_integral_of_the_power_and_never_fall(load: Load) -> None:
    start = MONDAY.replace(hour=6)
    shown = [reading(load, start + timedelta(seconds=10 * step)) for step in range(2_000)]

    drawn = sum(max(0.0, values["power_w"]) for values in shown[:-1]) * 10 / 3_600_000
    fed = sum(max(0.0, -values["power_w"]) for values in shown[:-1]) * 10 / 3_600_000

    assert shown[-1]["energy_import_kwh"] - shown[0]["energy_import_kwh"] == pytest.approx(drawn, abs=0.012)
    assert shown[-1]["energy_export_kwh"] - shown[0]["energy_export_kwh"] == pytest.approx(fed, abs=0.012)
    for name in ("energy_import_kwh", "energy_export_kwh"):
        assert [values[name] for values in shown] == sorted(values[name] for values in shown)


@unhurried
@given(st.lists(instants, min_size=2, max_size=6), st.sampled_from(LOADS))
def test_registers_never_fall_from_one_hub_to_the_next(moments: list[datetime], load: Load) -> None:
    shown = [reading(load, moment) for moment in sorted(moments)]

    for name in ("energy_import_kwh", "energy_export_kwh"):
        assert [values[name] for values in shown] == sorted(values[name] for values in shown)


def test_panels_of_that_size_are_those_on_the_roof_of_the_simulated_house() -> None:
    with_panels = Household("grid", AMSTERDAM, solar_peak_w=HouseSettings().solar_peak_w)
    without = Household("grid", AMSTERDAM, solar_peak_w=0)

    for hour in (9, 12, 15):
        when = MONDAY.replace(hour=hour)
        roof_w = with_panels.power(when).net - without.power(when).net
        panels_w = reading(Load.SOLAR, when, size_w=HouseSettings().solar_peak_w)["power_w"]
        assert panels_w == pytest.approx(roof_w, abs=0.01)


@pytest.mark.parametrize("profile", PROFILES)
async def test_every_value_has_a_point_and_every_point_a_value(profile: str) -> None:
    feed = PaperFeed()
    driver = make("car", "home", "UTC", msgspec.convert({"kind": "kwh_meter", "profile": profile}, Settings))

    async with running(driver, feed):
        (sample,) = feed.samples

    device = driver.devices[0]
    assert set(sample.values) == {point.name for point in device.points}
    assert (device.profile, device.kind, device.stale_after_s) == (profile, "kwh_meter", 30)


async def test_it_shows_itself_starts_anew_and_takes_no_writes() -> None:
    feed = PaperFeed()
    driver = make("car", "home", "UTC", Settings())

    early = driver.execute("car", Identify())
    async with running(driver, feed):
        replies = [driver.execute("car", command) for command in (Identify(), Reboot())]
        written = driver.execute("car", WritePoints({"power_w": 0}))

    assert isinstance(early, Failed)
    assert replies == [Done(), Done()]
    assert isinstance(written, Failed)
    assert written.error.code == "unsupported"
    assert "kwh meter" in written.error.message


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"load": "toaster"}, "load"),
        ({"size_w": 0}, "size_w"),
        ({"size_w": 50_001}, "size_w"),
        ({"profile": "HWE-P1"}, "profile"),
        ({"solar_peak_w": 1}, "solar_peak_w"),
    ],
)
def test_a_wrong_setting_is_named(table: dict[str, Value], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert({"kind": "kwh_meter", **table}, Settings, strict=True)
