"""The simulated unit as a driver: the loop around its logger, its settings, the demo."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from hardwire.drivers.simulated.unit.demo import demo_units
from hardwire.drivers.simulated.unit.driver import Settings, SimulatedUnit, make
from hardwire.drivers.simulated.unit.shapes import Field
from hardwire.model.command import Done, Failed, LogUnbuffered
from hardwire.model.errors import BadValueError
from hardwire.model.fact import LogRow
from tests.fakes.paper_feed import PaperFeed

BEGAN = datetime(2026, 6, 1, 12, 0, 0, 400_000, tzinfo=UTC)
FIELDS = (Field(name="level", unit="in", decimals=1, tag="TANK"), Field(name="flow", label="Flow", log_interval_s=5))


def second(fact: LogRow) -> int:
    return int(fact.at.timestamp() - BEGAN.timestamp() + 0.5)


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
    assert [list(sample.values) for sample in feed.samples] == [["level", "flow"], ["flow"], ["flow"], ["flow"]]


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
    assert [(point.name, point.label, point.unit, point.log_interval_s) for point in device.points] == [
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
    ],
)
def test_a_wrong_setting_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "unit", **table}, Settings)


def test_the_demo_has_two_units_one_of_which_buffers() -> None:
    tables = demo_units("demo")

    units = {
        table["ezeio"]["serial"]: msgspec.convert(
            {name: setting for name, setting in table.items() if name not in ("driver", "ezeio")}, Settings
        )
        for table in tables.values()
    }

    assert {serial: (unit.buffer_s, len(unit.fields)) for serial, unit in units.items()} == {
        "ABC-123": (0, 2),
        "ABC-456": (60, 3),
    }
    assert 5 in [field.log_interval_s for field in units["ABC-123"].fields]
