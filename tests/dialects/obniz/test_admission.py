"""Who may come to a board."""

from hashlib import sha256

import pytest
from msgspec import ValidationError, convert

from hardwire.contracts.act import Close
from hardwire.contracts.request import Request
from hardwire.dialects.obniz.admission import admit, is_open, is_page_elsewhere, may_message, token_of
from hardwire.dialects.obniz.face import Face
from hardwire.dialects.obniz.session import Program
from hardwire.dialects.obniz.tongue import Tongue
from hardwire.model.access import OWNER, Caller, Credential, Right
from hardwire.model.device import Device
from tests.dialects.obniz.paper import BENCH_TOKEN, NEIGHBOUR_TOKEN, PaperHouse
from tests.dialects.transcript import START


def ask(**fields: object) -> Request:
    """A request with the fields that matter here."""
    return Request(**{"method": "GET", "target": "/", "path": "/", **fields})  # type: ignore[arg-type]  # by name


@pytest.fixture
def paper() -> PaperHouse:
    return PaperHouse()


def board(paper: PaperHouse, id: str) -> Device:
    """A board that is there."""
    device = paper.roster.device(id)
    assert device is not None
    return device


def test_an_open_board_lets_everyone_in_to_itself_alone(paper: PaperHouse) -> None:
    caller = admit(paper.house, board(paper, "desk"), ask())

    assert caller == Caller(group="home", devices=("desk",), rights=Right.READ | Right.CONTROL)


def test_a_page_of_another_origin_needs_a_token_even_for_an_open_board(paper: PaperHouse) -> None:
    without = admit(paper.house, board(paper, "desk"), ask(is_foreign=True))
    with_one = admit(paper.house, board(paper, "bench"), ask(is_foreign=True, query={"access_token": BENCH_TOKEN}))

    assert without is None
    assert with_one is not None


def test_the_owner_on_the_unix_socket_reaches_every_board(paper: PaperHouse) -> None:
    caller = admit(paper.house, board(paper, "shut"), ask(caller=OWNER))

    assert caller == OWNER


def test_the_admin_credential_reaches_the_boards_of_every_group(paper: PaperHouse) -> None:
    rights = Right.READ | Right.CONTROL | Right.ADMIN
    paper.access.add(Credential(id="a", kind="admin", rights=rights, secret_hash=sha256(b"admin-token").digest()))

    caller = admit(paper.house, board(paper, "shut"), ask(headers={"authorization": "Bearer admin-token"}))

    assert caller == Caller(credential="a", rights=rights)


def test_a_token_of_another_board_is_refused(paper: PaperHouse) -> None:
    caller = admit(paper.house, board(paper, "bench"), ask(query={"access_token": NEIGHBOUR_TOKEN}))

    assert caller is None


@pytest.mark.parametrize(
    ("id", "expected"),
    [("desk", True), ("gone", True), ("bench", False), ("shut", False), ("attic", False), ("vault", False)],
)
def test_a_board_is_open_while_it_has_no_token_and_is_virtual_or_opened(
    paper: PaperHouse, id: str, expected: bool
) -> None:
    assert is_open(paper.house, board(paper, id)) is expected


def test_an_opened_board_is_open_again_when_its_tokens_are_revoked(paper: PaperHouse) -> None:
    paper.access.remove("bench-key")
    paper.access.remove("watcher-key")

    assert is_open(paper.house, board(paper, "bench"))


def test_a_device_that_is_not_shown_in_this_dialect_is_not_open(paper: PaperHouse) -> None:
    assert not is_open(paper.house, Device(id="grid", kind="meter", is_virtual=True))


def test_messages_of_who_has_no_token_reach_open_boards_only(paper: PaperHouse) -> None:
    caller = Caller(group="home", devices=("desk",), rights=Right.READ | Right.CONTROL)

    reached = [id for id in ("lamp", "bench", "shut", "attic") if may_message(paper.house, caller, board(paper, id))]

    assert reached == ["lamp"]


def test_messages_of_the_owner_reach_every_board(paper: PaperHouse) -> None:
    assert all(may_message(paper.house, OWNER, board(paper, id)) for id in ("lamp", "bench", "shut", "attic"))


