"""The obniz dialect as the hub and the server see it."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from hardwire.contracts.act import Act, Close, Respond, Send
from hardwire.contracts.dialect import Place
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session, Upgrade
from hardwire.dialects.obniz.face import Face
from hardwire.dialects.obniz.handshake import Redirection
from hardwire.dialects.obniz.part import PART
from hardwire.dialects.obniz.session import Program
from hardwire.dialects.obniz.wire.answers import place
from hardwire.dialects.obniz.wire.rest import refusal
from hardwire.model.access import Credential, Right
from hardwire.model.channel import Channel
from hardwire.model.command import Done
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Event, Happening, Sample
from tests.dialects.obniz.paper import PaperHouse
from tests.dialects.transcript import START

CHANNEL = Channel("obniz", "desk", "events")


@pytest.fixture
def paper() -> PaperHouse:
    return PaperHouse()


def knock(paper: PaperHouse, **fields: object) -> tuple[Session, list[Act | Upgrade]]:
    """The one-shot session of a request and what it does first."""
    request = Request(**{"method": "GET", "target": "/", "path": "/", **fields})  # type: ignore[arg-type]  # by name
    session = paper.dialect.answer(request)
    return session, list(session.open(START))


def test_the_part_makes_the_dialect_of_its_name(paper: PaperHouse) -> None:
    made = PART.make(paper.house, lambda size: bytes(size), None)

    assert (PART.name, PART.face, PART.address, PART.second_address) == ("obniz", Face, "id", "serial")
    assert (made.name, made.prefixes, made.takes_root) == ("obniz", ("/obniz",), True)


def test_a_boards_own_listener_takes_programs_at_its_root(paper: PaperHouse) -> None:
    _, acts = knock(paper, device="desk", is_upgrade=True)

    assert isinstance(acts[-1], Upgrade)


def test_the_root_of_a_device_without_an_id_is_nobodys(paper: PaperHouse) -> None:
    _, acts = knock(paper, device="grid", is_upgrade=True)

    assert acts == [Respond(404, refusal("obniz is not online"))]


@pytest.mark.parametrize(
    ("origin", "is_redirected"),
    [("http://192.168.1.5:8080", False), ("https://192.168.1.5:8080", True), ("http://192.168.1.6:8080", True)],
)
def test_a_program_that_comes_by_the_address_of_a_redirect_has_arrived(
    paper: PaperHouse, origin: str, *, is_redirected: bool
) -> None:
    _, acts = knock(paper, path="/obniz/8888-8888/ws/1", is_upgrade=True, origin=origin)

    assert isinstance(acts[-1], Upgrade)
    assert isinstance(acts[-1].session, Redirection if is_redirected else Program)


def test_a_program_that_knows_its_board_by_an_ip_address_is_sent_nowhere(paper: PaperHouse) -> None:
    # It would come back to that very address for ever.
    _, acts = knock(paper, device="moved", is_upgrade=True, query={"obnizjs": "4.1.0"})

    assert isinstance(acts[-1], Upgrade)
    assert isinstance(acts[-1].session, Program)


def test_a_board_that_is_elsewhere_need_not_be_online_here(paper: PaperHouse) -> None:
    paper.roster.mark_lost("moved", "unplugged", START)

    _, acts = knock(paper, path="/obniz/8888-8888/ws/1", is_upgrade=True)

    assert isinstance(acts[-1], Upgrade)


def test_a_redirection_asks_and_hears_nothing() -> None:
    session = Redirection("ws://10.0.0.1")

    acts = [*session.reply(1, Done(), START), *session.notice("devices", "desk", START), *session.tick(START)]

    assert acts == []


def test_a_direct_link_is_not_offered_where_its_board_needs_a_token(paper: PaperHouse) -> None:
    key = Credential(id="k", kind="obniz", devices=("wired",), rights=Right.READ, secret_hash=sha256(b"wired").digest())
    paper.access.add(key)

    query = {"access_token": "wired", "accept_binary": "true"}
    _, acts = knock(paper, path="/obniz/9000-0000/ws/1", is_upgrade=True, query=query)

    assert isinstance(acts[-1], Upgrade)
    (greeting,) = [act.payload for act in acts[-1].session.open(START) if isinstance(act, Send)]
    assert "local_connect" not in str(greeting)


def test_a_link_without_a_query_to_a_board_that_offers_none_is_a_conversation(paper: PaperHouse) -> None:
    _, acts = knock(paper, device="desk", is_upgrade=True)

    assert isinstance(acts[-1], Upgrade)
    assert any(isinstance(act, Send) for act in acts[-1].session.open(START))


def test_a_call_that_names_a_hundred_late_commands_names_twenty(paper: PaperHouse) -> None:
    body = b"[" + b",".join(b'{"io%d":"get"}' % pin for pin in range(40)) + b"]"
    session, _ = knock(
        paper,
        path="/obniz/1234-5678/api/1",
        method="POST",
        headers={"content-type": "application/json"},
        query={"wait": "10"},
        body=body,
    )

    (answer,) = session.tick(START)

    assert isinstance(answer, Respond)
    assert b"io18, io19 and 20 more" in answer.body


def test_a_handshake_is_a_get(paper: PaperHouse) -> None:
    _, acts = knock(paper, path="/obniz/1234-5678/ws/1", method="POST", is_upgrade=True)

    assert isinstance(acts[-1], Respond)
    assert acts[-1].status == 426


def test_a_call_hears_and_leaves_nothing(paper: PaperHouse) -> None:
    session, _ = knock(paper)

    acts = [
        *session.receive("[]", START),
        *session.notice("devices", "desk", START),
        *session.tick(START),
        *session.closed(START),
    ]

    assert acts == []


def test_a_board_that_went_offline_during_the_handshake_is_not_greeted_for(paper: PaperHouse) -> None:
    _, acts = knock(paper, path="/obniz/1234-5678/ws/1", is_upgrade=True)
    assert isinstance(acts[-1], Upgrade)
    paper.roster.mark_lost("desk", "unplugged", START)

    first = list(acts[-1].session.open(START))

    assert first == [Close(1001, "the obniz went offline")]


def test_a_token_that_may_only_read_still_hears_the_board(paper: PaperHouse) -> None:
    _, acts = knock(paper, path="/obniz/2345-6789/ws/1", is_upgrade=True, query={"access_token": "watcher-token"})

    assert isinstance(acts[-1], Upgrade)


@pytest.mark.parametrize(
    "fact",
    [
        Sample("desk", datetime(2026, 6, 1, tzinfo=UTC), {"io0": True}),
        Event("desk", datetime(2026, 6, 1, tzinfo=UTC), Happening()),
    ],
)
def test_facts_that_programs_have_no_word_for_are_not_told(paper: PaperHouse, fact: Sample | Event) -> None:
    assert paper.dialect.render(CHANNEL, fact) is None


def test_nothing_is_repeated_or_added_to_a_device(paper: PaperHouse) -> None:
    dialect = paper.dialect
    desk = paper.roster.device("desk")
    assert desk is not None

    assert dialect.latest(CHANNEL, START) is None
    assert dialect.repeat_after_s(CHANNEL) is None
    assert dialect.appliance(desk) is None
    assert list(dialect.hosts(desk)) == []
    assert list(dialect.services(desk)) == []
    assert list(dialect.face(desk, Face(id="1234-5678"))) == []


def test_the_line_to_copy_writes_on_the_boards_screen(paper: PaperHouse) -> None:
    lamp = paper.roster.device("lamp")
    assert lamp is not None

    line = paper.dialect.line(lamp, Place("http://127.0.0.1:8080", "https://127.0.0.1:8443"))

    assert line == (
        "curl http://127.0.0.1:8080/obniz/1111-1111/api/1 "
        """-H 'Content-Type: application/json' -d '[{"display":{"text":"Hello"}}]'"""
    )


def test_what_the_server_refuses_reads_like_every_other_refusal(paper: PaperHouse) -> None:
    request = Request(method="POST", target="/obniz/1234-5678/api/1", path="/obniz/1234-5678/api/1")

    refused = paper.dialect.refuse(413, "too large", request, START)

    assert (refused.status, refused.body) == (413, b'{"error":"too large"}')


def test_an_answer_of_happenings_that_have_no_word_says_nothing(paper: PaperHouse) -> None:
    _, acts = knock(paper, path="/obniz/1234-5678/ws/1", is_upgrade=True)
    assert isinstance(acts[-1], Upgrade)
    program = acts[-1].session
    list(program.receive('[{"switch":"get"}]', START))

    said = list(program.reply(1, Done((Happening(),)), START))

    assert said == []


@pytest.mark.parametrize(
    ("key", "path", "shown"),
    [
        ("display", "depth", "display.color_depth"),
        ("display", "pixels", "display.raw"),
        ("system", "duration_ms", "system.wait"),
        ("io3", "", "io3"),
    ],
)
def test_what_a_board_refuses_is_named_as_the_program_wrote_it(key: str, path: str, shown: str) -> None:
    error = BadValueError("no", path=path)

    assert place(key, error) == shown


def test_a_program_that_reads_slowly_misses_nothing(paper: PaperHouse) -> None:
    assert not paper.dialect.keeps_newest(CHANNEL)
