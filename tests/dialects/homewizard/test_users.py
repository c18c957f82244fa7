"""The names of users, and whose tokens they are."""

import re

import pytest

from hardwire.dialects.homewizard import users
from hardwire.hub.access import CREDENTIALS_PER_DEVICE
from hardwire.model.errors import CallerError
from tests.dialects.homewizard.paper_grid import METER, NEIGHBOURS_TOKEN, TOKEN, Grid, entropy, user


@pytest.mark.parametrize(
    "name",
    ["local/a", "local/" + "x" * 40, "local/A-z_0/9\\# b", "local/local/x", "local/ ", "local//", "local/homey_0af3"],
)
def test_a_name_within_the_rules_is_taken(name: str) -> None:
    assert users.local_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (None, "json:parameter-missing:name"),
        (7, "json:parameter-invalid-type:name"),
        ("", "user:name-empty"),
        ("local/", "user:name-empty"),
        ("local", "user:invalid-prefix"),
        ("Local/me", "user:invalid-prefix"),
        (" local/me", "user:invalid-prefix"),
        ("cloud/me", "user:invalid-prefix"),
        ("local/" + "x" * 41, "user:name-too-long"),
        ("local/" + "é" * 41, "user:name-too-long"),
        ("local/é", "user:name-invalid"),
        ("local/me\n", "user:name-invalid"),
        ("local/\x00", "user:name-invalid"),
        ("local/a.b", "user:name-invalid"),
        ("local/\u0661", "user:name-invalid"),
    ],
)
def test_a_name_outside_the_rules_is_refused_by_the_rule(name: object, code: str) -> None:
    with pytest.raises(CallerError) as error:
        users.local_name(name)

    assert error.value.code == code


def test_a_token_is_32_hex_digits_in_upper_case_and_only_its_hash_is_kept() -> None:
    grid = Grid()

    credential, token = users.new_user("local/me", grid.meter, entropy)

    assert re.fullmatch("[A-F0-9]{32}", token)
    assert token not in repr(credential)
    assert credential.devices == (METER,)


def test_a_token_of_another_device_is_nobodys_here() -> None:
    grid = Grid()

    assert users.holder(grid.house, grid.meter, TOKEN) is not None
    assert users.holder(grid.house, grid.meter, NEIGHBOURS_TOKEN) is None
    assert users.find(grid.house, grid.meter, "local/neighbour") is None


def test_the_table_of_users_is_bounded_and_a_name_that_is_there_takes_no_further_place() -> None:
    grid = Grid()
    for number in range(CREDENTIALS_PER_DEVICE - 2):
        grid.access.add(user(f"n{number}", f"local/{number}", f"{number:032X}"))

    one_more, _ = users.new_user("local/one more", grid.meter, entropy)
    again, _ = users.new_user("local/7", grid.meter, entropy)

    assert not grid.access.has_room_for(one_more)
    assert grid.access.has_room_for(again)
    assert grid.access.replaced_by(again) == ("n7",)
