"""The realm of the keys, over starts of the hub."""

import pytest
from structlog.testing import capture_logs

from hardwire.app import realm
from hardwire.dialects.ezeio.access.keys import ha1, kept
from hardwire.dialects.ezeio.part import Settings
from hardwire.model.access import Credential
from hardwire.model.errors import BadValueError
from tests.fakes.paper_store import PaperStore

NEW = Credential(id="10001", kind="ezeio", secret_hash=kept("hardwire", "10001", "x"))
OLD = Credential(id="10002", kind="ezeio", secret_hash=ha1("hardwire", "10002", "x"))


async def test_keys_of_another_realm_keep_the_hub_from_starting_and_the_sentence_says_what_to_do() -> None:
    store = PaperStore()
    await realm.hold(store, None, (NEW,))

    with pytest.raises(BadValueError) as refused:
        await realm.hold(store, Settings(realm="elsewhere"), (NEW, OLD))

    assert refused.value.path == "ezeio.realm"
    for words in ("10001, 10002", "'hardwire'", "'elsewhere'", "hardwire key revoke"):
        assert words in refused.value.message
    await realm.hold(store, Settings(realm="hardwire"), (NEW,))


async def test_a_house_without_keys_takes_any_realm_and_holds_the_last() -> None:
    store = PaperStore()
    await realm.hold(store, Settings(realm="one"), ())
    await realm.hold(store, Settings(realm="two"), ())

    with pytest.raises(BadValueError, match="'two'"):
        await realm.hold(store, Settings(realm="one"), (NEW,))


async def test_keys_that_were_there_before_it_was_held_are_of_the_realm_that_is_set() -> None:
    store = PaperStore()

    await realm.hold(store, Settings(realm="one"), (OLD,))

    assert store.held == {"ezeio.realm": "one"}


@pytest.mark.parametrize(("digest", "is_told"), [("md5", False), ("sha-256", True), ("both", True)])
async def test_keys_that_know_md5_alone_are_told_of_where_another_algorithm_is_offered(
    digest: str, is_told: bool
) -> None:
    settings = Settings(digest=digest)  # type: ignore[arg-type]  # one of its choices, as a text

    with capture_logs() as logs:
        await realm.hold(PaperStore(), settings, (NEW, OLD))

    assert [one["keys"] for one in logs] == ([["10002"]] if is_told else [])
