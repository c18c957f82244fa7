"""What the hub does on a device's behalf, and lets the hardware do too where it can: blink, reboot, keep settings."""

import asyncio
from datetime import timedelta

import pytest

from hardwire.hub.feed import HubFeed
from hardwire.model.access import OWNER
from hardwire.model.command import Command, Done, Failed, Identify, Reboot, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, DeviceError, HubFaultError
from hardwire.model.fact import Sample
from tests.fakes.still_clock import NOON
from tests.hub.premises import GAS, METER, Premises

UNSUPPORTED = Failed(CallerError("not me", code="unsupported"))
OFFLINE = Failed(DeviceError("gone", code="offline"))


async def until_answered(replies: list[Reply]) -> None:
    async with asyncio.timeout(5):
        while not replies:  # noqa: ASYNC110 (the list of replies has no event)
            await asyncio.sleep(0)


def answering(premises: Premises, reply: Reply) -> None:
    premises.driver.answer = lambda command: reply


def notices_of(premises: Premises, topic: str) -> list[str]:
    heard: list[str] = []
    premises.hub.notices.listen(topic, object(), lambda topic, message: heard.append(message))
    return heard


@pytest.mark.parametrize(("said", "replied"), [(Done(), Done()), (UNSUPPORTED, Done()), (OFFLINE, OFFLINE)])
@pytest.mark.parametrize("command", [Identify(), Reboot()])
def test_hardware_that_cannot_is_played_and_hardware_that_fails_is_told(
    command: Command, said: Reply, replied: Reply
) -> None:
    premises = Premises()
    premises.serve(METER)
    answering(premises, said)

    replies = premises.execute("meter", command)

    assert premises.driver.commands == [command]
    assert replies == [replied]


def test_a_reboot_is_answered_then_told_and_remembered() -> None:
    premises = Premises()
    premises.serve(METER)
    order: list[object] = []
    premises.hub.notices.listen("device:meter", object(), lambda topic, message: order.append(message))

    premises.hub.execute("meter", Reboot(), OWNER, order.append)

    assert order == [Done(), "reboot"]
    assert premises.hub.house.rebooted_at("meter") == NOON
    assert premises.hub.house.rebooted_at("gas") is None


async def test_a_device_of_another_hub_is_asked_over_the_bus() -> None:
    mine = Premises()
    theirs = Premises(mine.bus, mine.clock)
    theirs.serve(METER)
    mine.hub.declare(METER)

    replies = mine.execute("meter", Reboot())
    await until_answered(replies)

    assert replies == [Done()]
    assert theirs.driver.commands == [Reboot()]


def test_a_board_reboots_by_itself() -> None:
    premises = Premises()
    premises.serve(Device(id="bench", kind="board"))
    heard = notices_of(premises, "device:bench")

    premises.execute("bench", Reboot())

    assert premises.driver.commands == [Reboot()]
    assert heard == []


async def test_a_write_to_source_and_hub_goes_to_the_source_first() -> None:
    premises = Premises()
    premises.serve(METER)
    changed = notices_of(premises, "kept")

    replies = premises.execute("meter", WritePoints({"cloud": False, "power_w": 1}))
    await until_answered(replies)

    assert replies == [Done()]
    assert premises.driver.commands == [WritePoints({"power_w": 1})]
    assert premises.store.kept == {"meter": {"cloud": False}}
    assert changed == ["meter"]


def test_where_the_source_refuses_nothing_is_kept() -> None:
    premises = Premises()
    premises.serve(METER)
    answering(premises, OFFLINE)

    replies = premises.execute("meter", WritePoints({"cloud": False, "power_w": 1}))

    assert replies == [OFFLINE]
    assert premises.store.kept == {}


def test_a_driver_reads_and_follows_the_devices_of_others() -> None:
    premises = Premises()
    feed = HubFeed(premises.hub, premises.hub.declare)
    news: list[str] = []
    stops = [feed.follow("meter", lambda: news.append("one")), feed.follow("meter", lambda: news.append("two"))]
    feed.follow("later", lambda: news.append("later"))

    premises.serve(METER)
    came = list(news)
    premises.hub.publish(Sample("meter", NOON, {"power_w": 7}))
    told = len(news)
    for stop in (*stops, *stops):
        stop()
    premises.serve(GAS)
    premises.hub.publish(Sample("meter", NOON + timedelta(seconds=1), {"power_w": 8}))

    assert came == ["one", "two"]
    assert told > len(came)
    assert len(news) == told
    assert [device.id for device in feed.devices()] == ["meter", "gas"]
    assert feed.readings("meter")["power_w"].value == 8
    assert feed.is_fresh("meter")
    assert not feed.is_fresh("later")


def test_who_follows_hears_that_a_device_went() -> None:
    premises = Premises()
    premises.serve(METER)
    news: list[str] = []
    premises.hub.followers.follow("meter", lambda: news.append("meter"))

    premises.hub.lost("meter", "cable")
    silent = len(news)
    premises.hub.forget("meter")

    assert silent == 1
    assert len(news) > silent


async def test_what_a_driver_keeps_is_on_the_disk_and_shown_to_nobody() -> None:
    premises = Premises()
    premises.serve(METER)
    feed = HubFeed(premises.hub, premises.hub.declare)
    changed = notices_of(premises, "kept")

    await feed.keep("meter", {"power_w": 7, "counted_wh": 1.5})

    assert premises.store.kept == {"meter": {"power_w": 7, "counted_wh": 1.5}}
    assert feed.kept("meter") == {"power_w": 7, "counted_wh": 1.5}
    assert feed.kept("nobody") == {}
    assert not {"power_w", "counted_wh"} & premises.hub.house.readings("meter").keys()
    assert changed == []


async def test_a_driver_hears_that_nothing_is_kept_where_the_disk_refuses() -> None:
    premises = Premises()
    premises.serve(METER)
    feed = HubFeed(premises.hub, premises.hub.declare)
    premises.store.fault = HubFaultError("the disk is full", code="disk-full")

    with pytest.raises(HubFaultError, match="full"):
        await feed.keep("meter", {"power_w": 7})

    assert feed.kept("meter") == {}


async def test_a_driver_knows_what_the_hub_keeps_on_its_devices_behalf() -> None:
    premises = Premises()
    premises.serve(METER)
    feed = HubFeed(premises.hub, premises.hub.declare)

    replies = premises.execute("meter", WritePoints({"cloud": False}))
    await until_answered(replies)
    known = dict(feed.kept("meter"))
    premises.hub.forget("meter")
    gone = feed.kept("meter")

    assert known == {"cloud": False}
    assert gone == {}, "a device that comes back under that id begins anew"
