"""What every store must do: what it was told comes back from another store over the same folder."""

import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import hardwire.storage
from hardwire.contracts.errand import Errand
from hardwire.contracts.post import Post
from hardwire.contracts.store import Store
from hardwire.model.access import Credential, Group, Right
from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.fact import Incident, Log, LogRow, Sample
from hardwire.model.history import Aggregation, Export, HistoryRow, HistoryWish
from hardwire.model.value import Value
from hardwire.storage.sqlite import SqliteStore
from tests.fakes.paper_store import PaperStore

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
YEAR = timedelta(days=365)

STORES: dict[str, Callable[[Path], Store]] = {"SqliteStore": lambda folder: SqliteStore(folder, now=lambda: NOON)}
"""Every store by its class, made over a folder, at noon."""


class Shelf:
    """A store that can be closed and opened again."""

    def __init__(self, make: Callable[[], Store]) -> None:
        self._make = make
        self.store = make()

    async def reopened(self) -> Store:
        """Close the store and return another one over the same folder."""
        await self.store.close()
        self.store = self._make()
        await self.store.open()
        return self.store


@pytest.fixture(params=sorted(STORES))
async def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shelf]:
    shelf = Shelf(lambda: STORES[request.param](tmp_path / "data"))
    await shelf.store.open()
    yield shelf
    await shelf.store.close()


@pytest.fixture
def store(shelf: Shelf) -> Store:
    return shelf.store