@pytest.mark.parametrize(
    ("fields", "token"),
    [
        ({}, ""),
        ({"query": {"access_token": "q"}, "headers": {"access_token": "h"}}, "q"),
        ({"headers": {"access_token": "h", "authorization": "Bearer b"}}, "h"),
        ({"headers": {"authorization": "bearer  b "}}, "b"),
        ({"headers": {"authorization": "Digest b"}}, ""),
    ],
)
def test_a_token_stands_in_the_query_or_in_one_of_two_headers(fields: dict[str, object], token: str) -> None:
    assert token_of(ask(**fields)) == token


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"user-agent": "curl/8.5.0"}, False),
        ({"user-agent": "Mozilla/5.0 (X11; Linux x86_64)"}, True),
        ({"user-agent": "Mozilla/5.0", "sec-fetch-site": "none"}, False),
        ({"user-agent": "Mozilla/5.0", "sec-fetch-site": "same-origin"}, False),
        ({"user-agent": "Mozilla/5.0", "sec-fetch-site": "same-site"}, True),
        ({"user-agent": "Mozilla/5.0", "sec-fetch-site": "cross-site"}, True),
        ({"user-agent": "Mozilla/5.0", "referer": "http://localhost:8080/page?x=1"}, False),
        ({"user-agent": "Mozilla/5.0", "referer": "http://LOCALHOST:8080"}, False),
        ({"user-agent": "Mozilla/5.0", "referer": "http://localhost:8081/"}, True),
        ({"user-agent": "Mozilla/5.0", "referer": "https://evil.example/http://localhost:8080"}, True),
        ({"user-agent": "Mozilla/5.0", "referer": "http://localhost:8080@evil.example/"}, True),
        ({"user-agent": "Mozilla/5.0", "referer": "http://[bad/"}, True),
        ({"user-agent": "Mozilla/5.0", "origin": "http://localhost:8080"}, False),
    ],
)
def test_a_request_without_origin_may_still_come_from_a_page_elsewhere(
    headers: dict[str, str], *, expected: bool
) -> None:
    assert is_page_elsewhere(ask(headers=headers)) is expected


def test_a_page_that_the_gate_calls_foreign_is_elsewhere() -> None:
    assert is_page_elsewhere(ask(headers={"origin": "null"}, is_foreign=True))


def test_a_face_keeps_its_id_with_the_dash() -> None:
    assert Face(id="23456789").id == "2345-6789"


def test_a_face_without_eight_digits_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match=r"an obniz id has eight digits, such as 2345-6789, not 'abc'"):
        convert({"id": "abc"}, Face)


@pytest.mark.parametrize("listener", ["127.0.0.1", "8080", ":80", "127.0.0.1:http"])
def test_a_listener_is_a_host_with_a_port(listener: str) -> None:
    with pytest.raises(ValidationError):
        convert({"id": "2345-6789", "http": listener}, Face)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"serial": "abc"}, "a serial is sn_"),
        ({"serial": "sn_"}, "a serial is sn_"),
        ({"serial": "sn_a/b"}, "a serial is sn_"),
        ({"redirect": "http://10.0.0.1"}, "redirect is an origin"),
        ({"redirect": "ws://10.0.0.1/"}, "redirect is an origin"),
        ({"redirect": "ws://10.0.0.1/obniz"}, "redirect is an origin"),
        ({"redirect": "ws://user@10.0.0.1"}, "redirect is an origin"),
        ({"redirect": "ws://10.0.0.1:0"}, "redirect is an origin"),
        ({"redirect": "ws://10.0.0.1:65536"}, "redirect is an origin"),
        ({"redirect": "10.0.0.1:80"}, "redirect is an origin"),
        ({"local_connect": True}, "local_connect needs http"),
        ({"local_connect": True, "http": "0.0.0.0:80"}, "local_connect needs http"),
        ({"local_connect": True, "http": "[::]:80"}, "local_connect needs http"),
        ({"replies": "frames"}, "replies"),
    ],
)
def test_a_setting_that_no_program_could_follow_is_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        convert({"id": "2345-6789", **settings}, Face)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ws://192.168.1.5:8080", "ws://192.168.1.5:8080"),
        ("WS://Hub.local:80", "ws://hub.local"),
        ("wss://hub.example.org:443", "wss://hub.example.org"),
        ("wss://[fe80::1]:08443", "wss://[fe80::1]:8443"),
    ],
)
def test_a_redirect_is_kept_as_browsers_write_origins(written: str, kept: str) -> None:
    assert Face(id="2345-6789", redirect=written).redirect == kept


@pytest.mark.parametrize(
    ("caller", "closes"),
    [
        (Caller(group="home", devices=("desk",), rights=Right.READ | Right.CONTROL), True),
        (Caller(credential="desk-key", devices=("desk",), rights=Right.READ), False),
        (OWNER, False),
    ],
    ids=["by id alone", "by token", "owner"],
)
def test_a_first_token_ends_the_sockets_that_came_by_id_alone(caller: Caller, closes: bool) -> None:
    paper = PaperHouse()
    session = Program(paper.house, board(paper, "desk"), caller, Tongue(), None)
    topic = "credentials:obniz:desk"

    before = list(session.notice(topic, "desk-key", START))
    paper.access.add(Credential(id="desk-key", kind="obniz", devices=("desk",), rights=Right.READ, secret_hash=b"hash"))
    after = list(session.notice(topic, "desk-key", START))

    assert before == []
    assert after == ([Close(1008, "this obniz needs a token now")] if closes else [])
