"""What the hub does of its own accord: it watches for alarms, keeps the event log, carries out orders, posts."""

import asyncio
import random
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from hardwire.app.alarms import DestinationTable
from hardwire.app.letters import Letters
from hardwire.contracts.errand import Errand
from hardwire.contracts.post import Post
from hardwire.contracts.question import Order
from hardwire.hub.alarms import Alarms
from hardwire.hub.chronicle import Chronicle
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.hub.orders import Orders
from hardwire.model.errors import HardwireError
from hardwire.model.fact import Incident, Log, Sample
from hardwire.model.history import HistoryWish
from hardwire.server.post.letterbox import HttpLetterbox, host_of
from hardwire.server.post.poster import Poster

# A logger that brought its rows just before a power cut does not bring them again.
PAST = timedelta(hours=1)
PAST_ROWS = 10_000


class Correspondence:
    """Owns alarms, event log, orders and posts of one hub."""

    def __init__(self, hub: Hub, desk: Desk, destinations: Mapping[str, DestinationTable]) -> None:
        self._hub = hub
        self._letters = Letters(hub, destinations)
        self._letterbox = HttpLetterbox()
        self._poster = Poster(
            hub.store.posts,
            self._letterbox,
            key_of=self._letters.key_of,
            on_given_up=self._given_up,
            now=hub.now,
            random=random.random,
        )
        self._alarms = Alarms(hub.house, hub.now, hub.publish, hub.roster.kept)
        self._chronicle = Chronicle(hub, self._letters.of_incident, self._poster.send)
        self._orders = Orders(hub, lambda: f"ctl_{secrets.token_hex(12)}", self._acknowledge)
        self._writing: asyncio.Task[None] | None = None
        hub.house.alarms = self._alarms.standings
        for take in (self._alarms.take, self._chronicle.take, self._orders.take):
            hub.observe(take)
        desk.entrust(Order, self._orders.answer)

    async def open(self) -> None:
        """Take up what an earlier run has left, and begin. Credentials and devices are there."""
        await self._poster.recall()
        await self._orders.recall()
        await self._judge_past()
        self._writing = asyncio.get_running_loop().create_task(self._chronicle.run(), name="event log")

    def tick(self, now: datetime) -> None:
        """Do what time asks for. Called about once a second."""
        self._alarms.tick(now)
        self._orders.tick(now)

    def waiting(self) -> tuple[int, int]:
        """How many posts have not arrived yet, and how many orders were not carried out."""
        return self._poster.waiting(), self._orders.waiting()

    async def close(self) -> None:
        """Stop: what happened is written, what was promised is taken up by the next run."""
        await self._orders.close()
        await self._chronicle.close()
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._poster.close()
        await self._letterbox.close()

    async def _judge_past(self) -> None:
        """Judge what loggers have brought of late: what was on the disk when the power failed raises its alarm now.

        What was told then is not told again: an alarm judges nothing that is older than what was told of it last.
        """
        now = self._hub.now()
        for device in self._hub.roster.devices():
            if device.log != "self" or not device.alarms:
                continue
            points = tuple(dict.fromkeys(alarm.point for alarm in device.alarms))
            wish = HistoryWish(
                device=device.id, since=now - PAST, until=now, log=Log.FAST, points=points, limit=PAST_ROWS
            )
            try:
                for row in await self._hub.store.history(wish):
                    self._alarms.take(Sample(device.id, row.at, row.values))
            except HardwireError as error:
                self._hub.on_fault(device.id, error)

    async def _acknowledge(self, errand: Errand, now: datetime) -> None:
        post = self._letters.of_errand(errand, now)
        if post is not None:
            await self._poster.send(post)

    def _given_up(self, post: Post, reason: str) -> None:
        """Tell in the event log whom a message has not reached; its path and query may be secrets."""
        device = self._hub.roster.device(post.device)
        if device is not None:
            message = f"The message {post.id} to {host_of(post.url)} was given up: {reason}"
            now = self._hub.now()
            self._hub.publish(Incident(device=device.id, at=now, kind="SYSTEM", source="HUB", message=message))
