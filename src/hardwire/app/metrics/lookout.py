"""Watches how the hub does, and answers those who ask: `/metrics` and `/health`."""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from hardwire.app import parts
from hardwire.app.dump import Dump
from hardwire.app.metrics.health import Wellbeing
from hardwire.app.metrics.lag import Lag
from hardwire.app.metrics.logins import Logins
from hardwire.app.metrics.outgoing import Mail
from hardwire.app.metrics.reader import Reader, Sources
from hardwire.app.repeats import Repeats
from hardwire.contracts.question import ReadHealth, ReadMetrics
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.server.requests.front import Front
from hardwire.storage.sqlite import SqliteStore

log = structlog.get_logger("hardwire")


class Lookout:
    """One per hub. It gathers nothing but how late the event loop is; all else is read when it is asked for."""

    def __init__(
        self,
        hub: Hub,
        desk: Desk,
        store: SqliteStore,
        front: Front,
        *,
        mail: Mail,
        logins: Logins,
        repeats: Repeats | None = None,
    ) -> None:
        self._lag = Lag()
        self._wellbeing = Wellbeing(store)
        self._repeats = repeats
        self._stop_listening: Callable[[], None] = lambda: None
        sources = self._sources = Sources(
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

    def tick(self) -> None:
        """Do what time asks for. Called about once a second."""
        self._tell_left_out()

    def open(self) -> None:
        """The doors are open: the hub is ready, and tells what it does when it is sent SIGUSR1."""
        dump = Dump(asyncio.get_running_loop(), self._state)
        self._stop_listening = dump.listen()
        self._wellbeing.is_open = True

    async def close(self) -> None:
        """The doors are about to be closed."""
        self._wellbeing.is_open = False
        self._stop_listening()
        self._tell_left_out(is_last=True)
        await self._wellbeing.close()

    def _tell_left_out(self, *, is_last: bool = False) -> None:
        if self._repeats is not None:
            for left_out in self._repeats.turn(is_last=is_last):
                log.warning("lines left out", of=left_out.event, peer=left_out.peer, lines=left_out.lines)

    def _state(self) -> Mapping[str, object]:
        """What a dump begins with."""
        sources = self._sources
        standing = sources.clients.traffic().standing
        writes, rows = sources.store.waiting()
        posts, orders = sources.mail.waiting()
        channels, watchers = sources.hub.channels.counts()
        return {
            "conversations": {
                f"{dialect} {'tls' if is_tls else 'plain'}": n for (dialect, is_tls), n in standing.items()
            },
            "connections": sources.connections.standing,
            "unproven": sources.connections.unproven,
            "behind": sources.flusher.behind,
            "channels": channels,
            "watchers": watchers,
            "commands_waiting": sources.hub.wishes.waiting(),
            "store_writes_waiting": writes,
            "store_rows_waiting": rows,
            "store_busy_s": round(sources.store.figures.busy_s(), 3),
            "posts_waiting": posts,
            "orders_waiting": orders,
            "facts_held": sources.hub.intake.held(),
        }
