"""What the transcripts of the WebSocket do not show."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.contracts.act import Close, Latest, Send
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.v2.session import UNKNOWN_MESSAGES, Conversation
from tests.dialects.homewizard.paper_grid import METER, SERIAL, TOKEN, Grid
from tests.dialects.homewizard.paper_products import BARE

AUTHORIZATION = f'{{"type":"authorization","data":"{TOKEN}"}}'


def authorized(grid: Grid) -> Conversation:
    """A conversation whose token was good."""
    conversation = Conversation(grid.appliance())
    list(conversation.open(grid.now))
    list(conversation.receive(AUTHORIZATION, grid.now))
    return conversation


def test_after_the_token_the_clock_has_nothing_to_say() -> None:
    grid = Grid()
    conversation = authorized(grid)

    assert list(conversation.tick(grid.now)) == []


def test_a_user_that_was_removed_is_not_told_who_remains() -> None:
    grid = Grid()
    conversation = authorized(grid)
    list(conversation.receive('{"type":"subscribe","data":"user"}', grid.now))
    grid.access.remove("u1")

    assert list(conversation.notice(f"credentials:homewizard:{METER}", "u1", grid.now)) == []


def test_a_device_that_comes_back_as_a_product_without_v2_is_gone() -> None:
    grid = Grid()
    told, asked = authorized(grid), authorized(grid)
    grid.roster.remove(METER)
    grid.roster.declare(grid.meter)
    grid.roster.show(METER, "homewizard", SERIAL, Face(serial=SERIAL, product="HWE-SKT"))

    acts = [*told.notice("devices", METER, grid.now), *asked.receive('{"type":"device"}', grid.now)]

    assert acts == [Close(1001, "the device was removed")] * 2


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('{"type":"identify"}', "request:unknown-type"),
        ('{"type":"batteries"}', "request:unknown-type"),
        ('{"type":"subscribe","data":"batteries"}', "request:unknown-subscription"),
    ],
)
def test_what_a_product_cannot_is_told_over_the_socket(
    monkeypatch: pytest.MonkeyPatch, message: str, code: str
) -> None:
    grid = Grid.of(BARE, monkeypatch)
    conversation = authorized(grid)

    acts = list(conversation.receive(message, grid.now))

    assert acts == [Send(f'{{"type":"error","data":{{"message":"{code}"}}}}')]


@pytest.mark.parametrize("is_tls", [True, False])
def test_a_request_hears_nothing_but_its_replies(*, is_tls: bool) -> None:
    grid = Grid()
    session: Session = grid.dialect.answer(Request(method="GET", target="/api", path="/api", is_tls=is_tls))

    heard = [
        *session.receive("text", grid.now),
        *session.notice("topic", "message", grid.now),
        *session.tick(grid.now),
        *session.closed(grid.now),
        *session.reply(0, None, grid.now),
    ]

    assert heard == []


TYPES = st.sampled_from(
    [
        "subscribe",
        "unsubscribe",
        "identify",
        "device",
        "user",
        "measurement",
        "system",
        "batteries",
        "reboot",
        "error",
        "*",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | TYPES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | TYPES, inner, max_size=3),
    max_leaves=6,
)
SAID = st.fixed_dictionaries({}, optional={"type": TYPES | JSON, "data": TYPES | JSON}).map(json.dumps) | st.text()


@given(st.lists(SAID, max_size=6))
def test_whatever_a_client_says_the_conversation_goes_on(said: list[str]) -> None:
    grid = Grid()
    conversation = authorized(grid)

    acts = [act for text in said for act in conversation.receive(text, grid.now)]

    assert not any(isinstance(act, Close) for act in acts)
    assert list(conversation.receive('{"type":"device"}', grid.now)) == [Latest(grid.appliance().channel("device"))]


@pytest.mark.parametrize("said", ['{"type":"subscribe","data":"*"}', "no json"])
def test_who_pours_messages_instead_of_a_token_is_closed(said: str) -> None:
    grid = Grid()
    conversation = Conversation(grid.appliance())
    list(conversation.open(grid.now))

    acts = [list(conversation.receive(said, grid.now)) for _ in range(UNKNOWN_MESSAGES + 2)]

    assert acts[:UNKNOWN_MESSAGES] == [[]] * UNKNOWN_MESSAGES
    assert acts[UNKNOWN_MESSAGES:] == [[Close(1008, "too many messages before the authorization")], []]


@given(st.lists(SAID, max_size=6))
def test_whatever_a_client_says_before_its_token_nothing_is_said_back(said: list[str]) -> None:
    grid = Grid()
    conversation = Conversation(grid.appliance())
    list(conversation.open(grid.now))

    acts = [act for text in said for act in conversation.receive(text, grid.now)]

    assert acts == []
    assert Send('{"type":"authorized"}') in list(conversation.receive(AUTHORIZATION, grid.now))
