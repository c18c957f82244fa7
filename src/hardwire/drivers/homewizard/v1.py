"""The v1 API of a device: polled over plain HTTP, without a token.

Source: HomeWizard reference, section 4.
"""

import asyncio
from collections.abc import Mapping

from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.drivers.homewizard.calls import Calls
from hardwire.drivers.homewizard.freshness import Freshness
from hardwire.drivers.homewizard.link import checked, has_telegram, meet, telegram_of, told_odd
from hardwire.drivers.homewizard.measurement_v1 import measurement_v1_of, network_v1_of
from hardwire.drivers.homewizard.pace import Pace
from hardwire.drivers.homewizard.settings import Settings
from hardwire.drivers.homewizard.settings_told import socket_state, system_settings
from hardwire.drivers.homewizard.teller import Teller
from hardwire.drivers.homewizard.wire import Table
from hardwire.drivers.homewizard.writes import V1

STATE = "/api/v1/state"
SYSTEM = "/api/v1/system"


class V1Link:
    """One connection over the v1 API: one request after the other."""

    paths: Mapping[str, Mapping[str, str]] = V1
    identify = "/api/v1/identify"
    reboot = ""

    def __init__(self, calls: Calls, teller: Teller, freshness: Freshness, settings: Settings, pace: Pace) -> None:
        self._calls = calls
        self._teller = teller
        self._freshness = freshness
        self._settings = settings
        self._pace = pace
        self._telegram: str | None = None
        self.is_open = False

    async def run(self) -> None:
        """Poll until a request fails."""
        await meet(self._calls, self._teller, self._settings.identifier)
        self.is_open = True
        loop = asyncio.get_running_loop()
        product = CATALOGUE.get(self._teller.product_type)
        # Path -> how often. What a product does not have is asked for once.
        due = {SYSTEM: self._pace.settings_every_s}
        if product is None or product.has_state:
            due[STATE] = self._pace.state_every_s
        if self._settings.telegram_interval_s and has_telegram(self._teller.product_type):
            due["/api/v1/telegram"] = self._settings.telegram_interval_s
        next_at = dict.fromkeys(due, loop.time())
        poll_at = loop.time()
        while True:
            for path in [path for path, at in next_at.items() if at <= loop.time()]:
                next_at[path] = loop.time() + due[path]
                if not await self._ask(path):
                    del next_at[path]
            await self._measure()
            # A device that is slower than the interval is asked as fast as it answers, not in bursts.
            poll_at = max(poll_at + self._settings.poll_interval_s, loop.time())
            await asyncio.sleep(poll_at - loop.time())

    async def written(self, path: str, answer: Table) -> None:
        """Ask for all that is set at a path: the answer to a write has what was sent alone, and a lock turns on."""
        self._tell(path, answer)
        await self._ask(path)

    async def _measure(self) -> None:
        answer = await self._calls.get("/api/v1/data")
        if answer.status == 503:
            self._teller.answered_stale()
            return
        read = checked(answer)
        told, odd = measurement_v1_of(read, self._teller.product_type)
        told_odd(self._teller, odd)
        self._teller.ride_along(network_v1_of(read))
        is_change = self._freshness.is_change(told)
        # A P1 meter repeats its last telegram for ever when the cable is out; others measure at the moment of asking.
        if not told.is_empty and (is_change or not has_telegram(self._teller.product_type)):
            self._teller.measured(told)

    async def _ask(self, path: str) -> bool:
        """Ask for what is told beside the measurements; return False where the device has no such path."""
        answer = await self._calls.get(path)
        if answer.status in (404, 405):
            return False
        if path in (SYSTEM, STATE):
            self._tell(path, checked(answer))
        elif (telegram := telegram_of(answer, self._teller)) is not None and telegram != self._telegram:
            # A telegram has the meter's clock in it: a new one shows life, though all may measure the same.
            if self._telegram is not None:
                self._teller.alive()
            self._telegram = telegram
            self._teller.ride_along({"telegram": telegram})
        return True

    def _tell(self, path: str, read: Table) -> None:
        self._teller.told(socket_state(read) if path == STATE else system_settings(read))