@pytest.fixture(params=["paper", *sorted(STORES)])
async def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store, or the paper one that other tests take for it."""
    store: Store = PaperStore() if request.param == "paper" else STORES[request.param](tmp_path / "data")
    await store.open()
    yield store
    await store.close()


def sample(device: str = "meter", ms: int = 0, **values: Value) -> Sample:
    return Sample(device, NOON + timedelta(milliseconds=ms), values)


async def all_of(store: Store, device: str = "meter") -> list[Sample]:
    return list(await store.samples(device, NOON - YEAR, NOON + YEAR, 1_000_000))


def test_every_store_of_the_house_is_in_this_suite() -> None:
    names = [module.name for module in pkgutil.iter_modules(hardwire.storage.__path__, "hardwire.storage.")]

    found = {
        name
        for module in map(importlib.import_module, names)
        for name, member in inspect.getmembers(module, inspect.isclass)
        if name.endswith("Store") and member.__module__ == module.__name__
    }

    assert found == set(STORES)


async def test_a_new_store_knows_nothing(store: Store) -> None:
    known = [
        await store.groups(),
        await store.credentials(),
        await store.devices(),
        await store.addresses(),
        await store.field_numbers(),
        await store.kept_values(),
        await all_of(store),
    ]

    assert not any(known)


async def test_opening_and_closing_twice_is_once(shelf: Shelf) -> None:
    await shelf.store.open()
    await shelf.store.save_device("board", {})

    await shelf.store.close()
    await shelf.store.close()

    assert await (await shelf.reopened()).devices() == {"board": {}}


# Groups


async def test_a_group_comes_back_as_it_was_saved_last(shelf: Shelf) -> None:
    root = Group(id="home", number=1, name="Home")
    child = Group(id="shed", number=2, name="Shed", description="behind", parent="home", is_account=False)
    await shelf.store.save_group(root)
    await shelf.store.save_group(Group(id="shed", number=7, name="?"))

    await shelf.store.save_group(child)

    assert list(await (await shelf.reopened()).groups()) == [root, child]


async def test_two_groups_do_not_share_a_number(store: Store) -> None:
    await store.save_group(Group(id="home", number=1, name="Home"))

    with pytest.raises(CallerError, match="number 1"):
        await store.save_group(Group(id="shed", number=1, name="Shed"))

    assert [group.id for group in await store.groups()] == ["home"]


# Credentials


async def test_credentials_come_back_whole_and_oldest_first(shelf: Shelf) -> None:
    plain = Credential(id="b", kind="admin", secret_hash=b"\x00\xff")
    full = Credential(
        id="a",
        kind="ezeio",
        name="scraper",
        group="shed",
        devices=("x", "y"),
        rights=Right.READ | Right.CONTROL,
        expires=NOON + YEAR,
        secret_hash=bytes(range(32)),
    )
    none = Credential(id="c", kind="obniz", devices=(), rights=Right.NONE)
    for credential in (plain, full, none):
        await shelf.store.save_credential(credential)

    credentials = await (await shelf.reopened()).credentials()

    assert list(credentials) == [plain, full, none]


async def test_a_credential_takes_the_place_of_those_it_replaces(shelf: Shelf) -> None:
    for id in ("old", "older", "other"):
        await shelf.store.save_credential(Credential(id=id, kind="homewizard"))

    await shelf.store.save_credential(Credential(id="new", kind="homewizard"), replaces=["old", "older", "unknown"])

    assert [credential.id for credential in await (await shelf.reopened()).credentials()] == ["other", "new"]


async def test_a_credential_whose_id_was_given_before_is_refused_and_replaces_nothing(store: Store) -> None:
    await store.save_credential(Credential(id="a", kind="admin"))
    await store.save_credential(Credential(id="b", kind="admin"))
    await store.revoke_credential("a", NOON)

    with pytest.raises(CallerError, match="'a'"):
        await store.save_credential(Credential(id="a", kind="admin"), replaces=["b"])

    assert [credential.id for credential in await store.credentials()] == ["b"]


async def test_a_credential_is_revoked_once_and_for_ever(shelf: Shelf) -> None:
    await shelf.store.save_credential(Credential(id="a", kind="admin"))

    revoked = [await shelf.store.revoke_credential(id, NOON) for id in ("a", "a", "unknown")]

    assert revoked == [True, False, False]
    assert list(await (await shelf.reopened()).credentials()) == []


async def test_a_credential_that_expired_long_ago_is_not_told(store: Store) -> None:
    for id, expires in (("ago", NOON - YEAR), ("just", NOON - timedelta(days=1)), ("soon", NOON + YEAR)):
        await store.save_credential(Credential(id=id, kind="admin", expires=expires))

    credentials = await store.credentials()

    assert [credential.id for credential in credentials] == ["just", "soon"]


# Devices and their addresses


async def test_a_device_comes_back_with_the_settings_it_was_saved_with_last(shelf: Shelf) -> None:
    settings = {"driver": "dsmr", "baud": 115200, "scale": 1.0, "on": True, "homewizard": {"allow": ["10.0.0.0/8"]}}
    await shelf.store.save_device("grid", {"driver": "?"})

    await shelf.store.save_device("grid", settings)
    await shelf.store.save_device("a'b\"\N{SNOWMAN}", {})

    assert await (await shelf.reopened()).devices() == {"grid": settings, "a'b\"\N{SNOWMAN}": {}}


async def test_settings_that_no_file_could_say_are_refused(store: Store) -> None:
    with pytest.raises(BadValueError):
        await store.save_device("grid", {"port": object()})

    assert await store.devices() == {}


async def test_secret_settings_come_back_and_are_no_plain_text_on_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    settings = {"driver": "homewizard", "token": "5ECRE7" * 5, "deep": [{"x": 1}]}

    await shelf.store.save_device("grid", settings, is_secret=True)
    await shelf.store.save_device("other", {"port": "plain"}, is_secret=True)
    await shelf.store.save_device("other", {"port": "plain"})

    assert await (await shelf.reopened()).devices() == {"grid": settings, "other": {"port": "plain"}}
    await shelf.store.close()
    kept = b"".join(file.read_bytes() for file in sorted((tmp_path / "data").rglob("*")) if file.is_file())
    assert b"5ECRE7" not in kept


async def test_a_removed_device_is_forgotten_but_its_addresses_and_numbers_stay_taken(shelf: Shelf) -> None:
    await shelf.store.save_device("grid", {})
    await shelf.store.save_address("homewizard", "5c2faf0a0b0c", "grid")
    await shelf.store.save_field_numbers("grid", {"power": 1})
    await shelf.store.save_kept_values("grid", {"led": 5})

    removed = [await shelf.store.remove_device(id) for id in ("grid", "grid", "unknown")]

    store = await shelf.reopened()
    assert removed == [True, False, False]
    assert await store.devices() == {}
    assert await store.kept_values() == {}
    assert await store.addresses() == {("homewizard", "5c2faf0a0b0c"): "grid"}
    assert await store.field_numbers() == {"grid": {"power": 1}}
    with pytest.raises(CallerError, match="grid"):
        await store.save_address("homewizard", "5c2faf0a0b0c", "other")


async def test_an_address_may_be_given_again_to_its_own_device_and_in_another_dialect(store: Store) -> None:
    await store.save_address("obniz", "1234-5678", "board")

    await store.save_address("obniz", "1234-5678", "board")
    await store.save_address("ezeio", "1234-5678", "logger")

    assert await store.addresses() == {("obniz", "1234-5678"): "board", ("ezeio", "1234-5678"): "logger"}


async def test_field_numbers_grow_and_never_change(shelf: Shelf) -> None:
    await shelf.store.save_field_numbers("grid", {"power": 1, "energy": 2})
    await shelf.store.save_field_numbers("grid", {"power": 1, "gas": 3})
    await shelf.store.save_field_numbers("solar", {"power": 1})

    for numbers in ({"volts": 4, "power": 9}, {"volts": 4, "amps": 1}):
        with pytest.raises(CallerError):
            await shelf.store.save_field_numbers("grid", numbers)

    given = await (await shelf.reopened()).field_numbers()
    assert given == {"grid": {"power": 1, "energy": 2, "gas": 3}, "solar": {"power": 1}}


async def test_kept_values_come_back_with_their_types(shelf: Shelf) -> None:
    values: dict[str, Value] = {"flag": True, "count": 1, "gain": 1.0, "name": "a\n\N{SNOWMAN}", "list": ("a", "b")}
    await shelf.store.save_kept_values("board", values)

    await shelf.store.save_kept_values("board", {"count": 2})

    kept = (await (await shelf.reopened()).kept_values())["board"]
    assert kept == {**values, "count": 2}
    assert [type(kept[point]) for point in values] == [type(value) for value in values.values()]


async def test_what_was_kept_of_a_device_is_forgotten_and_nothing_else(shelf: Shelf) -> None:
    await shelf.store.save_kept_values("board", {"count": 2, "gain": 1.5})
    await shelf.store.save_kept_values("other", {"count": 3})

    await shelf.store.forget_kept_values("board")
    await shelf.store.forget_kept_values("nobody")

    assert await (await shelf.reopened()).kept_values() == {"other": {"count": 3}}


async def test_a_kept_value_that_is_no_number_is_refused_with_its_point_named(store: Store) -> None:
    with pytest.raises(BadValueError, match="gain"):
        await store.save_kept_values("board", {"count": 1, "gain": float("nan")})

    assert await store.kept_values() == {}


# Samples


async def test_numbers_and_flags_are_recorded_and_texts_are_not(shelf: Shelf) -> None:
    written = sample(ms=7, power=-5, energy=12.5, on=True, off=False, name="x", list=("a",))

    new = await shelf.store.append([written, sample(name="only texts")])

    assert new == 4
    assert await all_of(await shelf.reopened()) == [sample(ms=7, power=-5, energy=12.5, on=1, off=0)]


async def test_what_no_disk_can_hold_as_a_number_is_left_out(store: Store) -> None:
    odd = sample(nan=float("nan"), infinite=float("-inf"), huge=2**63, low=-(2**63), great=1e308)

    new = await store.append([odd])

    assert new == 2
    assert await all_of(store) == [sample(low=-(2**63), great=1e308)]


async def test_the_first_value_of_an_instant_wins(shelf: Shelf) -> None:
    await shelf.store.append([sample(power=1)])

    new = [
        await shelf.store.append([sample(power=2, volts=230)]),
        await shelf.store.append([sample(power=3), sample(ms=1, power=4), sample(ms=1, power=5)]),
        await shelf.store.append([]),
    ]

    assert new == [1, 1, 0]
    assert await all_of(await shelf.reopened()) == [sample(power=1, volts=230), sample(ms=1, power=4)]


async def test_an_instant_is_kept_to_the_millisecond(store: Store) -> None:
    at = NOON + timedelta(microseconds=1999)

    await store.append([Sample("meter", at, {"power": 1})])

    assert await all_of(store) == [sample(ms=1, power=1)]


async def test_instants_before_1970_are_kept_too(store: Store) -> None:
    at = datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)

    await store.append([Sample("meter", at, {"power": 1})])

    assert await store.samples("meter", at, NOON, 10) == [Sample("meter", at, {"power": 1})]


async def test_a_naive_instant_is_refused(store: Store) -> None:
    naive = Sample("meter", NOON.replace(tzinfo=None), {"power": 1})

    with pytest.raises(TypeError):
        await store.append([naive])
    with pytest.raises(TypeError):
        store.note([naive])


async def test_samples_are_read_from_since_until_before_until_oldest_first(store: Store) -> None:
    await store.append([sample(ms=ms, power=ms) for ms in (3, 1, 4, 0, 2)])
    await store.append([sample("other", ms=1, power=9), sample(ms=2, volts=230)])

    read = await store.samples("meter", NOON + timedelta(milliseconds=1), NOON + timedelta(milliseconds=4), 10)

    assert read == [sample(ms=1, power=1), sample(ms=2, power=2, volts=230), sample(ms=3, power=3)]


@pytest.mark.parametrize(("limit", "count"), [(-1, 0), (0, 0), (1, 1), (2, 2), (3, 3), (4, 3)])
async def test_the_limit_counts_whole_samples(store: Store, limit: int, count: int) -> None:
    rows = [sample(ms=0, a=1, b=2), sample(ms=1, b=3), sample(ms=2, a=4)]
    await store.append(rows)

    read = await store.samples("meter", NOON, NOON + YEAR, limit)

    assert read == rows[:count]


async def test_what_was_noted_is_written_with_the_next_promise_and_came_first(store: Store) -> None:
    store.note([sample(power=1)])

    new = await store.append([sample(power=2), sample(ms=1, power=3)])

    assert new == 1
    assert await all_of(store) == [sample(power=1), sample(ms=1, power=3)]


async def test_what_was_noted_is_written_before_the_store_closes(shelf: Shelf) -> None:
    shelf.store.note([sample(power=1)])

    store = await shelf.reopened()

    assert await all_of(store) == [sample(power=1)]


async def test_old_samples_are_forgotten_and_the_rest_stays(shelf: Shelf) -> None:
    ten_minutes = 600_000
    await shelf.store.append([sample(ms=ms * ten_minutes, power=ms, volts=ms) for ms in range(10)])
    await shelf.store.append([sample("other", ms=1, power=1)])
    before = NOON + timedelta(minutes=80)

    forgotten = [await shelf.store.forget_samples(before), await shelf.store.forget_samples(before)]

    store = await shelf.reopened()
    assert forgotten == [17, 0]
    assert await all_of(store) == [
        sample(ms=8 * ten_minutes, power=8, volts=8),
        sample(ms=9 * ten_minutes, power=9, volts=9),
    ]
    assert await all_of(store, "other") == []


async def test_a_horizon_says_what_is_too_old_to_be_taken(shelf: Shelf) -> None:
    first = await shelf.store.horizon("meter")
    await shelf.store.forget_samples(NOON, ["meter"])

    store = await shelf.reopened()
    assert first is None
    assert (await store.horizon("meter"), await store.horizon("other")) == (NOON, None)
    assert await store.append([sample(ms=-1, power=1)]) == 0


# What happened, and what is on its way


def incident(device: str = "tank", s: int = 0, **fields: object) -> Incident:
    at = NOON + timedelta(seconds=s)
    return Incident(device=device, at=at, kind="ALARM", source="ALARM", **fields)  # type: ignore[arg-type]  # a test's own choice of fields


async def test_an_incident_comes_back_whole_with_a_number_of_its_own(shelf: Shelf) -> None:
    full = incident(
        name="High",
        action="ops",
        params=(73.4, 70.0),
        message="over the top",
        values={"level": 73.4, "mode": "auto", "on": True, "tags": ("a", "b"), "count": 3},
        send=("ops",),
    )
    numbers = [await shelf.store.incidents.save(full), await shelf.store.incidents.save(incident(s=1))]

    read = await (await shelf.reopened()).incidents.read("tank", NOON, NOON + YEAR, 10)

    assert numbers[0] < numbers[1]
    assert list(read) == [(numbers[0], full), (numbers[1], incident(s=1))]


async def test_of_too_many_incidents_the_newest_are_read_oldest_first(store: Store) -> None:
    for second in (3, 1, 4, 2):
        await store.incidents.save(incident(s=second))
    await store.incidents.save(incident("pump", s=9))

    read = await store.incidents.read("tank", NOON + timedelta(seconds=1), NOON + timedelta(seconds=4), 2)

    assert [one.at.second for _, one in read] == [2, 3]


async def test_incidents_are_forgotten_by_age_and_by_device(store: Store) -> None:
    for device, second in (("tank", 1), ("tank", 5), ("pump", 1), ("fan", 1)):
        await store.incidents.save(incident(device, s=second))
    before = NOON + timedelta(seconds=3)

    gone = [await store.incidents.forget(before, ["tank", "fan"]), await store.incidents.forget(before)]

    assert gone == [2, 1]
    assert [one.at.second for _, one in await store.incidents.read("tank", NOON, NOON + YEAR, 9)] == [5]


def post(id: str, **fields: object) -> Post:
    made: dict[str, object] = {"url": "https://ops.example/in", "body": "{}", "made": NOON, "due": NOON, **fields}
    return Post(id=id, **made)  # type: ignore[arg-type]  # a test's own choice of fields


async def test_a_post_stays_in_its_place_with_what_has_become_of_it(shelf: Shelf) -> None:
    first, second = post("a", signer="key:10009", device="tank"), post("b", body='{"x":"é"}')
    await shelf.store.posts.save(first)
    await shelf.store.posts.save(second)
    later = post("a", signer="key:10009", device="tank", tries=3, due=NOON + timedelta(minutes=5))

    await shelf.store.posts.save(later)

    assert list(await (await shelf.reopened()).posts.read()) == [later, second]


async def test_a_post_that_arrived_is_forgotten(shelf: Shelf) -> None:
    await shelf.store.posts.save(post("a"))
    await shelf.store.posts.save(post("b"))

    await shelf.store.posts.remove("a")
    await shelf.store.posts.remove("a")

    assert [one.id for one in await (await shelf.reopened()).posts.read()] == ["b"]


def errand(id: str, **fields: object) -> Errand:
    made: dict[str, object] = {"device": "tank", "credential": "10009", "actions": ("Set field 1 to 2",), "made": NOON}
    return Errand(id=id, **{**made, "steps": ({"level": 2},), **fields})  # type: ignore[arg-type]  # as above


async def test_an_errand_stays_in_its_place_with_what_is_left_of_it(shelf: Shelf) -> None:
    first = errand("a", steps=({"level": 2, "ratio": 0.5, "on": True}, {}))
    await shelf.store.errands.save(first)
    await shelf.store.errands.save(errand("b"))
    rest = errand("a", steps=({},), pending=("wish-1",))

    await shelf.store.errands.save(rest)

    assert list(await (await shelf.reopened()).errands.read()) == [rest, errand("b")]


async def test_an_errand_that_is_over_is_forgotten(shelf: Shelf) -> None:
    await shelf.store.errands.save(errand("a"))

    await shelf.store.errands.remove("a")

    assert list(await (await shelf.reopened()).errands.read()) == []


def export(number: int, *, epoch: int = 1, account: str = "home", after_s: int = 0) -> Export:
    return Export(account, epoch, number, "tank", NOON + timedelta(seconds=after_s), f'{{"ü": {number}}}')


async def places(
    store: Store, account: str = "home", **wish: Any
) -> list[tuple[int, int]]:  # Any: `Exports.read`'s own
    return [(one.epoch, one.number) for one in await store.exports.read(account, **wish)]


async def test_each_epoch_is_greater_than_all_before_over_restarts_and_whatever_the_clock_says(shelf: Shelf) -> None:
    first = await shelf.store.exports.begin_epoch(NOON)
    second = await shelf.store.exports.begin_epoch(NOON)
    store = await shelf.reopened()

    third = await store.exports.begin_epoch(NOON - YEAR)

    assert first < second < third


async def test_noted_messages_are_read_back_as_they_are_at_once_and_after_a_restart(shelf: Shelf) -> None:
    shelf.store.exports.note([export(1), export(2)])
    at_once = await shelf.store.exports.read("home")
    store = await shelf.reopened()

    later = await store.exports.read("home")

    assert list(at_once) == list(later) == [export(1), export(2)]


async def test_messages_are_kept_account_by_account_in_the_order_of_epoch_and_number(store: Store) -> None:
    store.exports.note([export(1, epoch=2), export(2), export(10), export(1), export(7, account="other")])

    everything, some, after, other = (
        await places(store),
        await places(store, limit=2),
        await places(store, after=(1, 2)),
        await places(store, "other"),
    )

    assert everything == [(1, 1), (1, 2), (1, 10), (2, 1)]
    assert some == [(1, 1), (1, 2)]
    assert after == [(1, 10), (2, 1)]
    assert other == [(1, 7)]


async def test_a_time_means_arrived_at_or_after(store: Store) -> None:
    store.exports.note([export(number, after_s=number) for number in (1, 2, 3)])

    since = await places(store, since=NOON + timedelta(seconds=2))

    assert since == [(1, 2), (1, 3)]


async def test_a_message_that_comes_twice_is_there_once(store: Store) -> None:
    store.exports.note([export(1)])

    await store.append([], [export(1), export(2)])

    assert await places(store) == [(1, 1), (1, 2)]


async def test_messages_of_appended_facts_are_durable_with_them(shelf: Shelf) -> None:
    row = LogRow("tank", NOON, Log.FAST, {"level": 1.5})
    await shelf.store.append([row], [export(1)])
    store = await shelf.reopened()

    again = await store.news([row])

    assert list(again) == []
    assert await places(store) == [(1, 1)]


async def test_the_oldest_message_of_an_account_is_told(store: Store) -> None:
    store.exports.note([export(2, epoch=3), export(1, epoch=3)])

    found = await store.exports.oldest("home"), await store.exports.oldest("nobody")

    assert found == ((3, 1), None)


async def test_old_messages_go_save_the_newest_of_each_account(store: Store) -> None:
    store.exports.note([export(number, after_s=number) for number in (1, 2, 3)])
    store.exports.note([export(1, account="other", after_s=1)])

    gone = await store.exports.forget(NOON + timedelta(seconds=3))

    assert gone == 1
    assert await places(store) == [(1, 2), (1, 3)]
    assert await places(store, "other") == [(1, 1)]


async def test_what_was_fixed_for_the_installation_stays_until_it_is_fixed_anew(shelf: Shelf) -> None:
    await shelf.store.fix("realm", "one")
    await shelf.store.fix("other", "x")
    await shelf.store.fix("realm", "two")

    store = await shelf.reopened()

    assert await store.fixed() == {"realm": "two", "other": "x"}


# Logs and the past


def row(device: str = "unit", s: float = 0, log: Log = Log.FAST, **values: Value) -> LogRow:
    return LogRow(device, NOON + timedelta(seconds=s), log, values)


def message(number: int, device: str = "unit") -> Export:
    return Export("home", 1, number, device, NOON, f'{{"n":{number}}}')


async def past(store: Store, device: str = "unit", log: Log | None = Log.FAST, **more: object) -> list[HistoryRow]:
    wish = HistoryWish(device=device, since=NOON - YEAR, until=NOON + YEAR, log=log, **more)  # type: ignore[arg-type]  # the rest is the test's
    return list(await store.history(wish))


async def test_rows_of_the_logs_and_what_is_recorded_on_change_are_apart(any_store: Store) -> None:
    new = await any_store.append(
        [row(a=1, b=2, name="x"), row(log=Log.STATUS, a=3), Sample("unit", NOON, {"a": 4}), row(s=1, a=5)]
    )

    rows = [await past(any_store, log=log) for log in (Log.FAST, Log.STATUS, None)]
    assert new == 5
    assert rows == [
        [HistoryRow(NOON, {"a": 1, "b": 2}), HistoryRow(NOON + timedelta(seconds=1), {"a": 5})],
        [HistoryRow(NOON, {"a": 3})],
        [HistoryRow(NOON, {"a": 4})],
    ]


async def test_what_is_only_noted_is_history_and_no_news(any_store: Store) -> None:
    any_store.note([row(a=1)])

    rows = await past(any_store)
    news = await any_store.news([row(a=2), row(s=1, a=1)])

    assert rows == [HistoryRow(NOON, {"a": 1})]
    assert news == [row(s=1, a=1)]


async def test_news_are_rows_of_which_a_value_is_new(any_store: Store) -> None:
    await any_store.append([row(a=1), row(s=1, a=1, b=1)])

    told = [row(a=9), row(a=1, b=1), row(s=1, b=2), row(log=Log.STATUS, a=1), row("other", a=1), row(s=2, a=1)]
    news = await any_store.news(told)

    assert news == [told[1], *told[3:]]


async def test_a_row_that_comes_twice_at_once_is_news_once(any_store: Store) -> None:
    news = await any_store.news([row(a=1), row(a=2), row(b=1), row(a=1, c=1), row(b=1, c=2)])

    assert news == [row(a=1), row(b=1), row(a=1, c=1)]


async def test_a_text_is_always_news(store: Store) -> None:
    await store.append([row(a=1, link="Cell")])

    assert await store.news([row(a=1, link="Cell"), row(a=1)]) == [row(a=1, link="Cell")]


async def test_rows_and_the_messages_made_of_them_are_written_together(shelf: Shelf) -> None:
    new = [
        await shelf.store.append([row(a=1)], [message(1)]),
        await shelf.store.append([row(a=2)], [message(2), message(3)]),
        await shelf.store.append([], [message(4)]),
    ]

    store = await shelf.reopened()
    assert new == [1, 0, 0]
    assert [export.number for export in await store.exports.read("home")] == [1, 2, 3, 4]
    assert await past(store) == [HistoryRow(NOON, {"a": 1})]


async def test_messages_that_cannot_be_written_take_their_rows_along(store: Store) -> None:
    broken = Export("home", 1, 1, "unit", NOON, "\ud800")

    with pytest.raises(UnicodeEncodeError):
        await store.append([row(a=1)], [broken])

    assert await past(store) == []
    assert list(await store.exports.read("home")) == []


async def test_the_past_comes_back_in_intervals(shelf: Shelf) -> None:
    await shelf.store.append([row(s=s, a=s) for s in range(0, 7200, 60)])

    store = await shelf.reopened()
    means = await past(store, interval_s=3600)
    least = await past(store, interval_s=1800, aggregation=Aggregation.MIN, limit=2)
    assert means == [HistoryRow(NOON, {"a": 1770}), HistoryRow(NOON + timedelta(hours=1), {"a": 5370})]
    assert least == [HistoryRow(NOON, {"a": 0}), HistoryRow(NOON + timedelta(minutes=30), {"a": 1800})]


async def test_rows_that_were_forgotten_live_on_in_roll_ups_and_do_not_count_twice(shelf: Shelf) -> None:
    rows = [row(s=s, a=1) for s in range(0, 7200, 60)]
    await shelf.store.append(rows)
    await shelf.store.forget_samples(NOON + timedelta(minutes=95), ["unit"])
    store = await shelf.reopened()

    again = await store.append([*rows, row("other", a=1)])

    counts = await past(store, interval_s=3600, aggregation=Aggregation.COUNT)
    assert again == 1
    assert [one.values for one in counts] == [{"a": 60}, {"a": 60}]
    assert len(await past(store)) == 30
    assert await store.news([*rows, row("other", s=1, a=1)]) == [row("other", s=1, a=1)]


async def test_a_late_row_of_a_day_that_is_half_forgotten_still_counts(store: Store) -> None:
    await store.append([row(s=s, a=1) for s in range(0, 7200, 60)])
    await store.forget_samples(NOON + timedelta(minutes=95))

    new = await store.append([row(s=5401, a=7), row(s=5399, a=7)])

    greatest = await past(store, interval_s=86400, aggregation=Aggregation.SUM)
    assert new == 1
    assert [one.values for one in greatest] == [{"a": 127}]


async def test_roll_ups_are_forgotten_by_whole_days_and_never_before_their_rows(store: Store) -> None:
    days = [NOON + timedelta(days=n) for n in range(5)]
    await store.append([LogRow("unit", at, Log.FAST, {"a": 1}) for at in days])
    await store.append([Sample("other", at, {"a": 1}) for at in days])

    none = await store.forget_rollups(NOON + timedelta(days=9))
    await store.forget_samples(days[3], ["unit"])
    some = await store.forget_rollups(days[2])
    rest = await store.forget_rollups(NOON + timedelta(days=9), ["unit", "nobody"])

    left = await past(store, interval_s=86400, aggregation=Aggregation.COUNT)
    assert (none, some, rest) == (0, 8, 4)
    assert [one.at.date() for one in left] == [at.date() for at in days[3:]]
    assert len(await past(store, "other", None, interval_s=86400)) == 5


async def test_the_horizon_of_a_device_never_goes_back(store: Store) -> None:
    await store.forget_samples(NOON, ["unit"])
    await store.forget_samples(NOON - YEAR, ["unit"])
    await store.forget_samples(NOON - YEAR)

    new = await store.append([row(s=-1, a=1), row("other", s=-1, a=1), row(a=1)])

    assert new == 2


async def test_a_few_old_rows_among_many_are_known_too(store: Store) -> None:
    await store.append([row(s=s, a=1) for s in range(100)])

    news = await store.news([row(s=0, a=1), row(s=0.5, a=1), row(s=99, a=1)])

    assert news == [row(s=0.5, a=1)]
