"""Figures of a hub on a real store, with sockets and logins made of paper."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from hardwire.app.metrics.lag import Lag
from hardwire.app.metrics.reader import Sources
from hardwire.server.admission import Connections
from hardwire.server.figures import ServerFigures
from hardwire.server.sockets.clients import Clients
from hardwire.server.sockets.flusher import Flusher
from tests.app.premises import House, house


class PaperMail:
    """Says what waits."""

    def waiting(self) -> tuple[int, int]:
        """Two posts, three orders."""
        return 2, 3


class PaperLogins(Struct):
    """Says who was wrong."""

    strikes: int = 5
    begun: int = 1


@asynccontextmanager
async def sources(folder: Path) -> AsyncIterator[tuple[House, Sources]]:
    """Build a hub and name where its figures are kept."""
    async with house(folder) as stage:
        yield (
            stage,
            Sources(
                hub=stage.hub,
                store=stage.store,
                clients=Clients(),
                flusher=Flusher(asyncio.get_running_loop()),
                connections=Connections(10, per_address=0, unproven=16),
                server=ServerFigures(),
                mail=PaperMail(),
                logins=PaperLogins(),
                lag=Lag(),
            ),
        )
