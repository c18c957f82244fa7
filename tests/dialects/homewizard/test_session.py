"""What the transcripts of the WebSocket do not show."""

import pytest

from hardwire.contracts.act import Send
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.dialects.homewizard.v2.session import Conversation
from tests.dialects.homewizard.paper_grid import METER, TOKEN, Grid
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
