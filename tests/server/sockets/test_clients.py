"""The register of open conversations, on paper."""

import asyncio

import pytest

from hardwire.model.access import Caller
from hardwire.model.client import ClientState
from hardwire.model.errors import UnknownError
from hardwire.server.sockets.clients import Clients
from hardwire.server.sockets.frames import close_frame
from tests.dialects.transcript import START
from tests.fakes.paper_conversation import CALLED, PaperConversation


async def test_a_client_stands_there_with_what_it_came_with_and_the_figures_of_its_conversation() -> None:
    clients, conversation = Clients(), PaperConversation()
    clients.enter(CALLED, conversation)
    conversation.received = 2
    conversation.caller = Caller(credential="k1")
    assert conversation.socket is not None
    conversation.socket.append(b"12345")
    await asyncio.sleep(0)
    conversation.socket.append(b"678")

    (state,) = clients.states()

    assert state == ClientState(
        id=1,
        dialect="obniz",
        peer="192.168.1.21",
        path="/obniz/1234-5678/ws/1",
        device="bench",
        credential="k1",
        since=START,
        received=2,
        sent=1,
        sent_bytes=5,
        pending_bytes=3,
    )


async def test_numbers_are_given_once_and_those_that_left_are_not_shown() -> None:
    clients = Clients()
    first = clients.enter(CALLED, PaperConversation())
    clients.leave(first)

    second = clients.enter(CALLED, PaperConversation())

    assert (first, second) == (1, 2)
    assert [state.id for state in clients.states()] == [2]


async def test_one_whose_handshake_is_not_over_is_no_client_yet() -> None:
    clients, conversation = Clients(), PaperConversation()
    conversation.socket = None
    number = clients.enter(CALLED, conversation)

    assert clients.states() == []
    with pytest.raises(UnknownError, match="there is no client 1; `hardwire clients` shows who is connected"):
        clients.cut(number, "enough")


async def test_a_cut_client_is_told_to_try_again_later_and_a_second_cut_waits_for_nothing() -> None:
    clients, conversation = Clients(), PaperConversation()
    number = clients.enter(CALLED, conversation)

    cut = clients.cut(number, "cut by the hub's owner")
    was_aborted = conversation.transport.is_aborted
    clients.cut(number, "cut by the hub's owner")

    assert cut.id == number
    assert conversation.transport.written == close_frame(1013, "cut by the hub's owner")
    assert not was_aborted
    assert conversation.transport.is_aborted


async def test_nobody_is_cut_under_a_number_that_nobody_has() -> None:
    clients = Clients()
    clients.leave(clients.enter(CALLED, PaperConversation()))

    for number in (0, 1, 2, -1):
        with pytest.raises(UnknownError):
            clients.cut(number, "enough")
