"""The simulated unit as a driver: the loop around its logger, its settings, the demo."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from inspect import isawaitable

import msgspec
import pytest

from hardwire.drivers.simulated.unit.demo import demo_units
from hardwire.drivers.simulated.unit.driver import SimulatedUnit, make
from hardwire.drivers.simulated.unit.instrument import Instrument
from hardwire.drivers.simulated.unit.settings import Field, Input, Offline, Register, Settings
from hardwire.drivers.simulated.unit.shapes import Shape
from hardwire.model.command import Command, Done, Failed, FlushLog, LogUnbuffered, Reply, WritePoints
from hardwire.model.errors import BadValueError, HubFaultError
from hardwire.model.fact import LogRow, Sample
from hardwire.model.value import Value
from tests.fakes.paper_feed import PaperFeed

BEGAN = datetime(2026, 6, 1, 12, 0, 0, 400_000, tzinfo=UTC)
FIELDS = (Field(name="level", unit="in", decimals=1, tag="TANK"), Field(name="flow", label="Flow", log_interval_s=5))


def second(fact: LogRow) -> int:
    return round((fact.at - BEGAN).total_seconds() + 0.4)


def refusal(reply: Reply) -> tuple[str, str]:
    """Return code and path of a refusal."""
    assert isinstance(reply, Failed)
    return reply.error.code, reply.error.path


async def replied(unit: SimulatedUnit, command: Command) -> Reply:
    """Have the unit carry out a command, and wait for its reply."""
    reply = unit.execute("tank", command)
    return await reply if isawaitable(reply) else reply


async def stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_unit_logs_on_the_mark() -> None:
    feed = PaperFeed(BEGAN)
    unit = SimulatedUnit("tank", "demo", "UTC", Settings(fields=FIELDS), sleep=feed.sleep)
    task = asyncio.create_task(unit.run(feed))

    await feed.until(BEGAN + timedelta(seconds=16))

    await stop(task)
    assert [second(row) for row in feed.rows] == [5, 10, 15]
    assert [len(sample.values) > 1 for sample in feed.samples] == [True, False, False, False]
    assert feed.samples[0].at == BEGAN
    assert {"level", "flow", "vin_mv", "output_1", "link"} < set(feed.samples[0].values)


async def test_a_unit_that_is_asked_for_unbuffered_updates_gives_what_it_has() -> None:
    feed = PaperFeed(BEGAN)
    unit = SimulatedUnit("tank", "demo", "UTC", Settings(fields=FIELDS, buffer_s=60), sleep=feed.sleep)
    task = asyncio.create_task(unit.run(feed))
    await feed.until(BEGAN + timedelta(seconds=11))
    buffered = list(feed.rows)

    reply = unit.execute("tank", LogUnbuffered(1800))

    await stop(task)
    assert buffered == []
    assert reply == Done()
    assert [(second(row), row.unbuffered_s) for row in feed.rows] == [(5, 1800), (10, 1800)]


async def test_a_unit_buffers_again_when_nobody_reads_its_fast_log() -> None:
    feed = PaperFeed(BEGAN)
    unit = SimulatedUnit("tank", "demo", "UTC", Settings(fields=FIELDS, buffer_s=600), sleep=feed.sleep)
    task = asyncio.create_task(unit.run(feed))
    await feed.settle()
    unit.execute("tank", LogUnbuffered(1800))

    unit.interest("tank", "status", is_watched=False)
    await feed.until(BEGAN + timedelta(seconds=100))
    while_status_is_unwatched = second(feed.rows[-1])
    unit.interest("tank", "log", is_watched=False)
    await feed.until(BEGAN + timedelta(seconds=300))

    await stop(task)
    assert while_status_is_unwatched == 100
    assert second(feed.rows[-1]) == 160


def test_a_unit_that_has_not_started_says_so() -> None:
    unit = make("tank", "demo", "UTC", Settings(fields=FIELDS))

    unit.interest("tank", "log", is_watched=True)
    reply = unit.execute("tank", LogUnbuffered(1800))

    assert isinstance(reply, Failed)
    assert reply.error.code == "offline"


def test_a_unit_keeps_its_own_logs_and_says_how_long_it_may_be_silent() -> None:
    (device,) = make("tank", "demo", "Europe/Oslo", Settings(fields=FIELDS, buffer_s=60)).devices

    assert (device.kind, device.log, device.group, device.timezone) == ("unit", "self", "demo", "Europe/Oslo")
    assert device.stale_after_s == 720
    assert device.firmware == "24061501"
    fields = [point for point in device.points if point.is_field]
    assert [(point.name, point.label, point.unit, point.log_interval_s) for point in fields] == [
        ("level", "", "in", 0),
        ("flow", "Flow", "", 5),
    ]


def test_two_fields_of_one_name_are_refused_with_their_place() -> None:
    settings = Settings(fields=(Field(name="level"), Field(name="flow"), Field(name="level")))

    with pytest.raises(BadValueError) as caught:
        make("tank", "demo", "UTC", settings)

    assert caught.value.path == "fields[2].name"


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"fields": []},
        {"fields": [{"name": ""}]},
        {"fields": [{"name": "level", "shape": "square"}]},
        {"fields": [{"name": "level", "log_interval_s": 600}]},
        {"fields": [{"name": "level", "period_s": 0}]},
        {"fields": [{"name": "level"}], "buffer_s": 1201},
        {"fields": [{"name": "level"}], "bufer_s": 5},
        {"fields": [{"name": "level"}], "firmware": "new"},
        {"fields": [{"name": "level"}], "offline": [{"every_s": 60, "for_s": 60}]},
        {"fields": [{"name": "level"}], "registers": [{"device": 41, "register": 1}]},
        {"fields": [{"name": "level"}], "registers": [{"device": 1, "register": 151}]},
        {"fields": [{"name": "level"}], "inputs": [{"input": 9}]},
        {"fields": [{"name": "level"}], "backlog_s": 86401},
        {"fields": [{"name": "level"}], "link": "LoRa"},
        {"fields": [{"name": "level"}] * 91},
    ],
)
def test_a_wrong_setting_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "unit", **table}, Settings)


def test_the_demo_has_two_units_one_of_which_buffers() -> None:
    tables = demo_units("demo")

    units = {
        table["ezeio"]["serial"]: msgspec.convert(
            {name: setting for name, setting in table.items() if name not in ("driver", "alarms", "ezeio")}, Settings
        )
        for table in tables.values()
    }

    assert {serial: (unit.buffer_s, len(unit.fields)) for serial, unit in units.items()} == {
        "ABC-123": (0, 4),
        "ABC-456": (60, 5),
    }
    assert [(field.name, field.unit) for field in units["ABC-123"].fields][:2] == [
        ("tank_level", "in"),
        ("output_flow", "gal/min"),
    ]
    assert [(field.name, field.unit) for field in units["ABC-456"].fields][:3] == [
        ("air_temperature", "F"),
        ("relative_humidity", "percent"),
        ("voltage", "V"),
    ]
    assert 5 in [field.log_interval_s for field in units["ABC-123"].fields]


WORKSHOP = Settings(
    fields=(
        Field(name="level", shape=Shape.CONSTANT, offset=4.0, log_interval_s=5),
        Field(name="target", expression="", value=3.0, log_interval_s=5),
        Field(name="error", expression="level - target", log_interval_s=5),
        Field(name="scaled", expression="f(3) * 0.5 + r(2,34)"),
        Field(name="nothing", expression="1 / (f(2) - f(2))", log_interval_s=5),
    ),
    inputs=(Input(input=2, shape=Shape.CONSTANT, offset=512.4), Input(input=3, shape=Shape.CONSTANT, offset=-5)),
    registers=(
        Register(device=2, register=34, value=10.0),
        Register(device=2, register=35, shape=Shape.CONSTANT, offset=1.5),
    ),
    buffer_s=600,
)


@asynccontextmanager
async def workshop(feed: PaperFeed, settings: Settings = WORKSHOP) -> AsyncIterator[SimulatedUnit]:
    """Let a unit with something of everything run."""
    unit = SimulatedUnit("tank", "demo", "UTC", settings, sleep=feed.sleep)
    task = asyncio.create_task(unit.run(feed))
    await feed.settle()
    yield unit
    await stop(task)


def shown(feed: PaperFeed, *names: str) -> dict[str, Value | None]:
    """Return what the newest sample shows of these points."""
    return {name: feed.samples[-1].values.get(name) for name in names}


async def test_fields_are_computed_from_other_fields_and_registers_by_number_and_by_name() -> None:
    feed = PaperFeed(BEGAN)

    async with workshop(feed):
        values = shown(feed, "level", "target", "error", "scaled", "nothing", "input_1", "input_2", "input_3")

    assert values == {
        "level": 4,
        "target": 3,
        "error": 1,
        "scaled": 10.5,
        "nothing": None,
        "input_1": 0,
        "input_2": 512,
        "input_3": 0,
    }


async def test_a_written_field_holds_shows_at_once_and_sends_what_is_buffered() -> None:
    feed = PaperFeed(BEGAN)

    async with workshop(feed) as unit:
        await feed.until(BEGAN + timedelta(seconds=11))
        before = list(feed.rows)
        reply = await replied(unit, WritePoints({"target": 1}))
        flushed = [(second(row), row.values["target"], row.values["error"]) for row in feed.rows]
        values = shown(feed, "target", "error", "scaled")
        await feed.until(BEGAN + timedelta(seconds=621))

    assert (before, reply) == ([], Done())
    assert flushed == [(5, 3, 1), (10, 3, 1)]
    assert values == {"target": 1, "error": 3, "scaled": 11.5}
    assert {(row.values["target"], row.values["error"]) for row in feed.rows[2:]} == {(1, 3)}
    assert feed.disk == {"tank": {"target": 1}}


async def test_written_outputs_and_registers_hold_and_send_nothing() -> None:
    feed = PaperFeed(BEGAN)

    async with workshop(feed) as unit:
        await feed.until(BEGAN + timedelta(seconds=11))
        reply = await replied(
            unit, WritePoints({"output_1": 49, "output_2": 50, "output_3": 33.5, "register_2_34": 20})
        )
        values = shown(feed, "output_1", "output_2", "output_3", "output_4", "register_2_34", "scaled")

    assert reply == Done()
    assert feed.rows == []
    assert values == {
        "output_1": 0,
        "output_2": 100,
        "output_3": 33.5,
        "output_4": 0,
        "register_2_34": 20,
        "scaled": 20.5,
    }


async def test_what_was_written_is_there_after_a_restart() -> None:
    first, second_feed = PaperFeed(BEGAN), PaperFeed(BEGAN + timedelta(days=1))
    async with workshop(first) as unit:
        await replied(unit, WritePoints({"target": -2.5, "output_4": 70}))
    second_feed.disk = {"tank": {**first.disk["tank"], "level": 99, "scaled": "text"}}

    async with workshop(second_feed):
        values = shown(second_feed, "level", "target", "error", "output_4")

    assert values == {"level": 4, "target": -2.5, "error": 6.5, "output_4": 70}


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"level": 1}, ("not-writable", "level")),
        ({"error": 1}, ("not-writable", "error")),
        ({"register_2_35": 1}, ("not-writable", "register_2_35")),
        ({"input_1": 1}, ("not-writable", "input_1")),
        ({"link": "WiFi"}, ("not-writable", "link")),
        ({"elsewhere": 1}, ("unknown", "elsewhere")),
        ({"target": True}, ("bad-value", "target")),
        ({"target": "1"}, ("bad-value", "target")),
        ({"target": float("nan")}, ("bad-value", "target")),
        ({"target": 10**400}, ("bad-value", "target")),
        ({"output_1": 101}, ("bad-value", "output_1")),
        ({"output_3": -1}, ("bad-value", "output_3")),
        ({"target": 5, "output_3": -1}, ("bad-value", "output_3")),
    ],
)
async def test_a_write_that_does_not_fit_changes_nothing(values: dict[str, Value], refused: tuple[str, str]) -> None:
    feed = PaperFeed(BEGAN)

    async with workshop(feed) as unit:
        told = len(feed.facts)
        reply = await replied(unit, WritePoints(values))

    assert refusal(reply) == refused
    assert (feed.disk, len(feed.facts)) == ({}, told)


async def test_what_the_disk_refuses_is_not_written() -> None:
    feed = PaperFeed(BEGAN)
    feed.keep_fault = HubFaultError("the disk is full", code="disk-full")

    async with workshop(feed) as unit:
        reply = await replied(unit, WritePoints({"target": 1}))
        feed.keep_fault = None
        await replied(unit, WritePoints({"output_4": 1}))

    assert refusal(reply) == ("disk-full", "")
    assert shown(feed, "target") == {"target": 3}


async def test_a_flush_sends_what_is_buffered_and_changes_nothing() -> None:
    feed = PaperFeed(BEGAN)

    async with workshop(feed) as unit:
        await feed.until(BEGAN + timedelta(seconds=11))
        reply = await replied(unit, FlushLog())
        ended = await replied(unit, LogUnbuffered(0))
        await feed.until(BEGAN + timedelta(seconds=21))

    assert (reply, ended) == (Done(), Done())
    assert [(second(row), row.unbuffered_s) for row in feed.rows] == [(5, 0), (10, 0)]


async def test_without_a_link_a_unit_logs_on_and_sends_it_all_in_one_burst_afterwards() -> None:
    # Down from 12:00:20 to 12:00:50.
    offline = Offline(every_s=3600, after_s=20, for_s=30)
    feed = PaperFeed(BEGAN)

    async with workshop(feed, Settings(fields=FIELDS, offline=(offline,))) as unit:
        await feed.until(BEGAN + timedelta(seconds=30))
        while_down = [second(row) for row in feed.rows]
        refusals = [
            refusal(await replied(unit, command))
            for command in (WritePoints({"flow": 1}), LogUnbuffered(1800), FlushLog())
        ]
        lost = list(feed.lost_told)
        await feed.until(BEGAN + timedelta(seconds=50))
        afterwards = [second(row) for row in feed.rows]
        await feed.until(BEGAN + timedelta(seconds=56))

    assert while_down == [5, 10, 15]
    assert refusals == [("offline", "")] * 3
    assert lost == [("tank", "the unit's link is down; it goes on logging")]
    assert afterwards == [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]
    assert [second(row) for row in feed.rows][-1] == 55
    assert any(sample.at == BEGAN + timedelta(seconds=49.6) for sample in feed.samples)


async def test_a_unit_that_starts_without_a_link_says_so_and_shows_nothing() -> None:
    feed = PaperFeed(BEGAN)

    async with workshop(feed, Settings(fields=FIELDS, backlog_s=60, offline=(Offline(every_s=60, for_s=30),))):
        before = list(feed.facts)
        await feed.until(BEGAN + timedelta(seconds=31))

    assert before == []
    assert [device for device, _ in feed.lost_told] == ["tank"]
    assert sorted({second(row) for row in feed.rows}) == list(range(-55, 31, 5))


async def test_a_unit_that_starts_again_does_not_repeat_its_backlog() -> None:
    feed = PaperFeed(BEGAN)
    settings = Settings(fields=FIELDS, backlog_s=60, buffer_s=60)
    async with workshop(feed, settings):
        await feed.until(BEGAN + timedelta(seconds=1))
    told = list(feed.rows)

    async with workshop(feed, settings):
        await feed.until(BEGAN + timedelta(seconds=2))

    assert len(told) > 10
    assert feed.rows == told


async def test_a_backlog_is_told_although_the_disk_refuses_it() -> None:
    feed = PaperFeed(BEGAN)
    feed.keep_fault = HubFaultError("the disk is full")

    async with workshop(feed, Settings(fields=FIELDS, backlog_s=60)):
        await feed.until(BEGAN + timedelta(seconds=1))

    assert sorted({second(row) for row in feed.rows}) == list(range(-55, 1, 5))


async def test_a_unit_with_a_backlog_sends_it_at_once_and_shows_the_present_last() -> None:
    feed = PaperFeed(BEGAN)

    async with workshop(feed, Settings(fields=FIELDS, backlog_s=3600, buffer_s=60)):
        facts = list(feed.facts)

    assert [second(row) for row in feed.rows if len(row.values) == 1] == list(range(-3595, 1, 5))
    assert isinstance(facts[-1], Sample)
    assert facts[-1].at == BEGAN


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        (Settings(fields=(Field(name="link"),)), "fields[0].name"),
        (
            Settings(fields=(Field(name="a", expression="f(2)"), Field(name="b", expression="f(1)"))),
            "fields[0].expression",
        ),
        (Settings(fields=(Field(name="a", expression="a + 1"),)), "fields[0].expression"),
        (Settings(fields=(Field(name="a"), Field(name="b", expression="f(1) +"))), "fields[1].expression"),
        (Settings(fields=(Field(name="a"),), condition="sch(2)"), "condition"),
        (Settings(fields=(Field(name="a"),), inputs=(Input(input=1), Input(input=1))), "inputs[1]"),
        (
            Settings(
                fields=(Field(name="a"),), registers=(Register(device=1, register=1), Register(device=1, register=1))
            ),
            "registers[1]",
        ),
    ],
)
def test_a_setting_that_does_not_fit_the_others_is_refused_with_its_place(settings: Settings, path: str) -> None:
    with pytest.raises(BadValueError) as caught:
        make("tank", "demo", "UTC", settings)

    assert caught.value.path == path


def test_each_field_may_be_computed_from_the_one_before_it() -> None:
    chain = tuple(Field(name=f"no{number}", expression=f"f({number}) + 1") for number in range(1, 90))
    settings = Settings(fields=(Field(name="no0", shape=Shape.CONSTANT, offset=1.0), *chain))

    values = Instrument("tank", settings).values(["no89"], 0)

    assert values == {"no89": 90}


def test_a_unit_on_a_cable_has_no_signal_and_no_card() -> None:
    (device,) = make("tank", "demo", "UTC", Settings(fields=FIELDS, link="Ethernet")).devices

    names = {point.name for point in device.points}

    assert not {"rssi_dbm", "sim_iccid"} & names
    assert "link" in names
