"""What a key reaches in a tree of groups, and whose account it is."""

import pytest

from hardwire.dialects.ezeio.unit.account import Account
from hardwire.model.access import Group
from tests.dialects.ezeio.premises import House, add_unit, key, make_house


def make_tree() -> House:
    """Add to the account `demo` a group of rooms, in it a cellar, and an account of a tenant below that."""
    house = make_house()
    house.access.add_group(Group(id="rooms", number=20, name="Rooms", parent="demo", is_account=False))
    house.access.add_group(Group(id="cellar", number=21, name="Cellar", parent="rooms", is_account=False))
    house.access.add_group(Group(id="tenant", number=22, name="Tenant", parent="rooms"))
    for number, group in enumerate(("rooms", "cellar", "tenant"), 1):
        add_unit(house, f"{group}-unit", f"ROO-00{number}", group=group)
    return house


def serials(house: House, group: str, *, is_inherited: bool = False) -> list[str]:
    account = Account(house.premises, key("1", group=group, is_inherited=is_inherited))
    return [unit.serial for unit in account.units()]


@pytest.mark.parametrize(
    ("group", "own", "inherited"),
    [
        ("demo", ["ABC-123", "GRD-001"], ["ABC-123", "GRD-001", "ROO-001", "ROO-002", "ROO-003"]),
        ("rooms", ["ROO-001"], ["ROO-001", "ROO-002", "ROO-003"]),
        ("cellar", ["ROO-002"], ["ROO-002"]),
        ("tenant", ["ROO-003"], ["ROO-003"]),
        ("other", ["XYZ-900"], ["XYZ-900"]),
    ],
)
def test_a_key_reaches_its_own_group_and_those_below_when_it_inherits(
    group: str, own: list[str], inherited: list[str]
) -> None:
    house = make_tree()

    assert serials(house, group) == own
    assert serials(house, group, is_inherited=True) == inherited


@pytest.mark.parametrize(
    ("group", "number"), [("demo", "123"), ("rooms", "123"), ("cellar", "123"), ("tenant", "22"), ("nowhere", "0")]
)
def test_the_account_is_the_nearest_one_at_or_above_the_group_of_the_key(group: str, number: str) -> None:
    account = Account(make_tree().premises, key("1", group=group))

    assert account.entry().id == number


def test_the_channels_of_a_key_are_those_of_its_account_wherever_the_unit_is() -> None:
    house = make_tree()

    channels = Account(house.premises, key("1", group="cellar")).channels("cellar-unit")

    assert {channel.account for channel in channels} == {"demo"}


def test_an_account_stays_while_the_tree_changes() -> None:
    house = make_tree()
    account = Account(house.premises, key("1", group="cellar"))
    before = account.channels("cellar-unit")

    house.access.add_group(Group(id="rooms", number=20, name="Rooms", parent="other", is_account=False))

    assert account.channels("cellar-unit") == before
    assert account.entry().id == "123"


def test_a_key_for_some_units_reaches_no_others_whatever_it_inherits() -> None:
    house = make_tree()
    account = Account(house.premises, key("1", is_inherited=True, devices=("cellar-unit",)))

    assert [unit.serial for unit in account.units()] == ["ROO-002"]
    assert account.unit("ROO-003") is None
    assert account.caller().devices == ("cellar-unit",)
