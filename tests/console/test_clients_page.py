"""The page of the clients: who is behind stands first, the owner cuts, and nobody else does."""

from datetime import timedelta

import msgspec
import pytest

from hardwire.console import figures
from hardwire.console.clients import ROWS
from hardwire.console.console import Console
from hardwire.contracts.act import Ask, Bear, Respond
from hardwire.contracts.question import CutClient
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.dialects.hub import doorman
from hardwire.model.client import ClientState
from hardwire.model.errors import HubFaultError, UnknownError
from tests.dialects.hub.premises import ADMIN_TOKEN, CLIENTS, House, make_house
from tests.dialects.transcript import START

COOKIE = {"cookie": f"{doorman.COOKIE}={ADMIN_TOKEN}"}


@pytest.fixture
def house() -> House:
    return make_house()


def visited(
    house: House,
    path: str = "/clients",
    *,
    method: str = "GET",
    headers: dict[str, str] = COOKIE,
    is_foreign: bool = False,
) -> Session:
    """Return the session of a visit."""
    request = Request(method=method, target=path, path=path, headers=headers, is_foreign=is_foreign)
    return Console(house.premises, {}).answer(request)


def shown(house: House, path: str = "/clients", **given: object) -> Respond:
    """Return what a visit is answered at once."""
    *before, answer = visited(house, path, **given).open(START)  # type: ignore[arg-type]  # the keywords of `visited`
    assert all(isinstance(act, Bear) for act in before)
    assert isinstance(answer, Respond)
    return answer


def test_who_is_behind_the_longest_stands_first_and_figures_are_readable(house: House) -> None:
    page = shown(house).body.decode()

    order = [page.index(f"Cut client {number}") for number in (4, 2, 1, 7)]
    assert order == sorted(order)
    assert "4 connected, 2 behind" in page
    assert '<td class="n" data-head="Lag">61 s</td><td class="n" data-head="Unread">1 KiB</td>' in page
    assert '<td class="n" data-head="Dropped">80</td>' in page
    assert page.count('<tr class="behind"') == 2
    assert "the owner&#x27;s socket" in page


def test_the_page_fetches_its_table_alone(house: House) -> None:
    page, table = shown(house).body, shown(house, "/clients/table").body

    assert b'data-source="/clients/table"' in page
    assert table in page
    assert b"<html" not in table


def test_nobody_connected_is_told(house: House) -> None:
    house.premises.clients = lambda: ()

    assert shown(house, "/clients/table").body == b"<p>Nobody is connected.</p>"


def test_all_who_keep_up_are_told_as_such_and_a_crowd_is_shown_in_part(house: House) -> None:
    house.premises.clients = lambda: [msgspec.structs.replace(CLIENTS[0], id=n) for n in range(1, ROWS + 2)]

    table = shown(house, "/clients/table").body.decode()

    assert f"{ROWS + 1} connected, all keep up; these are the first {ROWS}" in table
    assert table.count("<form") == ROWS


def test_since_another_day_is_that_day(house: House) -> None:
    house.premises.clients = lambda: [msgspec.structs.replace(CLIENTS[0], since=START - timedelta(days=3))]

    assert b'data-head="Since">2026-05-29<' in shown(house, "/clients/table").body


def test_what_a_client_calls_itself_is_no_markup(house: House) -> None:
    hostile = '"><script>alert(1)</script>'
    client = ClientState(
        id=1, dialect=hostile, peer=hostile, path=hostile, device=hostile, credential=hostile, since=START
    )
    house.premises.clients = lambda: [client]

    table = shown(house, "/clients/table").body

    assert b"<script" not in table
    assert b'title="&quot;&gt;&lt;script&gt;' in table


@pytest.mark.parametrize(("path", "status"), [("/clients", 303), ("/clients/table", 401)])
def test_whoever_shows_no_credential_sees_nobody(house: House, path: str, status: int) -> None:
    answer = shown(house, path, headers={})

    assert answer.status == status
    assert b"192.168" not in answer.body


def test_the_owner_cuts_a_client_and_sees_the_list_again(house: House) -> None:
    visit = visited(house, "/clients/4/cut", method="POST")

    acts = list(visit.open(START))
    (after,) = visit.reply(0, CLIENTS[2], START)

    assert [type(act) for act in acts] == [Bear, Ask]
    assert acts[1] == Ask(CutClient(4, actor="admin"))
    assert isinstance(after, Respond)
    assert (after.status, after.headers["Location"]) == (303, "/clients")


def test_a_client_that_has_gone_by_itself_needs_no_cut(house: House) -> None:
    before = shown(house, "/clients/3/cut", method="POST")
    visit = visited(house, "/clients/4/cut", method="POST")
    list(visit.open(START))
    (meanwhile,) = visit.reply(0, UnknownError("there is no client 4"), START)

    assert isinstance(meanwhile, Respond)
    for answer in (before, meanwhile):
        assert (answer.status, answer.headers["Location"]) == (303, "/clients")


def test_a_cut_that_could_not_be_written_down_is_told(house: House) -> None:
    visit = visited(house, "/clients/4/cut", method="POST")
    list(visit.open(START))

    (answer,) = visit.reply(0, HubFaultError("the disk is full"), START)

    assert isinstance(answer, Respond)
    assert (answer.status, answer.body) == (500, b"the disk is full\n")


def test_no_other_page_and_no_stranger_cuts_anybody(house: House) -> None:
    foreign = shown(house, "/clients/4/cut", method="POST", is_foreign=True)
    stranger = shown(house, "/clients/4/cut", method="POST", headers={})
    link = shown(house, "/clients/4/cut")

    assert (foreign.status, stranger.status, link.status) == (403, 303, 404)
    assert stranger.headers["Location"] == "/login"


@pytest.mark.parametrize("path", ["/clients", "/clients/table"])
def test_the_list_takes_no_post(house: House, path: str) -> None:
    assert shown(house, path, method="POST").status == 405


@pytest.mark.parametrize(
    ("lag_s", "text"),
    [(0, ""), (-1, ""), (0.04, "0.0 s"), (9.96, "10 s"), (99.4, "99 s"), (120, "2 min"), (6_000, "2 h")],
)
def test_a_lag_is_told_shortly(lag_s: float, text: str) -> None:
    assert figures.lag(lag_s) == text


@pytest.mark.parametrize(
    ("size_bytes", "text"), [(0, ""), (1023, "1023 B"), (1024, "1 KiB"), (1 << 20, "1024 KiB"), (12 << 20, "12 MiB")]
)
def test_a_size_is_told_shortly(size_bytes: int, text: str) -> None:
    assert figures.size(size_bytes) == text


@pytest.mark.parametrize(("count", "text"), [(0, ""), (9_999, "9999"), (12_345, "12 k"), (12_345_678, "12 M")])
def test_a_count_is_told_shortly(count: int, text: str) -> None:
    assert figures.number(count) == text
