"""The simulated kWh meter of a whole house: the house that a P1 meter measures, and the batteries that it steers."""

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hardwire.contracts.driver import Driver
from hardwire.drivers.simulated.battery.driver import Settings as BatterySettings
from hardwire.drivers.simulated.battery.driver import SimulatedBattery
from hardwire.drivers.simulated.kwh_meter.driver import Settings, make
from hardwire.drivers.simulated.kwh_meter.house import HouseMeter
from hardwire.drivers.simulated.meter.household import Household
from hardwire.model.command import Done, Failed, Identify, Reboot, WritePoints
from tests.drivers.simulated.told import SharedFeed, executed, newest, number, running

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = datetime(2026, 11, 26, 3, 0, tzinfo=AMSTERDAM)
PEAK_W = 4_200


def meter(feed: SharedFeed, profile: str = "HWE-KWH3") -> HouseMeter:
    table = {"kind": "kwh_meter", "profile": profile, "load": "house", "size_w": PEAK_W}
    device = make("main", "home", AMSTERDAM.key, msgspec.convert(table, Settings)).devices[0]
    return HouseMeter(device, Household("main", AMSTERDAM, solar_peak_w=PEAK_W), AMSTERDAM, sleep=feed.sleep)


async def lived(feed: SharedFeed, seconds: float, *drivers: Driver) -> None:
    for driver in drivers:
        feed.meet(driver.devices[0])
    async with AsyncExitStack() as stack:
        for driver in drivers:
            await stack.enter_async_context(running(driver, feed))
        await feed.until(feed.now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("profile", ["HWE-KWH1", "SDM230-wifi", "HWE-KWH3", "SDM630-wifi"])
async def test_it_shows_the_house_that_a_p1_meter_would_show(profile: str) -> None:
    feed = SharedFeed(NIGHT.replace(hour=12))
    driver = meter(feed, profile)

    await lived(feed, 0, driver)

    (sample,) = feed.samples
    house = Household("main", AMSTERDAM, solar_peak_w=PEAK_W).reading(sample.at)
    assert set(sample.values) == {point.name for point in driver.devices[0].points}
    assert number(sample.values["power_w"]) == pytest.approx(number(house["power_w"]), abs=2)
    for register in ("energy_import_kwh", "energy_export_kwh"):
        assert number(sample.values[register]) == pytest.approx(number(house[register]), abs=0.002)


async def test_it_steers_its_batteries_and_measures_them() -> None:
    feed = SharedFeed(NIGHT)
    driver = meter(feed)
    battery = SimulatedBattery("battery", "home", AMSTERDAM, BatterySettings(meter="main"), sleep=feed.sleep)
    for one in (driver, battery):
        feed.meet(one.devices[0])

    async with running(driver, feed), running(battery, feed):
        await feed.until(NIGHT + timedelta(seconds=10))
        at_zero_w = number(newest(feed, "main", "power_w"))
        reply = await executed(driver, "main", WritePoints({"batteries_mode": "to_full"}))
        await feed.until(NIGHT + timedelta(seconds=20))

    told = [sample for sample in feed.samples if sample.device == "main" and "power_w" in sample.values][-1]
    house_w = Household("main", AMSTERDAM, solar_peak_w=PEAK_W).power(told.at).net
    assert abs(at_zero_w) < 60
    assert reply == Done()
    assert newest(feed, "battery", "power_w") == 800
    assert number(told.values["power_w"]) == pytest.approx(house_w + 800, abs=1)
    assert newest(feed, "main", "batteries_count") == 1


async def test_without_batteries_it_takes_no_writes_and_shows_itself_all_the_same() -> None:
    feed = SharedFeed(NIGHT)
    driver = meter(feed)

    early = driver.execute("main", Identify())
    async with running(driver, feed):
        replies = [driver.execute("main", command) for command in (Identify(), Reboot())]
        refused = await executed(driver, "main", WritePoints({"batteries_mode": "to_full"}))
    driver.interest("main", "measurement", is_watched=True)

    assert replies == [Done(), Done()]
    for failed in (early, refused):
        assert isinstance(failed, Failed)
        assert failed.error.code == "unsupported"
