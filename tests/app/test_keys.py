"""Keys that the owner makes: shown once, kept as their hash, found by what they are."""

from hashlib import sha256
from pathlib import Path

import pytest

from hardwire.app.estate import Origin
from hardwire.app.keys import Keys
from hardwire.contracts.question import CreateKey, RevokeCredential
from hardwire.dialects.ezeio.access.keys import kept
from hardwire.dialects.ezeio.part import Face, Settings
from hardwire.model.access import Credential, Group, Right
from hardwire.model.errors import BadValueError, CallerError, UnknownError
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

        assert first.secret_hash == kept("our realm", first.id, text)
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


async def test_keys_of_one_name_in_two_groups_live_side_by_side(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        first, _ = await make(home, CreateKey(kind="ezeio", name="logger"))
        second, _ = await make(home, CreateKey(kind="ezeio", name="logger", group="farm"))

        assert [one.id for one in home.hub.access.credentials("ezeio")] == [first.id, second.id]


async def test_functions_an_inherit_flag_and_a_callback_are_kept_with_the_key(tmp_path: Path) -> None:
    wanted = CreateKey(
        kind="ezeio",
        functions=("status", "control", "status"),
        is_inherited=True,
        callback="https://example.org/ack",
    )
    async with house(tmp_path) as home:
        made, _ = await make(home, wanted)

        (found,) = await home.store.credentials()
        assert found == made
        assert (made.functions, made.is_inherited, made.callback) == (
            ("status", "control"),
            True,
            "https://example.org/ack",
        )
        assert made.rights == Right.READ | Right.CONTROL


@pytest.mark.parametrize(
    ("functions", "rights"),
    [(("status", "group"), Right.READ), (("control",), Right.CONTROL), (None, Right.READ | Right.CONTROL)],
)
async def test_a_key_has_no_right_that_none_of_its_functions_needs(
    tmp_path: Path, functions: tuple[str, ...] | None, rights: Right
) -> None:
    async with house(tmp_path) as home:
        made, _ = await make(home, CreateKey(kind="ezeio", functions=functions))

        assert made.rights == rights


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (CreateKey(kind="ezeio", functions=("staus",)), "no function 'staus'; did you mean 'status'"),
        (CreateKey(kind="ezeio", functions=("control",), rights=Right.READ), "'control' needs a right"),
        (CreateKey(kind="ezeio", functions=()), "at least one function"),
        (CreateKey(kind="ezeio", callback="gopher://x"), "a callback is an address"),
        (CreateKey(kind="obniz", functions=("status",)), "have no functions"),
        (CreateKey(kind="admin", is_inherited=True), "reach no subgroups"),
        (CreateKey(kind="obniz", callback="https://example.org"), "call nobody back"),
    ],
)
async def test_a_key_that_makes_no_sense_is_not_made(tmp_path: Path, wanted: CreateKey, sentence: str) -> None:
    async with house(tmp_path) as home:
        with pytest.raises(CallerError, match=sentence) as refused:
            await make(home, wanted)

        assert isinstance(refused.value, BadValueError | UnknownError)
        assert await home.store.credentials() == []


async def test_the_number_of_a_key_that_is_gone_is_not_given_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda limit: limit - 1 if limit > 7 else 0)
    async with house(tmp_path) as home:
        gone, _ = await make(home, CreateKey(kind="ezeio"))
        await home.desk.answer(RevokeCredential(gone.id))

        made, _ = await make(home, CreateKey(kind="ezeio"))

        assert gone.id == "10002"
        assert int(made.id) > 10002


async def test_the_number_of_the_demos_key_is_left_to_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda limit: 0)
    async with house(tmp_path) as home:
        home.hub.access.add(Credential(id="12344", kind="ezeio"))

        made, _ = await make(home, CreateKey(kind="ezeio"))

        assert made.id == "12346"


async def test_a_full_store_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(tmp_path) as home:
        monkeypatch.setattr(home.hub.access, "has_room_for", lambda credential: False)

        with pytest.raises(CallerError, match="too many"):
            await make(home, CreateKey(kind="ezeio"))


async def test_a_key_that_reaches_subgroups_may_be_for_devices_in_them(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        for id, parent in (("plant", None), ("pumps", "plant"), ("wells", "plant")):
            home.hub.access.add_group(Group(id=id, number=len(id), name=id, parent=parent))
        await home.estate.add(board("bench", "2345-6789", group="pumps"), Origin.FILE)
        await home.estate.add(board("desk", "3456-7890", group="wells"), Origin.FILE)
        wanted = CreateKey(kind="ezeio", group="plant", devices=("bench", "desk"), is_inherited=True)

        made, _ = await make(home, wanted)

        assert (made.group, made.devices) == ("plant", ("bench", "desk"))


async def test_a_key_for_a_unit_belongs_to_the_group_that_the_unit_is_shown_to(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.estate.add(board("bench", "2345-6789", group="workshop"), Origin.FILE)
        home.hub.roster.show("bench", "ezeio", "BEN-001", Face(serial="BEN-001", group="tenant"))

        made, _ = await make(home, CreateKey(kind="ezeio", devices=("bench",)))

        assert made.group == "tenant"
