"""The simulated meter as a driver: a sample a second, and the gas meter's own."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hardwire.drivers.simulated.meter.driver import Settings, SimulatedMeter, make
from hardwire.model.command import Done, Failed, Identify, WritePoints
from hardwire.model.errors import CallerError
from hardwire.model.fact import Sample
from tests.fakes.paper_feed import NOON, PaperFeed

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


async def told_in(seconds: float, feed: PaperFeed, settings: Settings = Settings()) -> list[Sample]:  # noqa: B008 - frozen
    meter = SimulatedMeter("grid", "home", AMSTERDAM, settings, sleep=feed.sleep)
    task = asyncio.create_task(meter.run(feed))
    await feed.until(feed.now() + timedelta(seconds=seconds))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return feed.samples


def test_the_meter_declares_a_p1_meter_with_a_gas_meter_behind_it() -> None:
    meter, gas = make("grid", "home", "Europe/Amsterdam", Settings()).devices

    assert (meter.id, meter.kind, meter.profile, meter.stale_after_s) == ("grid", "meter", "HWE-P1", 30)
    assert (gas.id, gas.kind, gas.parent) == ("grid.gas", "gas_meter", "grid")
    assert {meter.timezone, gas.timezone} == {"Europe/Amsterdam"}
    value = gas.point("value")
    assert value is not None
    assert value.unit == "m3"


def test_a_house_without_gas_has_one_device_and_no_gas_in_its_telegram() -> None:
    meter = make("grid", "home", "Europe/Amsterdam", Settings(gas=False))

    samples = meter.samples(NOON)

    assert [device.id for device in meter.devices] == ["grid"]
    assert [sample.device for sample in samples] == ["grid"]
    assert "0-1:24.2.1" not in str(samples[0].values["telegram"])


def test_every_value_has_a_point_and_every_point_a_value() -> None:
    driver = make("grid", "home", "Europe/Amsterdam", Settings())

    samples = {sample.device: sample for sample in driver.samples(NOON)}

    for device in driver.devices:
        assert set(samples[device.id].values) == {point.name for point in device.points}


async def test_the_meter_tells_its_values_on_each_whole_second() -> None:
    feed = PaperFeed(NOON + timedelta(milliseconds=300))

    samples = await told_in(3, feed)

    instants = [sample.at for sample in samples if sample.device == "grid"]
    assert instants[:3] == [NOON, NOON + timedelta(seconds=1), NOON + timedelta(seconds=2)]


async def test_a_timer_that_rings_early_makes_no_second_sample_of_a_second() -> None:
    feed = PaperFeed()

    async def early(seconds: float) -> None:
        await feed.sleep(max(0.001, seconds - 0.001))

    meter = SimulatedMeter("grid", "home", AMSTERDAM, Settings(gas=False), sleep=early)
    task = asyncio.create_task(meter.run(feed))
    await feed.until(NOON + timedelta(seconds=5))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert [sample.at for sample in feed.samples] == [NOON + timedelta(seconds=second) for second in range(6)]


async def test_the_gas_meter_speaks_once_in_five_minutes_with_an_instant_of_its_own() -> None:
    feed = PaperFeed(NOON + timedelta(seconds=100))

    samples = await told_in(290, feed)

    instants = [sample.at for sample in samples if sample.device == "grid.gas"]
    assert instants == [NOON, NOON + timedelta(minutes=5)]


async def test_a_meter_can_be_identified_and_takes_no_other_command() -> None:
    meter = make("grid", "home", "UTC", Settings())

    identified = await meter.execute("grid", Identify())
    written = await meter.execute("grid", WritePoints({"power_w": 0}))

    assert identified == Done()
    assert isinstance(written, Failed)
    assert isinstance(written.error, CallerError)
    assert written.error.code == "unsupported"


async def test_the_gas_meter_behind_it_has_nothing_to_show_itself_by() -> None:
    meter = make("grid", "home", "UTC", Settings())

    reply = await meter.execute("grid.gas", Identify())

    assert isinstance(reply, Failed)


def test_being_watched_changes_nothing() -> None:
    meter = make("grid", "home", "UTC", Settings())
    before = meter.samples(NOON)

    meter.interest("grid", "measurement", is_watched=True)

    assert meter.samples(NOON) == before


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"kind": "meter", "solar_peak_w": -1}, "solar_peak_w"),
        ({"kind": "meter", "solar_peak_w": "much"}, "solar_peak_w"),
        ({"kind": "meter", "profile": "HWE-KWH1"}, "profile"),
        ({"kind": "meter", "sun": 1}, "sun"),
    ],
)
def test_a_wrong_setting_is_named(table: dict[str, object], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert(table, Settings, strict=True)
