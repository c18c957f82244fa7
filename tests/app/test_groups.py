"""The tree of groups: what the file says, what commands change, what neither may do."""

import asyncio
from pathlib import Path

import pytest

from hardwire.app.config import GroupTable
from hardwire.app.estate import Origin
from hardwire.app.groups import Groups, ensure
from hardwire.contracts.question import RemoveGroup, SaveGroup
from hardwire.dialects.ezeio.part import Face
from hardwire.model.access import Credential, Group
from hardwire.model.errors import BadValueError, CallerError, UnknownError
from tests.app.premises import House, PaperDriver, board, device, house, paper


async def groups_of(home: House, **tables: GroupTable) -> Groups:
    """Recall a house's groups as a start of the hub does."""
    groups = Groups(home.hub, home.store)
    await groups.recall(tables)
    return groups


async def save(groups: Groups, wanted: SaveGroup) -> Group:
    """Save a group as the desk would have it saved."""
    saved = await groups.answer(wanted)
    assert isinstance(saved, Group)
    return saved


async def audited(home: House) -> list[tuple[str, str]]:
    """What the audit log tells of groups that were changed by command."""
    lines = await home.store.audits(action="group")
    return [(line.action, line.subject) for _, line in lines if line.actor != "hub" or "file" not in line.detail]


async def test_a_house_begins_with_a_group_for_what_names_none(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await groups_of(home)

        assert list(home.hub.access.groups()) == [Group(id="home", number=1, name="Home")]


async def test_the_file_makes_a_tree_in_whatever_order_it_is_written(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await groups_of(
            home,
            pumps=GroupTable(parent="plant", is_account=False, history_days=30),
            plant=GroupTable(name="Water plant", description="By the river", number=50),
        )

        access = home.hub.access
        assert access.group("pumps") == Group(
            id="pumps", number=51, name="pumps", parent="plant", is_account=False, history_days=30
        )
        account = access.account("pumps")
        assert account is not None
        assert (account.id, account.description) == ("plant", "By the river")
        assert [one.id for one in await home.store.groups()] == ["plant", "pumps", "home"]


async def test_a_group_of_the_file_keeps_its_number_over_restarts_whatever_comes_between(tmp_path: Path) -> None:
    tables = {"a": GroupTable(), "b": GroupTable()}
    async with house(tmp_path) as first:
        await groups_of(first, **tables)
    async with house(tmp_path) as second:
        groups = await groups_of(second, **tables)
        await save(groups, SaveGroup(id="c"))
    async with house(tmp_path) as third:
        await groups_of(third, new=GroupTable(), **tables)

        assert {one.id: one.number for one in third.hub.access.groups()} == {
            "a": 1,
            "b": 2,
            "home": 3,
            "c": 4,
            "new": 5,
        }


async def test_a_number_that_the_file_gives_to_another_group_is_handed_over(tmp_path: Path) -> None:
    async with house(tmp_path) as first:
        await groups_of(first, a=GroupTable(), b=GroupTable())
    async with house(tmp_path) as second:
        await groups_of(second, b=GroupTable(number=1), a=GroupTable())

        numbers = {one.id: one.number for one in second.hub.access.groups()}
        assert numbers["b"] == 1
        assert numbers["a"] not in (1, numbers["home"])


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"a": GroupTable(parent="hme")}, "groups.a: there is no group 'hme'; did you mean 'home'"),
        ({"a": GroupTable(parent="a")}, "groups.a: it lies below itself"),
        ({"a": GroupTable(parent="b"), "b": GroupTable(parent="a")}, "groups.a: it lies below itself, by way of 'b'"),
        ({"a": GroupTable(is_account=False)}, "groups.a: it has no parent, so it is an account"),
        ({"a": GroupTable(number=7), "b": GroupTable(number=7)}, "groups.b: the number 7 is that of the group 'a'"),
        ({"a": GroupTable(number=1)}, "groups.a: the number 1 is that of the group 'home'"),
    ],
)
async def test_a_tree_that_cannot_be_is_named_with_its_place(
    tmp_path: Path, tables: dict[str, GroupTable], sentence: str
) -> None:
    async with house(tmp_path) as home:
        await groups_of(home)

        with pytest.raises(BadValueError, match=sentence):
            await groups_of(home, **tables)


async def test_what_a_command_adds_and_changes_is_there_after_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path) as first:
        groups = await groups_of(first)
        added = await save(groups, SaveGroup(id="plant", name="Plant", number=9))
        changed = await save(groups, SaveGroup(id="plant", name="Water plant", history_days=0))
        below = await save(groups, SaveGroup(id="pumps", parent="plant", is_account=False))
        told = await audited(first)
    async with house(tmp_path) as second:
        await groups_of(second)

        assert (added.number, changed.number, below.number) == (9, 9, 10)
        assert second.hub.access.group("plant") == changed
        assert second.hub.access.reaches("plant", "pumps")
        assert told == [("group.saved", "plant"), ("group.saved", "plant"), ("group.saved", "pumps")]


