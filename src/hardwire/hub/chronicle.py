"""The event log as it is written: incidents to the disk in their order, then word to whom they concern."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from hardwire.contracts.post import Post
from hardwire.hub.alarms import kept_of
from hardwire.hub.hub import Hub
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Fact, Incident

# A thermostat that flaps ten times a second fills no memory while the disk is slow.
WAITING_LIMIT_INCIDENTS = 1000
CLOSED_WITHIN_S = 5.0

# A disk that is full, or held by a backup of somebody's own, may cost no alarm: each step is tried again for an hour.
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
TRIED_FOR_S = 3600.0

T = TypeVar("T")


class Chronicle:
    """Saves the incidents of this hub's own devices.

    An alarm counts as raised on the disk only after its incident and its messages are there: a crash in between tells
    it twice, never not at all. While the disk refuses, incidents wait in their order.
    """

    def __init__(
        self,
        hub: Hub,
        letters: Callable[[int, Incident], Iterable[Post]],
        send: Callable[[Post], Awaitable[None]],
        *,
        limit: int = WAITING_LIMIT_INCIDENTS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`letters` writes what is to be posted because of an incident with that number; `send` has it posted."""
        self._hub = hub
        self._letters = letters
        self._send = send
        self._sleep = sleep
        self._waiting: asyncio.Queue[Incident] = asyncio.Queue(limit)

    def take(self, fact: Fact) -> None:
        """Take an incident of a device that this hub serves; others belong to the hub that serves theirs."""
        if not isinstance(fact, Incident) or self._hub.roster.device(fact.device) is None:
            return
        try:
            self._waiting.put_nowait(fact)
        except asyncio.QueueFull:
            self._hub.roster.trouble(fact.device, "lost-incident", "too much happened at once for the event log")

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._write(await self._waiting.get())
            self._waiting.task_done()

    async def close(self) -> None:
        """Wait until what has happened is written, as long as that may take when a hub stops."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._waiting.join(), CLOSED_WITHIN_S)

    async def _write(self, incident: Incident) -> None:
        try:
            number = await self._kept(partial(self._hub.store.incidents.save, incident))
            for letter in self._letters(number, incident):
                await self._kept(partial(self._send, letter))
            kept = kept_of(incident)
            if kept:
                await self._kept(partial(self._hub.keep, incident.device, kept))
        except Exception as fault:  # noqa: BLE001 (an edge: one incident that cannot be told may not silence the others)
            self._hub.on_fault("event log", fault)

    async def _kept(self, step: Callable[[], Awaitable[T]]) -> T:
        """Take a step, again and again while the disk refuses it. Raises HubFaultError when it did so for an hour."""
        pause_s, waited_s = FIRST_PAUSE_S, 0.0
        while True:
            try:
                return await step()
            except HubFaultError as error:
                if waited_s >= TRIED_FOR_S:
                    raise HubFaultError(f"an incident was not kept: {error.message}", code=error.code) from error
                waiting = f"an incident waits, as do those behind it: {error.message}"
                self._hub.on_fault("event log", HubFaultError(waiting, code=error.code))
            await self._sleep(pause_s)
            waited_s += pause_s
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
