"""Publish, execute, watch, on one hub and on two."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path

import pytest

from hardwire.bus.local import LocalBus
from hardwire.hub.execution import Visit
from hardwire.hub.feed import HubFeed
from hardwire.hub.hub import Hub
from hardwire.model.access import NOBODY, OWNER, Caller, Credential, Right
from hardwire.model.board.system import Wait
from hardwire.model.channel import Channel
from hardwire.model.command import Command, Done, Failed, Identify, LogUnbuffered, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import DeviceError, HubFaultError
from hardwire.model.fact import Fact, LogRow, Sample
from hardwire.model.value import Value
from hardwire.storage.sqlite import SqliteStore
from tests.fakes.still_clock import NOON, StillClock
from tests.hub.premises import GAS, METER, PaperWatcher, Premises, framed

MEASUREMENT = Channel("paper", "meter", "measurement")
BOARD = Device(id="board", kind="board")


def codes(replies: list[Reply]) -> list[str]:
    return [reply.error.code if isinstance(reply, Failed) else "done" for reply in replies]


async def until_answered(replies: list[Reply]) -> None:
    async with asyncio.timeout(5):
        while not replies:  # noqa: ASYNC110 (the list of replies has no event)
            await asyncio.sleep(0)


def notices_of(premises: Premises, topic: str) -> list[str]:
    heard: list[str] = []
    premises.hub.notices.listen(topic, object(), lambda topic, message: heard.append(message))
    return heard


def test_a_sample_is_remembered_delivered_and_observed() -> None:
    premises, watcher = Premises(), PaperWatcher()
    observed: list[Fact] = []
    premises.serve(METER)
    premises.hub.observe(observed.append)
    premises.hub.watch(MEASUREMENT, watcher)
    sample = Sample("meter", NOON, {"power_w": 5})

    premises.hub.publish(sample)

    assert premises.hub.roster.readings("meter")["power_w"].value == 5
    assert watcher.frames == [b"meter {'power_w': 5}"]
    assert observed == [sample]


def test_the_house_already_holds_what_a_channel_renders() -> None:
    premises = Premises()
    premises.serve(METER)
    seen: list[Value] = []
    watcher = PaperWatcher()
    premises.hub.watch(MEASUREMENT, watcher)
    premises.hub.observe(lambda fact: seen.append(premises.hub.house.readings("meter")["power_w"].value))

    premises.hub.publish(Sample("meter", NOON, {"power_w": 5}))

    assert seen == [5]


def test_hub_kept_points_start_with_their_initial_value_and_remembered_ones_stay() -> None:
    premises = Premises()
    premises.hub.roster.note_kept("meter", {"serial": "kept", "label": "mine", "power_w": 7})

    premises.serve(METER)

    readings = premises.hub.house.readings("meter")
    assert readings["cloud"].value is True
    assert readings["serial"].value == "kept"
    assert readings["label"].value == "mine"
    assert "modes" not in readings
    assert "power_w" not in readings, "what a driver keeps is no reading"


def test_devices_that_come_change_and_go_are_told() -> None:
    premises = Premises()
    heard, states = notices_of(premises, "devices"), notices_of(premises, "device:meter")
    premises.serve(METER)
    premises.hub.declare(METER)

    premises.hub.forget("meter")
    premises.hub.forget("meter")

    assert heard == ["meter", "meter", "meter"]
    assert states == ["offline", "offline"]
    assert premises.hub.house.device("meter") is None


async def test_a_forgotten_device_answers_what_waited_for_it() -> None:
    premises = Premises()
    premises.driver.answer = lambda command: asyncio.get_running_loop().create_future()
    premises.serve(BOARD)
    replies = premises.execute("board", WritePoints({"x": 1}))

    premises.hub.forget("board")

    assert codes(replies) == ["offline"]


def test_a_device_turns_online_with_its_first_life_and_offline_in_silence() -> None:
    premises = Premises()
    states = notices_of(premises, "device:meter")
    premises.serve(METER)

    since = [premises.hub.house.online_since("meter")]

    premises.hub.alive("meter")
    premises.clock.pass_s(1)
    premises.hub.publish(Sample("meter", premises.clock(), {"power_w": 1}))
    since.append(premises.hub.house.online_since("meter"))
    premises.clock.pass_s(31)
    premises.hub.tick()
    premises.hub.tick()
    since.append(premises.hub.house.online_since("meter"))
    premises.hub.publish(Sample("meter", premises.clock(), {"power_w": 1}))
    since.append(premises.hub.house.online_since("meter"))

    assert states == ["online", "offline", "online"]
    assert since == [None, NOON, None, premises.clock()]


def test_a_lost_device_turns_offline_once_and_its_feed_says_why() -> None:
    premises = Premises()
    states = notices_of(premises, "device:meter")
    premises.serve(METER)
    feed = HubFeed(premises.hub, premises.hub.declare)
    feed.alive("meter")

    feed.lost("meter", "the cable is out")
    feed.lost("meter", "the cable is still out")
    feed.trouble("meter", "bad-crc", "a telegram was garbled")

    assert states == ["online", "offline"]
    assert premises.hub.house.lost_since("meter") == (NOON, "the cable is still out")
    assert premises.hub.house.troubles("meter") == {"bad-crc": (1, "a telegram was garbled")}
    assert feed.now() == NOON


def test_commands_go_to_the_driver_of_the_device() -> None:
    premises = Premises()
    premises.serve(METER)

    replies = premises.execute("meter", WritePoints({"power_w": 1}))

    assert replies == [Done()]
    assert premises.driver.commands == [WritePoints({"power_w": 1})]


def test_a_drivers_own_fault_is_told_with_the_device_and_answered() -> None:
    premises = Premises()
    premises.serve(METER)
    fault = RuntimeError("the driver stumbled")

    def stumble(command: Command) -> Reply:
        raise fault

    premises.driver.answer = stumble
    replies = premises.execute("meter", WritePoints({"power_w": 1}))

    assert premises.faults == [("meter", fault)]
    assert [isinstance(reply, Failed) for reply in replies] == [True]


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (NOBODY, "not-allowed"),
        (Caller(rights=Right.READ), "not-allowed"),
        (Caller(rights=Right.CONTROL, devices=("gas",)), "not-allowed"),
        (Caller(rights=Right.CONTROL, group="away"), "not-allowed"),
        (Caller(rights=Right.CONTROL, group="home", devices=("meter",)), "done"),
    ],
)
def test_a_caller_controls_what_is_in_its_reach(caller: Caller, code: str) -> None:
    premises = Premises()
    premises.serve(METER)
    replies: list[Reply] = []

    premises.hub.execute("meter", Identify(), caller, replies.append)

    assert codes(replies) == [code]


def test_an_unknown_device_is_said_to_be_unknown() -> None:
    premises = Premises()

    replies = premises.execute("nobody", Identify())

    assert codes(replies) == ["unknown"]


def test_identifying_shows_for_five_seconds_and_is_told() -> None:
    premises = Premises()
    premises.serve(METER)
    heard = notices_of(premises, "device:meter")

    replies = premises.execute("meter", Identify())

    assert replies == [Done()]
    assert heard == ["identify"]
    assert premises.hub.house.identified_until("meter") == NOON + timedelta(seconds=5)


def test_the_hub_keeps_the_log_of_devices_that_keep_none() -> None:
    premises = Premises()
    own = Device(id="own", kind="unit", log="self")
    premises.serve(METER, own)
    premises.hub.roster.show("meter", "paper", "1", None)
    rows: list[Fact] = []
    premises.hub.publish(Sample("meter", NOON, {"power_w": 1}))
    premises.hub.observe(rows.append)
    replies = premises.execute("meter", LogUnbuffered(60)) + premises.execute("own", LogUnbuffered(60))

    premises.clock.pass_s(5)
    premises.hub.tick()

    assert codes(replies) == ["done", "done"]
    assert premises.driver.commands == [LogUnbuffered(60)]
    assert [(row.device, row.unbuffered_s) for row in rows if isinstance(row, LogRow)] == [("meter", 55)]


def test_the_hubs_own_rows_keep_no_source_alive() -> None:
    premises = Premises()
    premises.serve(METER)
    premises.hub.roster.show("meter", "paper", "M", None)
    premises.hub.publish(Sample("meter", premises.clock(), {"power_w": 1.0}))
    rows: list[Fact] = []
    premises.hub.observe(rows.append)

    for _ in range(40):
        premises.clock.pass_s(1)
        premises.hub.tick()

    assert rows
    assert not premises.hub.roster.is_fresh("meter", premises.clock())


async def test_hub_kept_points_are_durable_before_they_are_seen_and_answered() -> None:
    premises, watcher = Premises(), PaperWatcher()
    premises.serve(METER)
    premises.hub.watch(MEASUREMENT, watcher)
    premises.store.may_write.clear()
    replies = premises.execute("meter", WritePoints({"cloud": False}))
    await asyncio.sleep(0.01)
    before = (premises.hub.house.readings("meter")["cloud"].value, list(watcher.frames), list(replies))

    premises.store.may_write.set()
    await until_answered(replies)

    assert before == (True, [], [])
    assert premises.store.kept == {"meter": {"cloud": False}}
    assert premises.hub.house.readings("meter")["cloud"].value is False
    assert watcher.frames == [b"meter {'cloud': False}"]
    assert replies == [Done()]
    assert premises.driver.commands == []


async def test_hub_kept_points_are_on_disk_when_they_are_answered(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    hub = Hub(LocalBus(StillClock().monotonic), store, StillClock(), framed)
    hub.declare(METER)
    replies: list[Reply] = []

    hub.execute("meter", WritePoints({"cloud": False, "modes": ("a", "b")}), OWNER, replies.append)
    async with asyncio.timeout(10):
        while not replies:  # noqa: ASYNC110 (the list of replies has no event)
            await asyncio.sleep(0.005)
    kept = await store.kept_values()
    await store.close()

    assert replies == [Done()]
    assert kept == {"meter": {"cloud": False, "modes": ("a", "b")}}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("serial", "y", "not-writable"),
        ("cloud", 1, "bad-value"),
        ("brightness", True, "bad-value"),
        ("brightness", "1", "bad-value"),
        ("label", 1, "bad-value"),
        ("modes", "a", "bad-value"),
    ],
)
def test_a_value_that_does_not_fit_a_hub_kept_point_is_refused(name: str, value: Value, code: str) -> None:
    premises = Premises()
    premises.serve(METER)

    replies = premises.execute("meter", WritePoints({"label": "fits", name: value}))

    assert codes(replies) == [code]
    assert isinstance(replies[0], Failed)
    assert replies[0].error.path == name
    assert premises.store.kept == {}


@pytest.mark.parametrize("values", [{}, {"power_w": 1}, {"nobody": 1}])
def test_writes_that_concern_the_source_go_to_its_driver(values: dict[str, Value]) -> None:
    premises = Premises()
    premises.serve(METER)

    premises.execute("meter", WritePoints(values))

    assert premises.driver.commands == [WritePoints(values)]


@pytest.mark.parametrize(("fault", "is_told"), [(HubFaultError("the disk is full"), False), (OSError("a bug"), True)])
async def test_a_write_that_the_disk_refused_is_answered_and_not_seen(fault: Exception, *, is_told: bool) -> None:
    premises = Premises()
    premises.serve(METER)
    premises.store.fault = fault

    replies = premises.execute("meter", WritePoints({"cloud": False}))
    await until_answered(replies)

    assert codes(replies) == ["hub-fault"]
    assert premises.hub.house.readings("meter")["cloud"].value is True
    assert premises.faults == ([("meter", fault)] if is_told else [])


def test_a_revoked_credential_is_shut_out_and_its_bearers_are_told() -> None:
    premises = Premises()
    told: list[str] = []
    premises.hub.access.add(Credential(id="a", kind="paper"))
    premises.hub.notices.bear("a", "socket", lambda: told.append("a"))

    premises.hub.line.notify("revoked", "a")

    assert told == ["a"]
    assert premises.hub.access.credential("a") is None


def test_an_expired_credential_is_told_within_a_tick() -> None:
    premises = Premises()
    told: list[str] = []
    premises.hub.access.add(Credential(id="a", kind="paper", expires=NOON + timedelta(seconds=5)))
    premises.hub.notices.bear("a", "socket", lambda: told.append("a"))
    premises.hub.tick()
    before = list(told)
    premises.clock.pass_s(5)

    premises.hub.tick()

    assert before == []
    assert told == ["a"]


def test_the_house_shows_what_the_roster_and_the_access_own() -> None:
    premises = Premises()
    premises.hub.access.ports = (1, 2)
    premises.hub.access.known_secrets["paper"] = "secret"
    premises.hub.access.is_open_house = True

    house = premises.hub.house

    assert house.ports() == (1, 2)
    assert house.known_secret("paper") == "secret"
    assert house.known_secret("other") is None
    assert house.is_open_house()


def two_hubs() -> tuple[Premises, Premises]:
    """Two hubs on one bus that know the meter; the first one serves it."""
    clock = StillClock()
    bus = LocalBus(clock.monotonic)
    one, two = Premises(bus, clock), Premises(bus, clock)
    one.serve(METER)
    two.hub.declare(METER)
    return one, two


async def test_a_command_is_carried_out_by_the_hub_that_serves_the_device() -> None:
    one, two = two_hubs()

    replies = two.execute("meter", WritePoints({"power_w": 1}))
    await until_answered(replies)

    assert replies == [Done()]
    assert one.driver.commands == [WritePoints({"power_w": 1})]
    assert two.driver.commands == []


async def test_long_pauses_of_a_client_that_has_left_are_not_sent_to_another_hub() -> None:
    one, two = two_hubs()
    visit = Visit()
    visit.end()
    last: list[Reply] = []

    for command in (Wait(59_000), Wait(2_000)):
        two.hub.execute("meter", command, OWNER, lambda reply: None, visit=visit)
    two.hub.execute("meter", WritePoints({"power_w": 1}), OWNER, last.append, visit=visit)
    await until_answered(last)

    assert one.driver.commands == [Wait(59_000), WritePoints({"power_w": 1})]


async def test_commands_of_two_hubs_keep_one_order() -> None:
    one, two = two_hubs()
    running = 0
    most = 0

    async def slow() -> Reply:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return Done()

    def answer(command: Command) -> Awaitable[Reply]:
        return slow()

    one.driver.answer = answer
    replies = [hub.execute("meter", WritePoints({"power_w": n})) for n in range(10) for hub in (one, two)]

    for reply in replies:
        await until_answered(reply)

    assert most == 1
    assert len(one.driver.commands) == 20


async def test_a_device_that_no_hub_serves_fails() -> None:
    one, two = two_hubs()
    one.hub.line.leave()

    replies = two.execute("meter", WritePoints({"power_w": 1}))
    await until_answered(replies)
    late = await one.hub.carry_out("nobody", Identify())

    assert codes(replies) == ["not-served"]
    assert isinstance(replies[0], Failed)
    assert isinstance(replies[0].error, DeviceError)
    assert codes([late]) == ["unknown"]


def test_interest_is_counted_over_both_hubs() -> None:
    one, two = two_hubs()
    first, second = PaperWatcher(), PaperWatcher()
    one.hub.watch(MEASUREMENT, first)
    two.hub.watch(MEASUREMENT, second)
    one.hub.unwatch(MEASUREMENT, first)
    before = list(one.driver.interests)

    two.hub.unwatch(MEASUREMENT, second)

    assert before == [("meter", "measurement", True)]
    assert one.driver.interests == [("meter", "measurement", True), ("meter", "measurement", False)]
    assert two.driver.interests == []


def test_interest_in_a_device_that_has_left_is_nobodys() -> None:
    premises = Premises()

    premises.hub.interest("nobody", "measurement", is_watched=True)

    assert premises.driver.interests == []


def test_a_fact_reaches_the_watchers_of_both_hubs() -> None:
    one, two = two_hubs()
    first, second = PaperWatcher(), PaperWatcher()
    one.hub.watch(MEASUREMENT, first)
    two.hub.watch(MEASUREMENT, second)

    one.hub.publish(Sample("meter", NOON, {"power_w": 1}))

    assert first.frames == second.frames == [b"meter {'power_w': 1}"]


def test_a_child_that_is_known_without_its_parent_harms_nobody() -> None:
    premises = Premises()
    premises.serve(GAS)

    premises.hub.publish(Sample("gas", NOON, {"volume_m3": 2}))
    premises.hub.publish(Sample("stranger", NOON, {"x": 1}))

    assert premises.hub.house.readings("gas")["volume_m3"].value == 2
