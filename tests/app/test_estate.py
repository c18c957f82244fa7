"""Devices that come and go: by the file, by command, by the demo; their addresses and numbers stay theirs."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from hardwire.app import estate as estate_room
from hardwire.app.estate import Estate, Origin
from hardwire.contracts.question import AddDevice, CountNonce, RemoveDevice
from hardwire.dialects.ezeio.part import Face as EzeioFace
from hardwire.model.access import Group
from hardwire.model.errors import BadValueError, CallerError, UnknownError
from tests.app.premises import KeepingDriver, PaperDriver, board, device, house, paper

BOARD = {"driver": "simulated", "kind": "board", "obniz": {"id": "2345-6789"}}


async def test_a_device_that_was_added_by_command_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path) as before:
        await before.estate.answer(AddDevice("bench", BOARD))

    async with house(tmp_path) as after:
        await after.estate.recall()

        found = after.hub.roster.find("obniz", "2345-6789")
        assert found is not None
        assert (found.id, found.kind) == ("bench", "board")


async def test_a_device_that_was_removed_stays_away(tmp_path: Path) -> None:
    async with house(tmp_path) as before:
        await before.estate.answer(AddDevice("bench", BOARD))
        await before.estate.answer(RemoveDevice("bench"))

        assert before.hub.roster.device("bench") is None
    async with house(tmp_path) as after:
        await after.estate.recall()

        assert after.hub.roster.device("bench") is None


@pytest.mark.parametrize("origin", Origin)
async def test_what_a_driver_keeps_is_there_when_it_runs_again(tmp_path: Path, origin: Origin) -> None:
    async with house(tmp_path) as before:
        first = KeepingDriver(device("it"))
        await before.estate.add(paper("it", first), origin)
        await first.is_steady.wait()
    async with house(tmp_path) as after:
        second = KeepingDriver(device("it"))
        await after.estate.add(paper("it", second), origin)
        await second.is_steady.wait()

    assert first.found == {}
    assert second.found == {"runs": 1, "is_over": True}


async def test_nothing_of_what_a_removed_device_kept_is_left(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        driver = KeepingDriver(device("it"), device("it.gas"))
        await home.store.save_device("it", {})
        await home.estate.add(paper("it", driver), Origin.COMMAND)
        await driver.is_steady.wait()
        before = await home.store.kept_values()

        await home.estate.answer(RemoveDevice("it"))

        assert before == {"it": {"runs": 1}, "it.gas": {"runs": 1}}
        assert await home.store.kept_values() == {}


async def test_an_address_is_never_given_to_another(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.answer(AddDevice("bench", BOARD))
        await home.estate.answer(RemoveDevice("bench"))

        with pytest.raises(CallerError, match=r"devices\.other\.obniz: the address 2345-6789 belongs .* 'bench'") as no:
            await home.estate.answer(AddDevice("other", BOARD))
        await home.estate.answer(AddDevice("bench", BOARD))

        assert no.value.code == "address-taken"
        assert home.hub.roster.device("other") is None
        assert home.hub.roster.device("bench") is not None


async def test_a_device_that_is_refused_takes_no_address_with_it(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.answer(AddDevice("bench", BOARD))
        both = {**BOARD, "ezeio": {"serial": "ABC-123"}}

        with pytest.raises(CallerError, match="2345-6789"):
            await home.estate.answer(AddDevice("other", both))

        assert ("ezeio", "ABC-123") not in await home.store.addresses()
        assert home.hub.roster.find("ezeio", "ABC-123") is None


async def test_a_wrong_setting_is_named_and_nothing_of_the_device_stays(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        with pytest.raises(BadValueError, match=r"devices\.bench: there is no setting 'kin'"):
            await home.estate.answer(AddDevice("bench", {"driver": "dsmr", "kin": 1, "port": "/dev/x"}))
        with pytest.raises(BadValueError, match=r"devices\.bench\.port: 'COM3' is no port"):
            await home.estate.answer(AddDevice("bench", {"driver": "dsmr", "port": "COM3"}))

        assert await home.store.devices() == {}
        assert home.hub.roster.device("bench") is None


async def test_of_two_devices_of_one_id_the_first_stays(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        outcomes = await asyncio.gather(
            home.estate.answer(AddDevice("bench", BOARD)),
            home.estate.answer(AddDevice("bench", BOARD)),
            return_exceptions=True,
        )

        assert outcomes[0] == "bench"
        assert isinstance(outcomes[1], CallerError)
        assert outcomes[1].code == "exists"


@pytest.mark.parametrize(("origin", "code"), [(Origin.FILE, "in-file"), (Origin.DEMO, "in-demo")])
async def test_what_was_not_added_by_command_is_not_removed_by_one(tmp_path: Path, origin: Origin, code: str) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(board("bench", "2345-6789"), origin)

        with pytest.raises(CallerError, match="'bench'") as refused:
            await home.estate.answer(RemoveDevice("bench"))

        assert refused.value.code == code
        assert home.hub.roster.device("bench") is not None


async def test_nobody_removes_what_is_not_there(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        with pytest.raises(UnknownError, match="there is no device 'bench'"):
            await home.estate.answer(RemoveDevice("bench"))
        with pytest.raises(UnknownError, match="CountNonce"):
            await home.estate.answer(CountNonce("x", 1, 1.0))


async def test_a_demo_takes_no_address_away_from_a_house(tmp_path: Path) -> None:
    async with house(tmp_path) as demo:
        await demo.estate.add(board("demo-board", "2345-6789"), Origin.DEMO)
        with pytest.raises(CallerError, match="2345-6789"):
            await demo.estate.answer(AddDevice("bench", BOARD))

    async with house(tmp_path) as home:
        await home.estate.answer(AddDevice("bench", BOARD))

        assert await home.store.addresses() == {("obniz", "2345-6789"): "bench", ("ezeio", "DEV-001"): "bench"}


async def test_a_device_that_cannot_start_any_more_is_left_out_and_can_be_removed(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.store.save_device("old", {"driver": "gone"})
        await home.store.save_device("bench", BOARD)

        await home.estate.recall()

        assert [one.id for one in home.hub.roster.devices()] == ["bench"]
        assert await home.estate.answer(RemoveDevice("old")) == "old"
        assert set(await home.store.devices()) == {"bench"}


async def test_field_numbers_stay_over_restarts_whatever_comes_between(tmp_path: Path) -> None:
    async with house(tmp_path) as first:
        await first.estate.add(paper("grid", PaperDriver(device("grid", ["power", "gas"]))), Origin.FILE)
    async with house(tmp_path) as second:
        await second.estate.add(paper("grid", PaperDriver(device("grid", ["water", "gas"]))), Origin.FILE)

        assert dict(second.hub.roster.field_numbers("grid")) == {"power": 1, "gas": 2, "water": 3}
    async with house(tmp_path) as third:
        await third.estate.add(paper("grid", PaperDriver(device("grid", ["gas", "power"]))), Origin.FILE)

        assert dict(third.hub.roster.field_numbers("grid")) == {"power": 1, "gas": 2, "water": 3}


async def test_a_driver_that_fails_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estate_room, "FIRST_PAUSE_S", 0.001)
    async with house(tmp_path) as home:
        driver = PaperDriver(device("grid"), failures=3)

        await home.estate.add(paper("grid", driver), Origin.FILE)
        async with asyncio.timeout(10):
            await driver.is_steady.wait()

        assert driver.runs == 4
        assert home.hub.roster.is_fresh("grid", home.hub.now())


async def test_while_a_driver_rests_its_device_is_stale_and_says_why(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        driver = PaperDriver(device("grid"), failures=1)

        await home.estate.add(paper("grid", driver), Origin.FILE)
        async with asyncio.timeout(10):
            while home.hub.roster.lost_since("grid") is None:  # noqa: ASYNC110 - the roster tells nobody
                await asyncio.sleep(0)

        lost = home.hub.roster.lost_since("grid")
        assert lost is not None
        assert lost[1] == "the driver failed: the paper tore"
        assert not home.hub.roster.is_fresh("grid", home.hub.now())


async def test_a_group_that_a_device_names_is_made_with_a_number_of_its_own(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        home.hub.access.add_group(Group(id="home", number=7, name="Home"))
        await home.estate.add(paper("grid", PaperDriver(device("grid")), group="farm"), Origin.FILE)

        made = home.hub.access.group("farm")
        assert made is not None
        assert (made.number, made.name) == (8, "farm")


@pytest.mark.parametrize(("log", "interval_s"), [("", 60), ("self", 0)])
async def test_a_face_gives_log_intervals_to_devices_that_keep_no_log_themselves(
    tmp_path: Path, log: str, interval_s: int
) -> None:
    async with house(tmp_path) as home:
        faces = {"ezeio": EzeioFace(serial="ABC-123", log_interval_s=60)}
        entry = paper("grid", PaperDriver(device("grid", ["power"], log=log)))

        await home.estate.add(msgspec.structs.replace(entry, faces=faces), Origin.FILE)

        shown = home.hub.roster.device("grid")
        assert shown is not None
        assert [point.log_interval_s for point in shown.points] == [interval_s]


async def test_drivers_begin_when_every_device_of_the_house_is_known(tmp_path: Path) -> None:
    gathered, driver = asyncio.Event(), PaperDriver(device("one"))
    async with house(tmp_path) as home:
        estate = Estate(home.hub, home.store, home.dialects, zone="UTC", gathered=gathered)
        await estate.add(paper("one", driver), Origin.FILE)
        await asyncio.sleep(0)
        early = driver.runs

        await estate.add(paper("two", PaperDriver(device("two"))), Origin.FILE)
        gathered.set()
        async with asyncio.timeout(10):
            await driver.is_steady.wait()

        assert early == 0
        assert driver.runs == 1
        await estate.close()


async def test_a_driver_that_still_waits_for_the_others_can_be_stopped(tmp_path: Path) -> None:
    driver = PaperDriver(device("one"))
    async with house(tmp_path) as home:
        estate = Estate(home.hub, home.store, home.dialects, zone="UTC", gathered=asyncio.Event())
        await estate.add(paper("one", driver), Origin.FILE)

        await estate.close()

        assert driver.runs == 0
