"""Who may come in."""

from datetime import timedelta
from hashlib import sha256

from msgspec.structs import replace

from hardwire.hub.access import CREDENTIALS_PER_DEVICE, Access
from hardwire.model.access import Credential, Group
from tests.fakes.still_clock import NOON, StillClock


def credential(id: str, *, token: str = "", name: str = "", hours: float | None = None) -> Credential:
    return Credential(
        id=id,
        kind="paper",
        name=name,
        devices=("meter",),
        expires=None if hours is None else NOON + timedelta(hours=hours),
        secret_hash=sha256((token or id).encode()).digest(),
    )


def test_a_holder_is_found_by_the_random_token_and_its_kind() -> None:
    access = Access(StillClock())
    access.add(credential("a", token="secret"))

    holder = access.holder("paper", "secret")

    assert holder is not None
    assert holder.id == "a"
    assert access.holder("other", "secret") is None
    assert access.holder("paper", "guess") is None
    assert access.holder("paper", "\ud800") is None


def test_an_expired_credential_lets_nobody_in() -> None:
    clock = StillClock()
    access = Access(clock)
    access.add(credential("a", token="secret", hours=1))

    clock.pass_s(3600)

    assert access.holder("paper", "secret") is None
    assert access.credential("a") is None
    assert list(access.credentials("paper")) == []


def test_what_has_expired_is_shut_out_once() -> None:
    clock = StillClock()
    access = Access(clock)
    access.add(credential("a", hours=1))
    access.add(credential("b"))
    clock.pass_s(3600)

    expired = [list(access.expire()), list(access.expire())]

    assert expired == [["a"], []]
    assert [one.id for one in access.credentials("paper")] == ["b"]


def test_a_removed_credential_is_given_back_and_its_token_is_worth_nothing() -> None:
    access = Access(StillClock())
    access.add(credential("a", token="secret"), ephemeral=True)
    was_ephemeral = access.is_ephemeral("a")

    removed = access.remove("a")

    assert removed is not None
    assert access.holder("paper", "secret") is None
    assert access.remove("a") is None
    assert was_ephemeral
    assert not access.is_ephemeral("a")


def test_a_credential_added_again_with_another_secret_forgets_the_old_one() -> None:
    access = Access(StillClock())
    access.add(credential("a", token="old"))

    access.add(credential("a", token="new"))

    assert access.holder("paper", "old") is None
    assert access.holder("paper", "new") is not None


def test_a_press_opens_the_window_for_one_credential_and_half_a_minute() -> None:
    clock = StillClock()
    access = Access(clock)
    access.press("meter")
    pressed = [access.is_pressed("gas"), access.is_pressed("meter"), access.is_pressed("meter")]
    access.use_press("meter")
    used = access.is_pressed("meter")
    access.press("meter")
    clock.pass_s(30)

    late = access.is_pressed("meter")

    assert pressed == [False, True, True]
    assert not used
    assert not late


def test_groups_are_known_by_their_id() -> None:
    access = Access(StillClock())
    home = Group(id="home", number=1, name="Home")

    access.add_group(home)

    assert access.group("home") == home
    assert access.group("away") is None
    assert list(access.groups()) == [home]


def test_a_credential_replaces_its_namesake_and_nameless_ones_replace_nobody() -> None:
    access = Access(StillClock())
    access.add(credential("old", name="local/app"))
    access.add(credential("other", name="local/other"))
    access.add(credential("nameless"))

    replaced = access.replaced_by(credential("new", name="local/app"))

    assert replaced == ("old",)
    assert access.replaced_by(credential("new")) == ()


def test_the_table_is_full_at_its_limit_and_replaced_or_expired_rows_count_for_nothing() -> None:
    clock = StillClock()
    access = Access(clock)
    for number in range(CREDENTIALS_PER_DEVICE):
        access.add(credential(str(number), name=f"local/{number}", hours=1))
    is_full = not access.has_room_for(credential("new", name="local/new"))
    may_replace = access.has_room_for(credential("new", name="local/7"))
    clock.pass_s(3600)

    has_room_later = access.has_room_for(credential("new", name="local/new"))

    assert is_full
    assert may_replace
    assert has_room_later
    assert access.has_room_for(Credential(id="k", kind="paper"))


def test_a_group_that_was_removed_is_unknown_and_removing_it_twice_is_once() -> None:
    access = Access(StillClock())
    access.add_group(Group(id="home", number=1, name="Home"))

    access.remove_group("home")
    access.remove_group("home")

    assert access.group("home") is None


def test_the_credentials_of_a_group_are_those_that_are_valid() -> None:
    clock = StillClock()
    access = Access(clock)
    access.add(replace(credential("a"), group="farm"))
    access.add(replace(credential("b", hours=1), group="farm"))
    access.add(credential("c"))
    clock.pass_s(3600)

    found = [one.id for one in access.of_group("farm")]

    assert found == ["a"]


def test_a_namesake_of_another_group_is_replaced_only_where_the_devices_are_the_same() -> None:
    access = Access(StillClock())
    access.add(replace(credential("wide", name="logger"), devices=None, group="farm"))
    access.add(replace(credential("narrow", name="logger"), group="farm"))

    of_all = access.replaced_by(replace(credential("new", name="logger"), devices=None))
    of_one = access.replaced_by(credential("new", name="logger"))

    assert of_all == ()
    assert of_one == ("narrow",)


def test_each_change_of_groups_and_credentials_is_a_new_edition_and_a_mere_question_is_none() -> None:
    clock = StillClock()
    access = Access(clock)
    editions = [access.edition]
    access.add_group(Group(id="farm", number=1, name="Farm"))
    editions.append(access.edition)
    access.add(credential("key", hours=1))
    editions.append(access.edition)
    access.remove("nobody")
    list(access.credentials("paper"))
    is_same = access.edition == editions[-1]
    clock.pass_s(3600)
    access.expire()
    editions.append(access.edition)
    access.remove_group("farm")

    editions.append(access.edition)

    assert is_same
    assert editions == sorted(set(editions))


def test_a_credential_that_replaces_one_of_its_id_is_a_new_edition() -> None:
    access = Access(StillClock())
    access.add(credential("key"))
    before = access.edition

    access.add(credential("key", name="other"))

    assert access.edition > before
