"""The rhythm of simulated devices: a sample a second, each device at a moment of its own, and away while it reboots."""

import asyncio
from datetime import datetime, timedelta

import pytest

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.telling import SPREAD_MS, Instants, Telling
from hardwire.model.command import Done, Identify, Reboot, WritePoints
from tests.fakes.paper_feed import NOON, PaperFeed

NAMES = ("grid", "solar", "kettle", "battery-1")


class Listener:
    """Writes down which seconds were told, and when."""

    def __init__(self) -> None:
        self.seconds: list[datetime] = []
        self.moments: list[datetime] = []

    def tell(self, feed: Feed, second: datetime) -> None:
        self.seconds.append(second)
        self.moments.append(feed.now())


async def heard(telling: Telling, feed: PaperFeed, seconds: float) -> None:
    task = asyncio.create_task(telling.run(feed))
    await feed.until(feed.now() + timedelta(seconds=seconds))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("name", NAMES)
async def test_every_second_is_told_once_at_a_moment_of_the_devices_own(name: str) -> None:
    feed, listener = PaperFeed(), Listener()

    await heard(Telling(name, listener.tell, feed.sleep), feed, 5)

    first, *_ = listener.seconds
    assert listener.seconds == [first + timedelta(seconds=number) for number in range(len(listener.seconds))]
    assert len(listener.seconds) in (5, 6)
    assert all(second.microsecond == 0 for second in listener.seconds)
    moments = {moment.microsecond for moment in listener.moments[1:]}
    assert len(moments) == 1
    assert moments.pop() < SPREAD_MS * 1_000


async def test_two_names_have_two_moments() -> None:
    moments = set()
    for name in NAMES:
        feed, listener = PaperFeed(), Listener()
        await heard(Telling(name, listener.tell, feed.sleep), feed, 3)
        moments.add(listener.moments[-1].microsecond)

    assert len(moments) == len(NAMES)


async def test_a_timer_that_rings_early_makes_no_second_sample_of_a_second() -> None:
    feed, listener = PaperFeed(), Listener()

    async def early(seconds: float) -> None:
        await feed.sleep(max(0.001, seconds - 0.001))

    await heard(Telling("grid", listener.tell, early), feed, 5)

    assert len(listener.seconds) == len(set(listener.seconds)) >= 5


async def test_a_late_timer_skips_what_is_over_and_goes_on() -> None:
    feed, listener = PaperFeed(), Listener()

    async def late(seconds: float) -> None:
        await feed.sleep(seconds + 2.5)

    await heard(Telling("grid", listener.tell, late), feed, 9)

    gaps = {after - before for before, after in zip(listener.seconds, listener.seconds[1:], strict=False)}
    assert gaps <= {timedelta(seconds=3), timedelta(seconds=4)}


async def test_a_device_that_starts_anew_is_silent_for_five_seconds_and_counts_its_time_from_then() -> None:
    feed, listener = PaperFeed(), Listener()
    telling = Telling("grid", listener.tell, feed.sleep)
    task = asyncio.create_task(telling.run(feed))
    await feed.until(NOON + timedelta(seconds=10))

    reply = telling.execute(Reboot(), feed.now())
    before = len(listener.seconds)
    await feed.until(NOON + timedelta(seconds=14))
    while_away = len(listener.seconds)
    uptime_away = telling.presence(feed.now())["uptime_s"]
    await feed.until(NOON + timedelta(seconds=25))

    assert reply == Done()
    assert while_away == before
    assert uptime_away == 0
    assert len(listener.seconds) > before + 5
    assert telling.presence(feed.now())["uptime_s"] == 10
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_every_device_shows_itself_and_none_takes_a_write_for_that() -> None:
    telling = Telling("grid", Listener().tell)

    assert telling.execute(Identify(), NOON) == Done()
    assert telling.execute(WritePoints({"power_w": 0}), NOON) is None


def test_before_its_start_a_device_has_been_up_for_no_time_in_sight_of_a_network() -> None:
    presence = Telling("grid", Listener().tell).presence(NOON)

    assert presence["uptime_s"] == 0
    assert presence["wifi_ssid"]
    signal = presence["wifi_rssi_db"]
    assert isinstance(signal, int)
    assert -80 < signal < -40


def test_of_two_values_of_one_moment_the_later_one_is_later() -> None:
    instants = Instants()

    given = [instants.after(NOON), instants.after(NOON), instants.after(NOON - timedelta(seconds=1))]

    assert given == sorted(set(given))
    assert given[0] == NOON
    assert given[-1] - NOON < timedelta(milliseconds=10)
