"""The simulated socket as a driver: the relay cuts the load, and the energy counts only what flowed."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.socket.driver import Settings, SimulatedSocket, make
from hardwire.drivers.simulated.socket.thing import Thing
from hardwire.model.command import Done, Failed, Identify, Reply, WritePoints
from hardwire.model.errors import DeviceError
from hardwire.model.value import Value
from tests.drivers.simulated.told import executed, newest, number, running, unhurried
from tests.fakes.paper_feed import NOON, PaperFeed

STEPS = st.lists(st.tuples(st.floats(0, 90), st.booleans()), max_size=30)


def socket(feed: PaperFeed, load_w: float = 1_000) -> SimulatedSocket:
    return SimulatedSocket("kettle", "home", "UTC", Settings(load_w=load_w, standby_w=1.5), sleep=feed.sleep)


async def write(driver: SimulatedSocket, **values: Value) -> Reply:
    return await executed(driver, "kettle", WritePoints(values))


async def test_at_its_start_it_is_on_unlocked_and_feeds_its_load() -> None:
    feed = PaperFeed()

    async with running(socket(feed), feed):
        pass

    told = {name: newest(feed, "kettle", name) for name in ("power_on", "switch_lock", "brightness", "power_w")}
    assert told["power_on"] is True
    assert told["switch_lock"] is False
    assert told["brightness"] == 255
    assert number(told["power_w"]) == pytest.approx(990, abs=10.1)


async def test_switching_off_is_told_at_once_and_cuts_the_load() -> None:
    feed = PaperFeed()
    driver = socket(feed)

    async with running(driver, feed):
        before = len(feed.samples)
        reply = await write(driver, power_on=False)
        sample = feed.samples[before]

    assert reply == Done()
    assert sample.values["power_on"] is False
    assert sample.values["power_w"] == 0
    assert sample.values["current_a"] == 0
    assert "switch_lock" not in sample.values


async def test_what_gets_its_power_back_stands_by_before_it_works_again() -> None:
    feed = PaperFeed()
    driver = socket(feed)

    async with running(driver, feed):
        await write(driver, power_on=False)
        await feed.until(NOON + timedelta(seconds=60))
        off = newest(feed, "kettle", "power_w")
        await write(driver, power_on=True)
        back = newest(feed, "kettle", "power_w")
        await feed.until(NOON + timedelta(seconds=66))
        at_work = newest(feed, "kettle", "power_w")

    assert (off, back) == (0, 1.5)
    assert number(at_work) > 950


async def test_the_register_stands_still_while_it_is_off() -> None:
    feed = PaperFeed()
    driver = socket(feed)

    async with running(driver, feed):
        await write(driver, power_on=False)
        first = newest(feed, "kettle", "energy_import_kwh")
        await feed.until(NOON + timedelta(seconds=300))
        last = newest(feed, "kettle", "energy_import_kwh")
        await write(driver, power_on=True)
        await feed.until(NOON + timedelta(seconds=300 + 363))
        later = newest(feed, "kettle", "energy_import_kwh")

    assert first == last
    assert number(later) - number(last) == pytest.approx(0.099, abs=0.002), "six minutes of some 990 W"


async def test_nothing_changes_by_a_refused_write() -> None:
    feed = PaperFeed()
    driver = socket(feed)

    async with running(driver, feed):
        await write(driver, switch_lock=True)
        before = len(feed.samples)
        reply = await write(driver, brightness=10, power_on=False)
        unlocked = await write(driver, power_on=False, switch_lock=False)

    assert isinstance(reply, Failed)
    assert reply.error.code == "locked"
    assert unlocked == Done()
    assert dict(feed.samples[before].values).keys() >= {"power_on", "switch_lock"}
    assert "brightness" not in feed.samples[before].values


async def test_locking_a_socket_that_is_off_tells_of_both() -> None:
    feed = PaperFeed()
    driver = socket(feed)

    async with running(driver, feed):
        await write(driver, power_on=False)
        before = len(feed.samples)
        await write(driver, switch_lock=True)

    assert feed.samples[before].values["power_on"] is True
    assert feed.samples[before].values["switch_lock"] is True


async def test_writing_what_is_so_already_tells_nothing_new() -> None:
    feed = PaperFeed()
    driver = socket(feed)

    async with running(driver, feed):
        before = len(feed.samples)
        reply = await write(driver, power_on=True, brightness=255)

    assert reply == Done()
    assert len(feed.samples) == before


async def test_writes_of_one_moment_are_told_in_their_order() -> None:
    feed = PaperFeed()
    driver = socket(feed)

    async with running(driver, feed):
        before = len(feed.samples)
        for is_on in (False, True, False):
            await write(driver, power_on=is_on)

    instants = [sample.at for sample in feed.samples[before:]]
    assert instants == sorted(set(instants))
    assert len(instants) == 3


async def test_before_its_start_it_is_not_there() -> None:
    reply = await write(socket(PaperFeed()), power_on=False)

    assert isinstance(reply, Failed)
    assert isinstance(reply.error, DeviceError)


async def test_it_shows_itself() -> None:
    feed = PaperFeed()
    driver = socket(feed)

    async with running(driver, feed):
        reply = driver.execute("kettle", Identify())

    assert reply == Done()


async def test_every_value_has_a_point_and_every_point_a_value() -> None:
    feed = PaperFeed()
    driver = make("kettle", "home", "UTC", Settings())

    async with running(driver, feed):
        pass

    told = {name for sample in feed.samples for name in sample.values}
    assert told == {point.name for point in driver.devices[0].points}
    writable = {point.name for point in driver.devices[0].points if point.writable}
    assert writable == {"power_on", "switch_lock", "brightness"}


@unhurried
@given(STEPS, st.floats(0, 3_680))
def test_the_register_never_falls_and_counts_what_flowed(steps: list[tuple[float, bool]], load_w: float) -> None:
    now, at_most_s = NOON, 0.0
    thing = Thing(load_w, 1.5, now)
    began_wh = thing.energy_wh
    is_on = True

    for wait_s, switch in steps:
        before_wh = thing.energy_wh
        now += timedelta(seconds=wait_s)
        at_most_s += wait_s if is_on else 0.0
        thing.go(now)
        assert thing.energy_wh >= before_wh
        thing.switch(now, is_on=switch)
        is_on = switch
        assert 0 <= thing.power_w <= load_w
        assert is_on or thing.power_w == 0

    assert thing.energy_wh - began_wh <= load_w * at_most_s / 3_600 + 1e-6


def test_its_energy_is_the_integral_of_its_power() -> None:
    thing = Thing(500, 2, NOON)
    began_wh, joules = thing.energy_wh, 0.0

    for second in range(600):
        thing.go(NOON + timedelta(seconds=second + 0.5))
        joules += thing.power_w
    thing.go(NOON + timedelta(seconds=600))

    assert thing.energy_wh - began_wh == pytest.approx(joules / 3_600, rel=1e-4)


def test_what_would_have_been_drawn_while_nobody_looked_is_left_out() -> None:
    thing = Thing(500, 2, NOON)
    began_wh = thing.energy_wh

    thing.go(NOON + timedelta(hours=2))
    thing.go(NOON)

    assert thing.energy_wh == began_wh


@pytest.mark.parametrize(
    ("table", "complaint"),
    [({"load_w": -1}, "load_w"), ({"load_w": 4_000}, "load_w"), ({"standby_w": 101}, "standby_w")],
)
def test_a_wrong_setting_is_named(table: dict[str, Value], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert({"kind": "socket", **table}, Settings, strict=True)
