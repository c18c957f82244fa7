"""Who may use the hub's own API and pages."""

from collections.abc import Mapping

import pytest

from hardwire.contracts.act import Bear, Respond
from hardwire.contracts.request import Request
from hardwire.dialects.hub import doorman
from hardwire.model.access import OWNER
from tests.dialects.hub.premises import ADMIN_TOKEN, WEAK_TOKEN, House, make_house
from tests.dialects.transcript import START

COOKIE = f"{doorman.COOKIE}={ADMIN_TOKEN}"


def asked(headers: Mapping[str, str], *, is_foreign: bool = False) -> Request:
    """Return a request for the devices."""
    path = "/hub/v1/devices"
    return Request(method="GET", target=path, path=path, headers=headers, is_foreign=is_foreign)


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_admin_credential_opens_the_door_as_a_bearer_token(house: House, scheme: str) -> None:
    caller = doorman.caller_of(asked({"authorization": f"{scheme} {ADMIN_TOKEN}"}), house.premises)

    assert caller is not None
    assert (caller.credential, caller.rights) == ("admin", OWNER.rights)


@pytest.mark.parametrize("cookies", [COOKIE, f"other=1; {COOKIE}", f'state={{"a": [1,2]}}; {COOKIE}; last="x'])
def test_the_admin_credential_opens_the_door_as_a_cookie_beside_whatever_others(house: House, cookies: str) -> None:
    caller = doorman.caller_of(asked({"cookie": cookies}), house.premises)

    assert caller is not None
    assert caller.credential == "admin"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {ADMIN_TOKEN}"},
        {"authorization": f"Bearer {WEAK_TOKEN}"},
        {"cookie": f"{doorman.COOKIE}=wrong"},
        {"cookie": f"{doorman.COOKIE}="},
        {"cookie": f"x{COOKIE}"},
        {"authorization": "Bearer wrong", "cookie": COOKIE},
    ],
    ids=str,
)
def test_anything_else_is_nobody(house: House, headers: dict[str, str]) -> None:
    caller = doorman.caller_of(asked(headers), house.premises)

    assert caller is None


def test_whoever_is_nobody_is_told_what_is_needed(house: House) -> None:
    acts = list(house.dialect.answer(asked({})).open(START))

    (answer,) = acts
    assert isinstance(answer, Respond)
    assert answer.status == 401
    assert answer.headers == {"WWW-Authenticate": 'Bearer realm="hardwire"'}
    assert b"admin credential" in answer.body


def test_a_session_acts_as_whoever_showed_the_credential(house: House) -> None:
    acts = list(house.dialect.answer(asked({"cookie": COOKIE})).open(START))

    assert isinstance(acts[0], Bear)
    assert acts[0].caller.credential == "admin"


def test_a_page_of_another_origin_counts_by_its_token_alone(house: House) -> None:
    house.access.is_open_house = True

    by_cookie = doorman.caller_of(asked({"cookie": COOKIE}, is_foreign=True), house.premises)
    by_token = doorman.caller_of(asked({"authorization": f"Bearer {ADMIN_TOKEN}"}, is_foreign=True), house.premises)

    assert by_cookie is None
    assert by_token is not None


def test_an_open_house_lets_its_own_pages_in_without_a_credential(house: House) -> None:
    house.access.is_open_house = True

    assert doorman.caller_of(asked({}), house.premises) == OWNER
