"""The caretaker: once an hour it forgets what is older than its group, or the hub, keeps it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from hardwire.contracts.house import House
from hardwire.contracts.store import Store
from hardwire.model.errors import HardwireError
from hardwire.storage.recorder import Recorder

FORGET_EVERY_S = 3600.0
BEAT_EVERY_S = 10.0
# Where nothing is recorded there are still rows that somebody was promised: for so long a repeat of them is known.
LEAST_DAYS = 1

log = structlog.get_logger("hardwire.storage")


class Keeping(Struct, frozen=True, kw_only=True):
    """How many days things are kept."""

    history_days: int
    """Rows and incidents of the groups that do not say so themselves."""
    rollup_days: int
    export_days: int


class Caretaker:
    """Forgets rows, roll-ups, incidents and messages whose time is over, and lets the recorder beat."""

    def __init__(
        self, store: Store, house: House, recorder: Recorder, keeping: Keeping, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._house = house
        self._recorder = recorder
        self._keeping = keeping
        self._now = now

    async def run(self) -> None:
        """Work until cancelled: forget at once and each hour from then on, beat every ten seconds."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat())
            while True:
                try:
                    await self.forget()
                except HardwireError as error:
                    log.error("what is old was not deleted", reason=error.message)
                await asyncio.sleep(FORGET_EVERY_S)

    async def forget(self) -> None:
        """Delete what is older than it is kept. Raises HubFaultError; what was not reached goes an hour later."""
        now = self._now()
        kept: dict[int, list[str]] = {}
        for device in self._house.devices():
            group = self._house.group(device.group)
            days = None if group is None else group.history_days
            kept.setdefault(self._keeping.history_days if days is None else days, []).append(device.id)
        # What is no device any more is kept as long as the longest of them: nobody knows its group.
        await self._forget_rows(now, max([self._keeping.history_days, *kept]), None)
        for days, devices in kept.items():
            await self._forget_rows(now, days, devices)
        await self._store.forget_rollups(_before(now, self._keeping.rollup_days))
        await self._store.exports.forget(_before(now, self._keeping.export_days))

    async def _forget_rows(self, now: datetime, days: int, devices: list[str] | None) -> None:
        before = _before(now, max(days, LEAST_DAYS))
        await self._store.forget_samples(before, devices)
        await self._store.incidents.forget(before, devices)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
            self._recorder.beat()


def _before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
