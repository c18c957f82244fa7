"""What every driver keeps to, whatever hardware it speaks to: one suite over every driver found."""

import asyncio
import pkgutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from inspect import isawaitable
from typing import Any

import msgspec
import pytest

from hardwire import drivers
from hardwire.contracts.driver import Driver, DriverPart
from hardwire.model.command import Command, Done, Failed, Reply
from hardwire.model.errors import CallerError
from hardwire.model.fact import LogRow, Sample
from tests.fakes.paper_feed import PaperFeed

FOUND = sorted(module.name for module in pkgutil.iter_modules(drivers.__path__) if module.ispkg)

# Tables as they stand in a configuration file. Nothing listens on port 1, and that is no reason to fail.
TABLES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {  # Any: what TOML holds
    "simulated": {
        "board": {"kind": "board"},
        "meter": {"kind": "meter"},
        "unit": {"kind": "unit", "fields": [{"name": "Level", "log_interval_s": 5}]},
        "kwh_meter": {"kind": "kwh_meter"},
        "kwh_meter of three phases": {"kind": "kwh_meter", "profile": "SDM630-wifi", "load": "heat_pump"},
        "kwh_meter of a house": {"kind": "kwh_meter", "load": "house"},
        "battery": {"kind": "battery"},
        "steered battery": {"kind": "battery", "meter": "grid", "state_of_charge_pct": 10.5},
        "socket": {"kind": "socket", "load_w": 100.0},
        "water_meter": {"kind": "water_meter", "people": 4},
    },
    "computed": {
        "difference": {"points": {"power_w": "grid.power_w - charger.power_w"}},
        "offset": {"like": "grid", "points": {"power_w": "grid.power_w + 500 W"}},
    },
    "homewizard": {
        "v1": {"host": "127.0.0.1:1"},
        "v2": {"host": "127.0.0.1:1", "token": "0123456789ABCDEF" * 2, "fingerprint": "ab" * 32},
    },
    "ingest": {
        "fields": {"fields": [{"name": "Level", "writable": True}], "outputs": [1], "registers": [[2, 34]]},
        "any fields": {},
        "broker": {"mqtt": "mqtt://127.0.0.1:1"},
    },
    "dsmr": {
        "tcp": {"port": "tcp://127.0.0.1:1", "version": "5"},
        "serial": {"port": "/dev/no-such-port", "version": "2.2"},
    },
}
CASES = [
    pytest.param(name, table, id=f"{name}-{case}") for name in FOUND for case, table in TABLES.get(name, {}).items()
]

every_driver = pytest.mark.parametrize(("name", "table"), CASES)
Table = Mapping[str, Any]  # Any: what TOML holds


class Unheard(Command, frozen=True):
    """A wish that no driver knows."""


def part(name: str) -> DriverPart:
    found = import_module(f"hardwire.drivers.{name}.part").PART
    assert isinstance(found, DriverPart)
    return found


def made(name: str, table: Table) -> Driver:
    settings = msgspec.convert(table, part(name).settings, strict=True)
    return part(name).make("one", "owners", "Europe/Amsterdam", settings)


@asynccontextmanager
async def running(driver: Driver, feed: PaperFeed) -> AsyncIterator[None]:
    task = asyncio.create_task(driver.run(feed))
    await feed.settle()
    assert not task.done(), "a driver mends its own connection; it never ends by itself"
    yield
    task.cancel()
    async with asyncio.timeout(10):
        with pytest.raises(asyncio.CancelledError):
            await task


async def replied(driver: Driver, device: str, command: Command) -> Reply:
    answer = driver.execute(device, command)
    return await answer if isawaitable(answer) else answer


@pytest.mark.parametrize("name", FOUND)
def test_a_driver_is_called_like_its_folder_and_has_a_table_in_this_suite(name: str) -> None:
    assert part(name).name == name
    assert TABLES.get(name), "add a table for it above"


@every_driver
def test_the_first_device_bears_the_configured_id_and_all_its_owner_and_zone(name: str, table: Table) -> None:
    devices = made(name, table).devices

    assert devices[0].id == "one"
    assert {(device.group, device.timezone) for device in devices} == {("owners", "Europe/Amsterdam")}


@every_driver
def test_ids_and_the_points_of_a_device_are_unique(name: str, table: Table) -> None:
    devices = made(name, table).devices

    assert len({device.id for device in devices}) == len(devices)
    for device in devices:
        assert len({point.name for point in device.points}) == len(device.points)


@every_driver
def test_a_child_hangs_behind_a_device_of_the_same_driver_and_is_named_after_it(name: str, table: Table) -> None:
    devices = made(name, table).devices

    for device in devices:
        assert device.parent in (None, "one")
        assert device.id.startswith("one")


@every_driver
def test_two_drivers_of_one_table_are_two_devices_that_share_nothing(name: str, table: Table) -> None:
    settings = msgspec.convert(table, part(name).settings, strict=True)

    one, other = (part(name).make(id, "owners", "UTC", settings) for id in ("one", "other"))

    assert not {device.id for device in one.devices} & {device.id for device in other.devices}


@every_driver
def test_an_unknown_setting_is_refused_by_its_name(name: str, table: Table) -> None:
    with pytest.raises(msgspec.ValidationError, match="colour_of_the_box"):
        msgspec.convert({**table, "colour_of_the_box": "red"}, part(name).settings, strict=True)


@every_driver
async def test_a_command_that_it_does_not_know_is_unsupported(name: str, table: Table) -> None:
    driver, feed = made(name, table), PaperFeed()

    async with running(driver, feed):
        replies = [await replied(driver, device.id, Unheard()) for device in driver.devices]

    for reply in replies:
        assert isinstance(reply, Failed)
        assert isinstance(reply.error, CallerError)
        assert reply.error.code == "unsupported"
        assert reply.error.message


@every_driver
async def test_a_command_before_or_after_the_run_gets_a_reply_all_the_same(name: str, table: Table) -> None:
    driver, feed = made(name, table), PaperFeed()

    before = await replied(driver, "one", Unheard())
    async with running(driver, feed):
        pass
    after = await replied(driver, "one", Unheard())

    assert isinstance(before, Done | Failed)
    assert isinstance(after, Done | Failed)


@every_driver
async def test_a_run_is_cancelled_at_once_and_can_be_started_again(name: str, table: Table) -> None:
    driver, feed = made(name, table), PaperFeed()

    async with running(driver, feed):
        pass

    async with running(driver, feed):
        pass


@every_driver
async def test_what_it_tells_concerns_its_own_devices_and_points(name: str, table: Table) -> None:
    driver, feed = made(name, table), PaperFeed()

    async with running(driver, feed):
        await feed.settle()

    known = {device.id: device for device in (*driver.devices, *feed.declared)}
    for fact in feed.facts:
        assert fact.at.utcoffset() is not None
        assert fact.device in known
        if isinstance(fact, Sample | LogRow):
            assert set(fact.values) <= {point.name for point in known[fact.device].points}
    assert set(feed.alive_told) <= set(known)
    assert {device for device, _ in feed.lost_told} <= set(known)


@every_driver
async def test_watchers_of_any_topic_may_come_and_go_at_any_time(name: str, table: Table) -> None:
    driver, feed = made(name, table), PaperFeed()

    driver.interest("one", "no-such-topic", is_watched=True)
    async with running(driver, feed):
        driver.interest("one", "no-such-topic", is_watched=False)
        driver.interest("one", "events", is_watched=True)
    driver.interest("one", "events", is_watched=False)
