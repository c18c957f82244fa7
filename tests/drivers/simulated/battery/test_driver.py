"""The simulated battery as a driver: it takes its share of what its meter asks, and rests when that is silent."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hardwire.drivers.simulated.battery.driver import Settings, SimulatedBattery, make
from hardwire.model.command import Done, Failed, Identify, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Sample
from hardwire.model.value import Value
from tests.drivers.simulated.told import newest, number, running
from tests.fakes.paper_feed import NOON, PaperFeed

METER = Device(id="grid", kind="meter", stale_after_s=30)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def battery(feed: PaperFeed, charge_pct: float = 50, meter: str = "grid") -> SimulatedBattery:
    settings = Settings(meter=meter, state_of_charge_pct=charge_pct)
    return SimulatedBattery("battery-1", "home", AMSTERDAM, settings, sleep=feed.sleep)


def other(id: str) -> Device:
    return Device(id=id, kind="battery", sources=("grid",), stale_after_s=30)


def asked(feed: PaperFeed, target_w: Value) -> None:
    feed.meet(METER)
    feed.hear(Sample("grid", feed.now(), {"batteries_target_power_w": target_w}))


async def power_after(seconds: int, feed: PaperFeed, driver: SimulatedBattery) -> float:
    async with running(driver, feed):
        await feed.until(feed.now() + timedelta(seconds=seconds))
    return number(newest(feed, "battery-1", "power_w"))


async def test_it_charges_as_its_meter_asks() -> None:
    feed = PaperFeed()
    asked(feed, 420)

    power_w = await power_after(6, feed, battery(feed))

    assert power_w == 420
    assert number(newest(feed, "battery-1", "state_of_charge_pct")) > 50


async def test_it_gives_as_its_meter_asks() -> None:
    feed = PaperFeed()
    asked(feed, -300)

    power_w = await power_after(6, feed, battery(feed))

    assert power_w == -300
    assert number(newest(feed, "battery-1", "current_a")) == pytest.approx(300 / 231, rel=0.02)


@pytest.mark.parametrize(
    ("charges", "target_w", "share_w"),
    [((50.0,), 600, 300), ((100.0,), 600, 600), ((100.0,), -600, -300), ((0.0, 20.0), -600, -300), ((None,), 600, 600)],
)
async def test_it_shares_with_those_that_are_able(
    charges: tuple[float | None, ...], target_w: float, share_w: float
) -> None:
    feed = PaperFeed()
    asked(feed, target_w)
    for index, charge in enumerate(charges, start=2):
        feed.meet(other(f"battery-{index}"))
        if charge is not None:
            feed.hear(Sample(f"battery-{index}", NOON, {"state_of_charge_pct": charge}))

    assert await power_after(6, feed, battery(feed)) == share_w


async def test_a_battery_of_another_meter_and_what_is_made_from_the_meter_have_no_share() -> None:
    feed = PaperFeed()
    asked(feed, 600)
    strangers = [
        Device(id="other", kind="battery", sources=("shed",)),
        Device(id="mirror", kind="meter", sources=("grid",)),
    ]
    for device in strangers:
        feed.meet(device)
        feed.hear(Sample(device.id, NOON, {"state_of_charge_pct": 50.0}))

    assert await power_after(6, feed, battery(feed)) == 600


async def test_it_rests_when_its_meter_falls_silent() -> None:
    feed = PaperFeed()
    asked(feed, 420)
    driver = battery(feed)

    async with running(driver, feed):
        await feed.until(NOON + timedelta(seconds=5))
        feed.silence("grid")
        await feed.until(NOON + timedelta(seconds=10))

    assert newest(feed, "battery-1", "power_w") == 0


@pytest.mark.parametrize("readings", [{}, {"batteries_target_power_w": "much"}, {"power_w": 5}])
async def test_it_rests_where_no_meter_steers_it(readings: Mapping[str, Value]) -> None:
    feed = PaperFeed()
    if readings:
        feed.meet(METER)
        feed.hear(Sample("grid", NOON, readings))

    assert await power_after(6, feed, battery(feed)) == 0


@pytest.mark.parametrize(("hour", "sign"), [(12, 1), (19, -1), (2, 0)])
async def test_without_a_meter_it_charges_by_day_and_gives_in_the_evening(hour: int, sign: int) -> None:
    feed = PaperFeed(NOON.astimezone(AMSTERDAM).replace(hour=hour))

    power_w = await power_after(8, feed, battery(feed, meter=""))

    assert (power_w > 0) - (power_w < 0) == sign


async def test_it_shows_itself_and_takes_no_writes() -> None:
    feed = PaperFeed()
    driver = battery(feed)

    early = driver.execute("battery-1", Identify())
    async with running(driver, feed):
        replies = [driver.execute("battery-1", command) for command in (Identify(), WritePoints({"power_w": 1}))]

    assert isinstance(early, Failed)
    assert replies[0] == Done()
    assert isinstance(replies[1], Failed)
    assert replies[1].error.code == "unsupported"


async def test_every_value_has_a_point_and_every_point_a_value() -> None:
    feed = PaperFeed()
    driver = make("one", "home", "UTC", Settings(meter="grid"))

    async with running(driver, feed):
        (sample,) = feed.samples

    device = driver.devices[0]
    assert set(sample.values) == {point.name for point in device.points}
    assert (device.profile, device.kind, device.sources) == ("HWE-BAT", "battery", ("grid",))


def test_a_battery_cannot_steer_itself() -> None:
    with pytest.raises(BadValueError, match="itself") as refused:
        make("one", "home", "UTC", Settings(meter="one"))

    assert refused.value.path == "meter"


@pytest.mark.parametrize(
    ("table", "complaint"), [({"state_of_charge_pct": 101}, "state_of_charge_pct"), ({"meter": 1}, "meter")]
)
def test_a_wrong_setting_is_named(table: dict[str, Value], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert({"kind": "battery", **table}, Settings, strict=True)
