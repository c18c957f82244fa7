"""Reads the hub's figures when somebody asks for them; nothing is gathered, and no library loaded, before."""

import asyncio
from collections.abc import Callable, Iterable

from msgspec import Struct

from hardwire.app.metrics import building, connections, deliveries, devices, logins, outgoing, storing, traffic
from hardwire.app.metrics.family import Family, Writer
from hardwire.app.metrics.lag import Lag
from hardwire.contracts.question import Question
from hardwire.hub.hub import Hub
from hardwire.server.figures import ServerFigures
from hardwire.server.sockets.clients import Clients
from hardwire.server.sockets.flusher import Flusher
from hardwire.storage.sqlite import SqliteStore


class Sources(Struct, frozen=True, kw_only=True):
    """Where figures are kept."""

    hub: Hub
    store: SqliteStore
    clients: Clients
    flusher: Flusher
    connections: connections.Ledger
    server: ServerFigures
    mail: outgoing.Mail
    logins: logins.Logins
    lag: Lag


class Reader:
    """Answers `ReadMetrics`."""

    def __init__(self, sources: Sources, load: Callable[[], Callable[[], Writer]]) -> None:
        """`load` imports what writes the page, and returns how to make it."""
        self._sources = sources
        self._load = load
        self._writer: Writer | None = None
        # One page at a time, however many ask: they wait, and the hub works on.
        self._turn = asyncio.Lock()

    async def answer(self, question: Question) -> bytes:
        """Return the figures as they are now."""
        async with self._turn:
            if self._writer is None:
                self._writer = await asyncio.to_thread(lambda: self._load()())
            # Reading happens between two turns of the loop, so nothing moves meanwhile; writing down may take its time.
            read = tuple(families(self._sources))
            return await asyncio.to_thread(self._writer.write, read)


def families(sources: Sources) -> Iterable[Family]:
    """Read every figure."""
    hub = sources.hub
    yield from building.families(hub.house.began())
    yield from sources.lag.families()
    yield from connections.families(sources.connections, sources.server)
    yield from deliveries.families(sources.clients, sources.flusher)
    yield from traffic.families(hub)
    yield from devices.families(hub.house, hub.now())
    yield from storing.families(sources.store)
    yield from outgoing.families(sources.mail, hub.outbox, hub.intake)
    yield from logins.families(sources.logins)
