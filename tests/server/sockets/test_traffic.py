"""What all clients together have caused: those who left count on."""

import msgspec

from hardwire.server.sockets.clients import Clients
from tests.fakes.paper_conversation import CALLED, PaperConversation


async def test_clients_that_left_count_on_and_those_who_stay_are_told_by_dialect_and_transport() -> None:
    clients, gone, here, encrypted = Clients(), PaperConversation(), PaperConversation(), PaperConversation()
    number = clients.enter(CALLED, gone)
    clients.enter(CALLED, here)
    clients.enter(msgspec.structs.replace(CALLED, dialect="ezeio", is_tls=True), encrypted)
    gone.received, here.received, encrypted.received = 3, 4, 1
    assert here.socket is not None
    here.socket.sent = 7
    clients.leave(number)

    traffic = clients.traffic()

    assert traffic.standing == {("obniz", False): 1, ("ezeio", True): 1}
    assert traffic.opened == {"obniz": 2, "ezeio": 1}
    assert traffic.received == {"obniz": 7, "ezeio": 1}
    assert traffic.sent == {"obniz": 7, "ezeio": 0}


async def test_one_whose_handshake_is_not_over_counts_as_nothing_but_opened() -> None:
    clients, conversation = Clients(), PaperConversation()
    conversation.socket = None
    number = clients.enter(CALLED, conversation)

    before = clients.traffic()
    clients.leave(number)

    assert (before.standing, before.received) == ({}, {})
    assert clients.traffic().opened == {"obniz": 1}
