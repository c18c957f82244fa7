"""A client is cut at its owner's wish, and that is written down."""

import asyncio

import pytest

from hardwire.app.clients import Cutting
from hardwire.contracts.question import CutClient
from hardwire.model.errors import UnknownError
from hardwire.server.sockets.clients import Clients
from tests.fakes.paper_conversation import CALLED, PaperConversation
from tests.hub.premises import Premises


async def test_a_cut_is_told_to_the_client_and_written_down() -> None:
    premises, clients, conversation = Premises(), Clients(), PaperConversation()
    number = clients.enter(CALLED, conversation)
    cutting = Cutting(premises.hub, clients)

    gone = await cutting.answer(CutClient(number, actor="admin"))
    await asyncio.sleep(0)

    assert gone.id == number
    assert b"cut by the hub's owner" in conversation.transport.written
    [line] = premises.store.audited
    assert (line.actor, line.action, line.subject, line.detail) == ("admin", "client.cut", "1", "obniz, 192.168.1.21")


async def test_a_client_that_is_not_there_leaves_no_trace() -> None:
    premises = Premises()
    cutting = Cutting(premises.hub, Clients())

    with pytest.raises(UnknownError):
        await cutting.answer(CutClient(7))

    assert premises.store.audited == []
