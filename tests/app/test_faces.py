"""Every device is a unit: serials that are given once for ever, opted out of, kept beside one that is chosen later."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from hardwire.app.entries import DeviceEntry, device_entry
from hardwire.app.estate import Estate, Origin
from hardwire.app.faces import Faces, declared
from hardwire.dialects.ezeio.part import Face, Settings
from hardwire.model.device import Device
from hardwire.model.point import Point, PointKind
from tests.app.premises import House, PaperDriver, device, house, paper

METER = Device(id="grid", kind="meter", points=(Point(name="power"),))
GAS = Device(id="grid.gas", kind="gas_meter", parent="grid", points=(Point(name="value"),))


class Family(PaperDriver):
    """A paper driver of a meter with what hangs behind it."""

    def __init__(self, *devices: Device) -> None:
        super().__init__(devices[0])
        self.devices = devices


def entry(*devices: Device, face: Face | None = None, hidden: bool = False) -> DeviceEntry:
    changes: dict[str, Any] = {"hidden": frozenset({"ezeio"} if hidden else ())}  # Any: fields of DeviceEntry
    if face is not None:
        changes["faces"] = {"ezeio": face}
    return msgspec.structs.replace(paper(devices[0].id, Family(*devices)), **changes)


def serials(home: House) -> Mapping[str, str | None]:
    return {one.id: home.hub.roster.address("ezeio", one.id) for one in home.hub.roster.devices()}


async def test_every_device_is_a_unit_with_what_hangs_behind_it(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(entry(METER, GAS), Origin.FILE)
        await home.estate.add(entry(device("other", ["flow"])), Origin.FILE)

        assert serials(home) == {"grid": "DEV-001", "grid.gas": "DEV-002", "other": "DEV-003"}
        found = home.hub.roster.find("ezeio", "DEV-002")
        assert found is not None
        assert found.id == "grid.gas"


async def test_serials_are_the_same_after_a_restart_whatever_came_or_went(tmp_path: Path) -> None:
    async with house(tmp_path) as before:
        for id in ("one", "two", "three"):
            await before.estate.add(entry(device(id, ["power"])), Origin.FILE)

    async with house(tmp_path) as after:
        for id in ("four", "three", "two"):
            await after.estate.add(entry(device(id, ["power"])), Origin.FILE)

        assert serials(after) == {"four": "DEV-004", "three": "DEV-003", "two": "DEV-002"}


async def test_a_device_that_tells_its_points_later_is_a_unit_from_then_on(tmp_path: Path) -> None:
    class Late(PaperDriver):
        async def run(self, feed: Any) -> None:  # Any: contracts.driver.Feed
            feed.declare(METER)
            feed.declare(GAS)
            await super().run(feed)

    driver = Late(msgspec.structs.replace(METER, points=()))
    async with house(tmp_path) as home:
        await home.estate.add(paper("grid", driver), Origin.FILE)
        before = serials(home)
        async with asyncio.timeout(10):
            await driver.is_steady.wait()
        await home.estate.add(entry(device("other", ["flow"])), Origin.FILE)
        after = serials(home)

        assert before == {"grid": None}
        assert after == {"grid": "DEV-001", "grid.gas": "DEV-002", "other": "DEV-003"}


async def test_a_device_that_has_no_field_uses_no_serial_up(tmp_path: Path) -> None:
    text = Device(id="door", kind="board", points=(Point(name="note", kind=PointKind.TEXT),))
    async with house(tmp_path) as home:
        await home.estate.add(entry(text), Origin.FILE)

        assert serials(home) == {"door": None}
        assert await home.store.addresses() == {}


async def test_a_device_is_hidden_with_all_behind_it_where_its_table_says_so(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(entry(METER, GAS, hidden=True), Origin.FILE)

        assert serials(home) == {"grid": None, "grid.gas": None}


def test_false_in_place_of_a_table_hides_a_device() -> None:
    table = {"driver": "simulated", "kind": "meter", "ezeio": False}

    found = device_entry("grid", table, "UTC")

    assert found.hidden == frozenset({"ezeio"})
    assert not found.faces


async def test_a_house_may_show_chosen_devices_alone(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        settings = {"ezeio": Settings(every_device=False)}
        estate = Estate(home.hub, home.store, home.dialects, zone="UTC", settings=settings)
        await estate.add(entry(METER, GAS, face=Face(log_interval_s=5)), Origin.FILE)
        await estate.add(entry(device("other", ["flow"])), Origin.FILE)
        shown = serials(home)
        await estate.close()

        assert shown == {"grid": "DEV-001", "grid.gas": None, "other": None}


async def test_a_demo_device_is_given_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(entry(METER, GAS), Origin.DEMO)

        assert serials(home) == {"grid": None, "grid.gas": None}
        assert await home.store.addresses() == {}


async def test_a_serial_that_a_table_asks_for_is_given_to_nobody_before_it(tmp_path: Path) -> None:
    later = entry(device("later", ["flow"]), face=Face(serial="DEV-001"))
    async with house(tmp_path) as home:
        estate = Estate(home.hub, home.store, home.dialects, zone="UTC", reserved=declared([later]))
        await estate.add(entry(METER), Origin.FILE)
        await estate.add(later, Origin.FILE)
        shown = serials(home)
        await estate.close()

        assert shown == {"grid": "DEV-002", "later": "DEV-001"}


async def test_a_device_that_is_given_a_serial_by_its_table_later_is_found_by_both(tmp_path: Path) -> None:
    async with house(tmp_path) as before:
        await before.estate.add(entry(METER), Origin.FILE)

    async with house(tmp_path) as after:
        await after.estate.add(entry(METER, face=Face(serial="GRD-001")), Origin.FILE)

        assert serials(after) == {"grid": "GRD-001"}
        assert after.hub.roster.find("ezeio", "DEV-001") == after.hub.roster.find("ezeio", "GRD-001")
        assert after.hub.roster.find("ezeio", "DEV-001") is not None


async def test_a_device_that_loses_its_table_keeps_its_serial(tmp_path: Path) -> None:
    async with house(tmp_path) as before:
        await before.estate.add(entry(METER, face=Face(serial="GRD-001")), Origin.FILE)

    async with house(tmp_path) as after:
        await after.estate.add(entry(METER), Origin.FILE)

        assert serials(after) == {"grid": "GRD-001"}


async def test_what_hangs_behind_a_device_belongs_to_the_group_that_its_table_names(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(entry(METER, GAS, face=Face(serial="GRD-001", group="farm", note="Hall")), Origin.FILE)

        assert home.hub.roster.face("ezeio", "grid.gas") == Face(serial="DEV-001", group="farm")


async def test_a_serial_that_the_disk_refuses_is_not_shown(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(entry(METER), Origin.FILE)
        await home.store.save_address("ezeio", "DEV-002", "elsewhere")

        await home.estate.add(entry(device("other", ["flow"])), Origin.FILE)

        assert serials(home) == {"grid": "DEV-001", "other": None}


async def test_a_device_that_goes_before_its_serial_is_on_the_disk_is_not_shown(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        faces = Faces(home.hub, home.store, settings={}, reserved={}, is_giving=True)
        await faces.settled()

        faces.offer(entry(METER), METER)
        await faces.settled()

        assert home.hub.roster.find("ezeio", "DEV-001") is None
        assert await home.store.addresses() == {("ezeio", "DEV-001"): "grid"}


async def test_files_without_a_running_hub_show_what_was_given_and_give_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(entry(METER), Origin.FILE)

    async with house(tmp_path) as files:
        estate = Estate(files.hub, files.store, files.dialects, zone="UTC", is_running=False)
        await estate.add(entry(METER, GAS), Origin.FILE)
        await estate.close()

        assert serials(files) == {"grid": "DEV-001", "grid.gas": None}
