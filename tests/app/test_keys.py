"""Keys that the owner makes: shown once, kept as their hash, found by what they are."""

from hashlib import sha256
from pathlib import Path

import pytest

from hardwire.app.estate import Origin
from hardwire.app.keys import Keys
from hardwire.contracts.question import CreateKey
from hardwire.dialects.ezeio.keys import ha1
from hardwire.dialects.ezeio.part import Settings
from hardwire.model.access import Credential, Right
from hardwire.model.errors import CallerError, UnknownError
from tests.app.premises import House, board, house


async def make(home: House, wanted: CreateKey) -> tuple[Credential, str]:
    """Make a key as the desk would have it made."""
    made = await Keys(home.hub, home.desk, {"ezeio": Settings(realm="our realm")}).answer(wanted)
    assert isinstance(made, tuple)
    return made


async def test_a_token_is_kept_as_its_hash(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(board("bench", "2345-6789"), Origin.FILE)

        credential, text = await make(home, CreateKey(kind="obniz", devices=("bench",), rights=Right.READ))

        assert credential.secret_hash == sha256(text.encode()).digest()
        assert home.hub.access.holder("obniz", text) == credential
        assert [one.id for one in await home.store.credentials()] == [credential.id]


async def test_an_ezeio_key_has_a_number_and_is_kept_under_the_hubs_realm(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        first, text = await make(home, CreateKey(kind="ezeio", name="a"))
        second, _ = await make(home, CreateKey(kind="ezeio", name="b"))

        assert first.secret_hash == ha1("our realm", first.id, text)
        assert int(second.id) > int(first.id) > 10000


async def test_a_new_key_of_the_same_name_ends_the_old_one(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        old, _ = await make(home, CreateKey(kind="ezeio", name="logger"))
        new, _ = await make(home, CreateKey(kind="ezeio", name="logger"))

        assert [one.id for one in home.hub.access.credentials("ezeio")] == [new.id]
        assert old.id not in [one.id for one in await home.store.credentials()]


@pytest.mark.parametrize("wanted", [CreateKey(kind="telnet"), CreateKey(kind="obniz", devices=("bench",))])
async def test_a_key_for_what_is_not_there_is_not_made(tmp_path: Path, wanted: CreateKey) -> None:
    async with house(tmp_path) as home:
        with pytest.raises(UnknownError):
            await make(home, wanted)

        assert await home.store.credentials() == []


async def test_a_key_for_a_device_belongs_to_its_group_whatever_group_was_named(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(board("bench", "2345-6789", group="workshop"), Origin.FILE)

        credential, _ = await make(home, CreateKey(kind="obniz", devices=("bench",)))

        assert credential.group == "workshop"


async def test_a_key_for_devices_of_two_groups_is_not_made(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(board("bench", "2345-6789", group="workshop"), Origin.FILE)
        await home.estate.add(board("desk", "3456-7890"), Origin.FILE)

        with pytest.raises(CallerError, match="bench is in workshop, desk is in home"):
            await make(home, CreateKey(kind="obniz", devices=("bench", "desk")))
