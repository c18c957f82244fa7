"""Who has shown wrong credentials to the hub's own API and pages on and on is told to wait."""

from ipaddress import ip_address
from typing import cast

import pytest

from hardwire.console.console import Console
from hardwire.contracts.act import Respond
from hardwire.contracts.request import Request
from hardwire.dialects.hub import doorman
from tests.dialects.hub.premises import ADMIN_TOKEN, House, make_house
from tests.dialects.transcript import START
from tests.fakes.paper_lockout import PaperLockout

PEER = ip_address("192.0.2.7")
BEARER = {"authorization": "Bearer wrong"}
COOKIE = {"cookie": f"{doorman.COOKIE}=wrong"}


@pytest.fixture
def lockout() -> PaperLockout:
    return PaperLockout()


@pytest.fixture
def house(lockout: PaperLockout) -> House:
    house = make_house()
    house.premises.strike = lockout.strike
    return house


def asked(path: str, headers: dict[str, str], method: str = "GET", body: bytes = b"") -> Request:
    return Request(method=method, target=path, path=path, headers=headers, peer=PEER, body=body)


def answer(house: House, path: str, headers: dict[str, str]) -> Respond:
    """What the hub's own API answers at once."""
    (told,) = house.dialect.answer(asked(path, headers)).open(START)
    return cast("Respond", told)


def page(house: House, path: str, headers: dict[str, str], method: str = "GET", body: bytes = b"") -> Respond:
    """What the pages answer at once."""
    (told,) = Console(house.premises, {}).answer(asked(path, headers, method, body)).open(START)
    return cast("Respond", told)


@pytest.mark.parametrize("headers", [BEARER, COOKIE])
def test_the_api_answers_429_with_the_time_to_wait(
    house: House, lockout: PaperLockout, headers: dict[str, str]
) -> None:
    told = answer(house, "/hub/v1/keys", headers)

    assert (told.status, told.headers["Retry-After"]) == (429, "30")
    assert b'"code":"locked-out"' in told.body
    assert "WWW-Authenticate" not in told.headers
    assert lockout.struck == [("192.0.2.7", "")]


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer"}, {"authorization": "Basic eA=="}])
def test_a_request_that_shows_nothing_has_done_nothing_wrong(
    house: House, lockout: PaperLockout, headers: dict[str, str]
) -> None:
    told = answer(house, "/hub/v1/keys", headers)

    assert told.status == 401
    assert lockout.struck == []


def test_a_valid_credential_is_never_asked_about(house: House, lockout: PaperLockout) -> None:
    session = house.dialect.answer(asked("/hub/v1/keys", {"authorization": f"Bearer {ADMIN_TOKEN}"}))

    *_, told = session.open(START)

    assert cast("Respond", told).status == 200
    assert lockout.struck == []


@pytest.mark.parametrize(("path", "method"), [("/", "GET"), ("/devices", "GET"), ("/devices/grid/press", "POST")])
def test_a_page_shows_the_log_in_form_since_an_old_cookie_may_be_all_that_is_wrong(
    house: House, lockout: PaperLockout, path: str, method: str
) -> None:
    told = page(house, path, COOKIE, method)

    assert (told.status, told.headers["Retry-After"]) == (429, "30")
    assert b"<form" in told.body
    assert b"Try again in 30 s." in told.body
    assert lockout.struck == [("192.0.2.7", "")]


@pytest.mark.parametrize("path", ["/", "/devices", "/devices/grid/press"])
def test_a_page_without_a_cookie_asks_to_log_in(house: House, lockout: PaperLockout, path: str) -> None:
    told = page(house, path, {}, "POST" if path.endswith("press") else "GET")

    assert told.status in (303, 401)
    assert lockout.struck == []


def test_a_wrong_log_in_counts_for_the_owners_name_too(house: House, lockout: PaperLockout) -> None:
    told = page(house, "/login", {}, "POST", b"token=wrong")

    assert (told.status, told.headers["Retry-After"]) == (429, "30")
    assert lockout.struck == [("192.0.2.7", "console:admin")]


def test_an_empty_log_in_is_none(house: House, lockout: PaperLockout) -> None:
    told = page(house, "/login", {}, "POST", b"token=")

    assert told.status == 403
    assert lockout.struck == []