async def test_sessions_are_told_to_look_anew_at_what_they_reach(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        groups = await groups_of(home)
        heard: list[str] = []
        home.hub.notices.listen("devices", object(), lambda topic, message: heard.append(message))

        await save(groups, SaveGroup(id="plant"))
        await groups.answer(RemoveGroup("plant"))

        assert heard == ["", ""]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (SaveGroup(id="pumps", parent="plnt"), "unknown"),
        (SaveGroup(id="plant", parent="plant"), "circle"),
        (SaveGroup(id="plant", parent="pumps"), "circle"),
        (SaveGroup(id="plant", is_account=False), "orphan"),
        (SaveGroup(id="shed", number=9), "number-taken"),
        (SaveGroup(id="fixed", name="Other"), "in-file"),
        (SaveGroup(id="demo", name="Other"), "in-demo"),
        (SaveGroup(id=""), "bad-value"),
        (SaveGroup(id="-x"), "bad-value"),
        (SaveGroup(id="a/b"), "bad-value"),
        (SaveGroup(id="x" * 65), "bad-value"),
        (SaveGroup(id="shed", name="a\nb"), "bad-value"),
        (SaveGroup(id="shed", name="x" * 101), "bad-value"),
        (SaveGroup(id="shed", description="x" * 501), "bad-value"),
        (SaveGroup(id="shed", number=-1), "bad-value"),
        (SaveGroup(id="shed", number=2**31), "bad-value"),
        (SaveGroup(id="shed", history_days=-1), "bad-value"),
        (SaveGroup(id="shed", history_days=40_000), "bad-value"),
    ],
)
async def test_a_change_that_cannot_be_is_refused_and_nothing_changes(
    tmp_path: Path, wanted: SaveGroup, code: str
) -> None:
    async with house(tmp_path) as home:
        groups = await groups_of(home, fixed=GroupTable())
        groups.add_of_demo(Group(id="demo", number=123, name="Demo"))
        await save(groups, SaveGroup(id="plant", number=9))
        await save(groups, SaveGroup(id="pumps", parent="plant"))
        before = list(home.hub.access.groups())

        with pytest.raises(CallerError) as refused:
            await groups.answer(wanted)

        assert refused.value.code == code
        assert list(home.hub.access.groups()) == before
        assert [one.id for one in await home.store.groups()] == ["fixed", "home", "plant", "pumps"]


async def test_an_empty_group_is_removed_for_good(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        groups = await groups_of(home)
        await save(groups, SaveGroup(id="plant"))

        removed = await groups.answer(RemoveGroup("plant"))

        assert removed == "plant"
        assert home.hub.access.group("plant") is None
        assert [one.id for one in await home.store.groups()] == ["home"]
        assert (await audited(home))[-1] == ("group.removed", "plant")


@pytest.mark.parametrize(
    ("id", "code", "sentence"),
    [
        ("plnt", "unknown", "did you mean 'plant'"),
        ("home", "in-use", "stays"),
        ("fixed", "in-file", r"\[groups.fixed\]: remove it there"),
        ("demo", "in-demo", "without --demo"),
        ("plant", "in-use", "subgroups: pumps"),
        ("pumps", "in-use", "devices: bench"),
        ("shown", "in-use", "devices: tank"),
        ("broken", "in-use", "devices: old"),
        ("keyed", "in-use", "keys: 10001"),
    ],
)
async def test_a_group_that_something_depends_on_is_not_removed(
    tmp_path: Path, id: str, code: str, sentence: str
) -> None:
    async with house(tmp_path) as home:
        groups = await groups_of(home, fixed=GroupTable())
        groups.add_of_demo(Group(id="demo", number=123, name="Demo"))
        for group in ("plant", "shown", "broken", "keyed"):
            await save(groups, SaveGroup(id=group))
        await save(groups, SaveGroup(id="pumps", parent="plant"))
        await home.estate.add(board("bench", "2345-6789", group="pumps"), Origin.FILE)
        await home.estate.add(paper("tank", PaperDriver(device("tank"))), Origin.FILE)
        home.hub.roster.show("tank", "ezeio", "TNK-001", Face(serial="TNK-001", group="shown"))
        await home.store.save_device("old", {"driver": "gone", "group": "broken"})
        home.hub.access.add(Credential(id="10001", kind="ezeio", group="keyed"))
        home.hub.access.add(Credential(id="admin", kind="admin", group="keyed"))

        with pytest.raises(CallerError, match=sentence) as refused:
            await groups.answer(RemoveGroup(id))

        assert refused.value.code == code
        assert isinstance(refused.value, UnknownError) == (code == "unknown")


async def test_two_groups_that_are_added_at_once_get_two_numbers(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        groups = await groups_of(home)

        saved = await asyncio.gather(*(save(groups, SaveGroup(id=f"g{number}")) for number in range(5)))

        assert sorted(one.number for one in saved) == [2, 3, 4, 5, 6]


async def test_a_group_that_is_known_is_not_made_again(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await groups_of(home, plant=GroupTable(name="Plant"))

        await ensure(home.hub, home.store, "plant")

        plant = home.hub.access.group("plant")
        assert plant is not None
        assert plant.name == "Plant"
