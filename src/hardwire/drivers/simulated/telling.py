"""How a simulated device lives: it tells its values once a second, and is away for a while when it starts anew."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from zlib import crc32

from hardwire.contracts.driver import Feed
from hardwire.model.command import Command, Done, Identify, Reboot
from hardwire.model.value import Value

INTERVAL = timedelta(seconds=1)

# Many devices that all spoke on the full second would make one burst of it: each has a moment of its own after it.
SPREAD_MS = 900

# Readers take a meter that has been silent for half a minute as gone (HomeWizard reference, section 7, pitfall 3).
STALE_AFTER_S = 30.0

REBOOT_LASTS = timedelta(seconds=5)
TICK = timedelta(milliseconds=1)
"""The finest step of time that the hub keeps."""

PRESENCE = ("wifi_ssid", "wifi_rssi_db", "uptime_s")
"""The points of `Telling.presence`."""

Sleep = Callable[[float], Awaitable[None]]
Tell = Callable[[Feed, datetime], None]


class Telling:
    """One device's rhythm. Its samples bear whole seconds, however late within the second they are told."""

    def __init__(self, device: str, tell: Tell, sleep: Sleep = asyncio.sleep) -> None:
        """`tell` publishes the device's values of the whole second that it is given."""
        self._tell = tell
        self._sleep = sleep
        number = crc32(device.encode())
        self._spread = timedelta(milliseconds=number % SPREAD_MS)
        self._signal_db = -48 - number % 20
        self._began: datetime | None = None
        self._away_until: datetime | None = None

    async def run(self, feed: Feed) -> None:
        """Tell the values of every second until cancelled."""
        told: datetime | None = None
        self._began = self._began or feed.now()
        while True:
            second = self.second(feed.now())
            # A timer may ring a little early.
            if second != told and not self._is_away(feed.now()):
                told = second
                self._tell(feed, second)
            await self._sleep(max(0.0, (second + INTERVAL + self._spread - feed.now()).total_seconds()))

    def second(self, now: datetime) -> datetime:
        """Return the whole second whose values are due at that instant."""
        return (now - self._spread).replace(microsecond=0)

    def execute(self, command: Command, now: datetime) -> Done | None:
        """Carry out what every device can: show itself, start anew. None: the command is none of these."""
        match command:
            case Identify():
                return Done()
            case Reboot():
                self._away_until = self._began = now + REBOOT_LASTS
                return Done()
            case _:
                return None

    def presence(self, now: datetime) -> Mapping[str, Value]:
        """Return what the device tells of itself: its network, and for how long it has been running."""
        began = self._began or now
        return {
            "wifi_ssid": "Simulated",
            "wifi_rssi_db": self._signal_db - now.minute % 7,
            "uptime_s": max(0, int((now - began).total_seconds())),
        }

    def _is_away(self, now: datetime) -> bool:
        return self._away_until is not None and now < self._away_until


class Instants:
    """Instants for what is told out of turn: each later than the one before, so that no newer value counts as older."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def after(self, now: datetime) -> datetime:
        """Return that instant, or the first one after those that were given already."""
        self._last = now if self._last is None else max(now, self._last + TICK)
        return self._last
