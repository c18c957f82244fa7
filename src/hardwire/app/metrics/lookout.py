"""Watches how the hub does, and answers those who ask: `/metrics` and `/health`."""

from hardwire.app import parts
from hardwire.app.metrics.health import Wellbeing
from hardwire.app.metrics.lag import Lag
from hardwire.app.metrics.logins import Logins
from hardwire.app.metrics.outgoing import Mail
from hardwire.app.metrics.reader import Reader, Sources
from hardwire.contracts.question import ReadHealth, ReadMetrics
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.server.requests.front import Front
from hardwire.storage.sqlite import SqliteStore


class Lookout:
    """One per hub. It gathers nothing but how late the event loop is; all else is read when it is asked for."""

    def __init__(self, hub: Hub, desk: Desk, store: SqliteStore, front: Front, *, mail: Mail, logins: Logins) -> None:
        self._lag = Lag()
        self._wellbeing = Wellbeing(store)
        sources = Sources(
            hub=hub,
            store=store,
            clients=front.clients,
            flusher=front.flusher,
            connections=front.connections,
            server=front.figures,
            mail=mail,
            logins=logins,
            lag=self._lag,
        )
        desk.staff(ReadMetrics, Reader(sources, parts.exposition).answer)
        desk.staff(ReadHealth, self._wellbeing.answer)

    async def run(self) -> None:
        """Watch until cancelled."""
        await self._lag.run()

    def open(self) -> None:
        """The doors are open: the hub is ready."""
        self._wellbeing.is_open = True

    async def close(self) -> None:
        """The doors are about to be closed."""
        self._wellbeing.is_open = False
        await self._wellbeing.close()
