"""A driver that tells as much as it is asked for: `{"burst": 3000}` makes its device tell so many numbered messages.

Found by a hub as any driver from outside is, by an entry point. Each message tells when it was published, in seconds of
CLOCK_MONOTONIC, and its number, from 0 in each burst.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import Literal

from msgspec import Struct

from bench.devices.meters import NUMBERS, TEXTS
from bench.devices.meters import POINTS as METER_POINTS
from hardwire.contracts.driver import DriverPart, Feed
from hardwire.model.board.uart import UartReceived
from hardwire.model.command import Command, Done, Failed, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import CallerError
from hardwire.model.fact import Event, Fact, Log, LogRow, Sample
from hardwire.model.point import Point

NAME = "hose"
BURST = Point(name="burst", writable=True)
NUMBER, STAMP = "power_w", "energy_import_kwh"
"""Where a meter's measurement tells them; a logger's first two fields and a board's first bytes do in their place."""
FILL = tuple(f"fill{number}" for number in range(60))
FIELDS = (NUMBER, STAMP, *FILL)
PIECE_BYTES = 1_500
TURN_S = 0.002
LATE_S = 0.02


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What it is, and how fast it tells."""

    kind: Literal["meter", "unit", "board"]
    per_s: int


class Hose:
    """One device."""

    def __init__(self, id: str, group: str, settings: Settings) -> None:
        self._id = id
        self._settings = settings
        self._asked: asyncio.Queue[int] = asyncio.Queue()
        tell, points = TOLD[settings.kind]
        self._tell = tell
        self.devices: tuple[Device, ...] = (
            Device(
                id=id,
                kind=settings.kind,
                group=group,
                profile={"meter": "HWE-P1", "board": "obnizb1"}.get(settings.kind, ""),
                points=(*points, BURST),
                stale_after_s=600.0,
                firmware={"unit": "22010101", "board": "7.1.0"}.get(settings.kind, ""),
                is_virtual=True,
                log="self" if settings.kind == "unit" else "",
            ),
        )

    async def run(self, feed: Feed) -> None:
        """Tell what is asked for, evenly over time."""
        feed.alive(self._id)
        feed.publish(self._tell(self._id, feed.now(), 0))
        while True:
            left = await self._asked.get()
            due = monotonic()
            for number in range(left):
                if (early_s := due - monotonic()) > 0:
                    await asyncio.sleep(max(early_s, TURN_S))
                feed.publish(self._tell(self._id, feed.now(), number))
                # What a stall has kept back is not told in one burst: that would make everybody slow.
                due = max(due, monotonic() - LATE_S) + 1 / self._settings.per_s

    def execute(self, device: str, command: Command) -> Reply:
        """Begin a burst."""
        match command:
            case WritePoints(values) if isinstance(count := values.get(BURST.name), int):
                self._asked.put_nowait(count)
                return Done()
        return Failed(CallerError("only `burst` is written here", code="unsupported"))

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """It tells what it is asked for, watched or not."""


def _telegram(id: str, at: datetime, number: int) -> Fact:
    return Sample(id, at, {**TEXTS, **NUMBERS, NUMBER: number, STAMP: monotonic()})


def _row(id: str, at: datetime, number: int) -> Fact:
    return LogRow(id, at, Log.FAST, {NUMBER: number, STAMP: monotonic(), **dict.fromkeys(FILL, 123456789.012345)})


def _piece(id: str, at: datetime, number: int) -> Fact:
    # Two decimal texts, so that a reader needs no more than these bytes.
    head = f"{number:08d}{monotonic():016.3f}".encode()
    return Event(id, at, UartReceived(0, head.ljust(PIECE_BYTES, b"x")))


TOLD: Mapping[str, tuple[Callable[[str, datetime, int], Fact], tuple[Point, ...]]] = {
    "meter": (_telegram, METER_POINTS),
    "unit": (
        _row,
        tuple(Point(name=name, decimals=3 if name == STAMP else 0, log_interval_s=1) for name in FIELDS),
    ),
    "board": (_piece, ()),
}


def make(id: str, group: str, timezone: str, settings: Settings) -> Hose:
    """Build one."""
    return Hose(id, group, settings)


PART = DriverPart(name=NAME, settings=Settings, make=make)
