"""The simulated meter as a driver: a sample a second, and the gas meter's own."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hardwire.drivers.simulated.meter.driver import Settings, SimulatedMeter, make
from hardwire.model.command import Done, Failed, Identify, WritePoints
from hardwire.model.errors import CallerError
from tests.drivers.simulated.told import executed, running, told_in
from tests.fakes.paper_feed import NOON, PaperFeed

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def meter_of(feed: PaperFeed, settings: Settings = Settings()) -> SimulatedMeter:  # noqa: B008 - frozen
    return SimulatedMeter("grid", "home", AMSTERDAM, settings, sleep=feed.sleep)


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


async def test_the_meter_tells_its_values_of_each_whole_second() -> None:
    feed = PaperFeed(NOON + timedelta(milliseconds=950))

    samples = await told_in(3, meter_of(feed), feed)

    instants = [sample.at for sample in samples if sample.device == "grid"]
    assert instants == [NOON + timedelta(seconds=second) for second in range(4)]


async def test_the_gas_meter_speaks_once_in_five_minutes_with_an_instant_of_its_own() -> None:
    feed = PaperFeed(NOON + timedelta(seconds=101))

    samples = await told_in(290, meter_of(feed), feed)

    instants = [sample.at for sample in samples if sample.device == "grid.gas"]
    assert instants == [NOON, NOON + timedelta(minutes=5)]


async def test_a_meter_without_batteries_takes_no_writes() -> None:
    feed = PaperFeed()
    meter = meter_of(feed)

    async with running(meter, feed):
        reply = await executed(meter, "grid", WritePoints({"batteries_mode": "to_full"}))

    assert isinstance(reply, Failed)
    assert isinstance(reply.error, CallerError)
    assert reply.error.code == "unsupported"


async def test_the_gas_meter_behind_it_has_nothing_to_show_itself_by() -> None:
    feed = PaperFeed()
    meter = meter_of(feed)

    async with running(meter, feed):
        replies = [meter.execute(device, Identify()) for device in ("grid", "grid.gas")]

    assert replies[0] == Done()
    assert isinstance(replies[1], Failed)


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
