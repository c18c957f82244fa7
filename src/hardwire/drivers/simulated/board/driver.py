"""A simulated obniz board as a driver: it wakes only when something changes."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.board.board import Board
from hardwire.drivers.simulated.board.function import Aside, Finish, Later
from hardwire.drivers.simulated.board.hardware import HARDWARE
from hardwire.drivers.simulated.board.instants import at_us
from hardwire.drivers.simulated.board.points import board_points
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.command import Command, Done, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, DeviceError, HardwireError
from hardwire.model.fact import Event, Sample

SECOND = timedelta(seconds=1)

# Its points of the analog channels come every second, so five of silence mean that it is not there.
STALE_AFTER_S = 5.0

EVENTS_TOPIC = "events"


Sleep = Callable[[float], Awaitable[None]]
Pause = Callable[[asyncio.Event, float], Awaitable[None]]


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
            firmware=settings.firmware,
            is_virtual=True,
        )
        self.devices: tuple[Device, ...] = (board,)
        self._id = id
        self._woken = asyncio.Event()
        self._board = Board(settings, wake=self._woken.set, start=self._start)
        self._feed: Feed | None = None
        self._beside: asyncio.TaskGroup | None = None
        self._due = datetime.min.replace(tzinfo=UTC)
        """When the board changes by itself."""
        self._lag = timedelta(0)
        """How far behind the clock the board is, for commands that waited."""
        self._sleep = sleep
        self._pause = pause

    async def run(self, feed: Feed) -> None:
        """Tell what changes, at the moment it changes, until cancelled."""
        try:
            async with asyncio.TaskGroup() as beside:
                self._feed, self._beside = feed, beside
                await self._live(feed)
        finally:
            self._feed = self._beside = None

    def execute(self, device: str, command: Command) -> Reply | Coroutine[None, None, Reply]:
        """Carry out a command at once; only those that hold the board take their time."""
        feed = self._feed
        now = None if feed is None else feed.now() - self._lag
        if feed is None or now is None or self._board.is_offline(now):
            return Failed(DeviceError(f"the board {self._id!r} is offline; try again in a second", code="offline"))
        try:
            outcome = self._board.carry_out(command, now)
        except HardwireError as error:
            # What had happened before it has still to be told.
            self._woken.set()
            return Failed(error)
        if self._board.is_touched:
            self._follow(feed, now)
        if isinstance(outcome, Later):
            return self._end_later(outcome, feed, now)
        if isinstance(outcome, Aside):
            return self._end_aside(outcome, feed)
        return Done(tuple(outcome))

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Reset the board when its last client leaves, where a client asked for that."""
        if topic != EVENTS_TOPIC:
            return
        if is_watched:
            self._board.meet()
        elif self._feed is not None:
            self._board.leave(self._feed.now())
            self._woken.set()

    async def _live(self, feed: Feed) -> None:
        is_known_lost = False
        while True:
            now = feed.now()
            if not self._board.is_offline(now):
                is_known_lost = False
                feed.alive(self._id)
                self._tell(feed, now)
            elif not is_known_lost:
                is_known_lost = True
                feed.lost(self._id, self._board.why_offline)
            self._woken.clear()
            self._due = self._board.next_change(now)
            wait_s = (self._due - feed.now()).total_seconds()
            await self._pause(self._woken, max(0.0, wait_s))

    def _follow(self, feed: Feed, now: datetime) -> None:
        """Tell what a command has brought about; the answer of one that takes the board away comes before that."""
        if self._board.is_offline(now):
            self._woken.set()
            return
        self._tell(feed, now)
        if self._board.next_change(now) < self._due:
            self._woken.set()

    def _tell(self, feed: Feed, now: datetime) -> None:
        told = self._board.advance(now)
        values = self._board.changed_points(now)
        if told or values:
            at = feed.now()
            for happening in told:
                feed.publish(Event(self._id, at, happening))
            if values:
                feed.publish(Sample(self._id, at, values))

    async def _end_later(self, later: Later, feed: Feed, began: datetime) -> Reply:
        until = at_us(later.until_us)
        await self._sleep((until - began) / SECOND)
        self._lag = max(feed.now() - until, timedelta(0))
        # A loop that is late delays no command: those that waited behind this one begin in the next turn of the loop,
        # and happen when its time was over.
        turn = asyncio.get_running_loop().call_soon
        turn(turn, self._catch_up)
        return self._end(later.answers, feed)

    async def _end_aside(self, aside: Aside, feed: Feed) -> Reply:
        try:
            finish = await asyncio.to_thread(aside.work)
        except HardwireError as error:
            return Failed(error)
        return self._end(finish, feed)

    def _end(self, finish: Finish, feed: Feed) -> Reply:
        now = feed.now() - self._lag
        try:
            answers = self._board.finish(finish, now)
        except HardwireError as error:
            return Failed(error)
        self._follow(feed, now)
        return Done(tuple(answers))

    def _catch_up(self) -> None:
        self._lag = timedelta(0)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        if self._beside is None:
            work.close()
        else:
            self._beside.create_task(work, name=f"work of {self._id}")


def _unknown_hardware(name: str) -> str:
    nearest = get_close_matches(name, HARDWARE, n=1)
    advice = f"did you mean {nearest[0]!r}?" if nearest else f"choose one of {', '.join(HARDWARE)}"
    return f"no board {name!r} can be simulated; {advice}"


def make(id: str, group: str, timezone: str, settings: Settings) -> SimulatedBoard:
    """Build a simulated board. Raises BadValueError naming the setting."""
    return SimulatedBoard(id, group, timezone, settings)
