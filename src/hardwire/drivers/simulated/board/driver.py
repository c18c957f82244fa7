"""A simulated obniz board as a driver: it wakes only when something changes."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from difflib import get_close_matches

from msgspec import Struct

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.board.board import Board
from hardwire.drivers.simulated.board.hardware import FIRMWARE, HARDWARE
from hardwire.drivers.simulated.board.points import board_points
from hardwire.model.board.switch import ReadSwitch
from hardwire.model.board.system import PingBoard, Reboot, Wait
from hardwire.model.command import Command, Done, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, DeviceError, HardwireError
from hardwire.model.fact import Event, Sample

# Its points of the analog channels come every second, so five of silence mean that it is not there.
STALE_AFTER_S = 5.0

# 16 bits on the wire (obniz reference, section 6.3, system function 4).
WAIT_LIMIT_MS = 65_535

EVENTS_TOPIC = "events"

# What changes nothing on the board and is asked often.
QUESTIONS = (PingBoard, ReadSwitch)

Sleep = Callable[[float], Awaitable[None]]
Pause = Callable[[asyncio.Event, float], Awaitable[None]]


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="board", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "board"`."""

    hardware: str = "obnizb1"
    """Which board it is: `obnizb1` or `obnizb2`."""


async def pause_until(woken: asyncio.Event, seconds: float) -> None:
    """Return when the event is set or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        pass


class SimulatedBoard:
    """A board that lives as long as its task runs."""

    def __init__(
        self,
        id: str,
        group: str,
        timezone: str,
        settings: Settings,
        *,
        sleep: Sleep = asyncio.sleep,
        pause: Pause = pause_until,
    ) -> None:
        """`sleep` and `pause` are how it waits: for a command to be over, and for the next change.

        Raises:
            BadValueError: no such hardware.
        """
        hardware = HARDWARE.get(settings.hardware)
        if hardware is None:
            raise BadValueError(_unknown_hardware(settings.hardware), path="hardware")
        board = Device(
            id=id,
            kind="board",
            group=group,
            timezone=timezone,
            points=board_points(hardware),
            stale_after_s=STALE_AFTER_S,
            profile=settings.hardware,
            firmware=FIRMWARE,
            is_virtual=True,
        )
        self.devices: tuple[Device, ...] = (board,)
        self._id = id
        self._board = Board(hardware)
        self._feed: Feed | None = None
        self._woken = asyncio.Event()
        self._due = datetime.min.replace(tzinfo=UTC)
        """When the board changes by itself."""
        self._sleep = sleep
        self._pause = pause

    async def run(self, feed: Feed) -> None:
        """Tell what changes, at the moment it changes, until cancelled."""
        self._feed = feed
        is_known_lost = False
        try:
            while True:
                now = feed.now()
                if not self._board.is_offline(now):
                    is_known_lost = False
                    feed.alive(self._id)
                    self._tell(feed, now)
                elif not is_known_lost:
                    is_known_lost = True
                    feed.lost(self._id, "the board reboots")
                self._woken.clear()
                self._due = self._board.next_change(now)
                wait_s = (self._due - feed.now()).total_seconds()
                await self._pause(self._woken, max(0.0, wait_s))
        finally:
            self._feed = None

    def execute(self, device: str, command: Command) -> Reply | Coroutine[None, None, Reply]:
        """Carry out a command at once; only `Wait` takes its time."""
        feed = self._feed
        now = None if feed is None else feed.now()
        if feed is None or now is None or self._board.is_offline(now):
            return Failed(DeviceError(f"the board {self._id!r} is offline; try again in a second", code="offline"))
        if isinstance(command, Wait):
            return self._wait(command)
        is_question = isinstance(command, QUESTIONS)
        if not is_question and now >= self._due:
            # What had happened before the command is told before what it brings about.
            self._tell(feed, now)
        try:
            answers = self._board.carry_out(command, now)
        except HardwireError as error:
            return Failed(error)
        if not is_question:
            if not isinstance(command, Reboot):
                self._tell(feed, now)
            self._woken.set()
        return Done(tuple(answers))

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Reset the board when its last client leaves, where a client asked for that."""
        if topic != EVENTS_TOPIC:
            return
        if is_watched:
            self._board.meet()
        else:
            self._board.leave()
            self._woken.set()

    def _tell(self, feed: Feed, now: datetime) -> None:
        for happening in self._board.advance(now):
            feed.publish(Event(self._id, now, happening))
        values = self._board.changed_points(now)
        if values:
            feed.publish(Sample(self._id, now, values))

    async def _wait(self, command: Wait) -> Reply:
        if not 0 <= command.duration_ms <= WAIT_LIMIT_MS:
            return Failed(BadValueError(f"a board waits 0 to {WAIT_LIMIT_MS} ms", path="duration_ms"))
        await self._sleep(command.duration_ms / 1_000)
        return Done()


def _unknown_hardware(name: str) -> str:
    nearest = get_close_matches(name, HARDWARE, n=1)
    advice = f"did you mean {nearest[0]!r}?" if nearest else f"choose one of {', '.join(HARDWARE)}"
    return f"no board {name!r} can be simulated; {advice}"


def make(id: str, group: str, timezone: str, settings: Settings) -> SimulatedBoard:
    """Build a simulated board. Raises BadValueError naming the setting."""
    return SimulatedBoard(id, group, timezone, settings)
