"""Cuts a client at its owner's wish, and has it written down who wanted that."""

import structlog

from hardwire.contracts.question import CutClient, Question
from hardwire.hub.hub import Hub
from hardwire.model.audit import HUB, Action, Asker, audited
from hardwire.model.client import ClientState, Cut
from hardwire.server.sockets.clients import Clients

log = structlog.get_logger("hardwire.server")


class Cutting:
    """The clerk for `CutClient`."""

    def __init__(self, hub: Hub, clients: Clients) -> None:
        self._hub = hub
        self._clients = clients

    async def answer(self, question: Question, by: Asker = HUB) -> ClientState:
        """Cut the client, then write it down; returns how the client stood. Raises UnknownError, HubFaultError."""
        assert isinstance(question, CutClient), "the desk brings no other question here"
        cut = Cut(question.client)
        gone = self._clients.cut(cut.client, cut.reason)
        log.warning(
            "client cut",
            client=gone.id,
            dialect=gone.dialect,
            peer=gone.peer,
            credential=gone.credential,
            reason=cut.reason,
            actor=question.actor,
        )
        # After the deed: a full disk may not keep the owner from cutting whoever fills it.
        whom = f"{gone.dialect}, {gone.credential or gone.peer or 'the owner'}"
        by = Asker(question.actor or by.actor, by.peer)
        await self._hub.store.audit(audited(self._hub.now(), by, Action.CLIENT_CUT, str(gone.id), whom))
        return gone
