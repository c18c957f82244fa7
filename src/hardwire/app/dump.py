"""What the hub is doing just now, written to its log when its owner sends SIGUSR1."""

import asyncio
import faulthandler
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import FrameType

import structlog

# Tasks are looked at so many in a turn: a hub with ten thousand clients works on meanwhile.
TASKS_PER_TURN = 200
# What is told of them, the most frequent first.
PLACES = 60
NAMES_PER_PLACE = 3
FRAMES = 12
THREADS = 40
# A loop that has not begun by then is stuck: its threads are shown all the same.
STUCK_AFTER_S = 3.0

State = Callable[[], Mapping[str, object]]
"""Figures that are told first: plain numbers, read at once."""

log = structlog.get_logger("hardwire")


class Dump:
    """Answers SIGUSR1. It reads only, and never ends the hub."""

    def __init__(self, loop: asyncio.AbstractEventLoop, state: State, *, has_watchdog: bool = True) -> None:
        """`state` tells figures.

        `has_watchdog`: show the threads of a hub whose loop is stuck, on standard error, as Python itself writes them.
        """
        self._state = state
        self._loop = loop
        self._has_watchdog = has_watchdog
        self._running: asyncio.Task[None] | None = None

    def listen(self) -> Callable[[], None]:
        """Answer the signal from now on; call what is returned to stop."""
        if threading.current_thread() is not threading.main_thread():
            return lambda: None
        before = signal.signal(signal.SIGUSR1, self._asked)

        def stop() -> None:
            signal.signal(signal.SIGUSR1, before)
            faulthandler.cancel_dump_traceback_later()

        return stop

    def _asked(self, number: int, frame: FrameType | None) -> None:
        # Python calls this between any two steps of whatever runs: the log may be half-way through a line just then.
        if self._has_watchdog:
            faulthandler.dump_traceback_later(STUCK_AFTER_S, exit=False, file=sys.__stderr__ or sys.stderr)
        self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        if self._has_watchdog:
            faulthandler.cancel_dump_traceback_later()
        # Whoever asks again while it is told is answered by what is told.
        if self._running is None or self._running.done():
            self._running = self._loop.create_task(self.tell(), name="dump")

    async def tell(self) -> None:
        """Write it down."""
        try:
            log.warning("dump: figures", **self._state())
            await self._tell_tasks()
            for name, stack in _threads():
                log.warning("dump: thread", thread=name, stack=stack)
            log.warning("dump: end")
        except Exception as fault:
            # An edge: a dump that fails may cost nothing but itself.
            log.error("the dump failed", exc_info=fault)

    async def _tell_tasks(self) -> None:
        places: Counter[str] = Counter()
        names: dict[str, list[str]] = {}
        tasks = asyncio.all_tasks(self._loop)
        for number, task in enumerate(tasks, 1):
            if number % TASKS_PER_TURN == 0:
                await asyncio.sleep(0)
            place = _place(task)
            places[place] += 1
            if places[place] <= NAMES_PER_PLACE:
                names.setdefault(place, []).append(task.get_name())
        log.warning("dump: tasks", count=len(tasks), places=len(places))
        for place, count in places.most_common(PLACES):
            log.warning("dump: task", count=count, names=", ".join(names[place]), waits=place)
        if len(places) > PLACES:
            log.warning("dump: more tasks", places=len(places) - PLACES)


def _place(task: "asyncio.Task[object]") -> str:
    """Where a task waits: its frames from the outermost to where it stands."""
    frames: list[str] = []
    awaited: object = task.get_coro()
    while awaited is not None and len(frames) < FRAMES:
        frame: FrameType | None = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if frame is None:
            break
        frames.append(_shown(frame))
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
    return " > ".join(frames) or "done"


def _threads() -> Iterable[tuple[str, str]]:
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    for ident, frame in list(sys._current_frames().items())[:THREADS]:
        summary = traceback.extract_stack(frame, limit=FRAMES)
        stack = " > ".join(f"{_short(one.filename)}:{one.lineno} {one.name}" for one in summary)
        yield names.get(ident, str(ident)), stack


def _shown(frame: FrameType) -> str:
    return f"{_short(frame.f_code.co_filename)}:{frame.f_lineno} {frame.f_code.co_qualname}"


def _short(path: str) -> str:
    """A file without the folders in which Python keeps it."""
    for mark in ("/site-packages/", "/src/"):
        if mark in path:
            return path.rpartition(mark)[2]
    return "/".join(path.split("/")[-2:])
