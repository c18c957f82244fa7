"""When pending lists are written."""

import asyncio
from collections.abc import Callable
from typing import Any

from hardwire.server.sockets.flusher import (
    BUSY_FRAMES_PER_S,
    BUSY_WINDOW_S,
    LOOK_S,
    LOOKS_AT_ONCE,
    RATE_WINDOW_S,
    Flusher,
)


class PaperLoop:
    """A loop whose time and turns a test moves by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.soon: list[Callable[[], None]] = []
        self.later: list[tuple[float, Callable[[], None]]] = []
        self.faults: list[dict[str, Any]] = []  # Any: as the loop's exception handler

    def time(self) -> float:
        return self.now

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> None:
        self.later.append((delay_s, callback))

    def call_exception_handler(self, context: dict[str, Any]) -> None:  # Any: as above
        self.faults.append(context)

    def turn(self) -> None:
        """Run what is due, whichever way it was asked for."""
        callbacks = [*self.soon, *(callback for _, callback in self.later)]
        self.soon, self.later = [], []
        for callback in callbacks:
            callback()


class PaperPending:
    def __init__(self, frames: int = 1) -> None:
        self.frames = frames
        self.flushes = 0

    def flush(self) -> int:
        self.flushes += 1
        return self.frames


class Breaks:
    is_aborted = False

    def flush(self) -> int:
        raise RuntimeError("the transport is gone")

    def look(self, now: float) -> bool:
        raise RuntimeError("the transport is gone")

    def abort(self) -> None:
        self.is_aborted = True


class PaperBehind:
    def __init__(self, looks: int = 1) -> None:
        self.looks = looks

    def look(self, now: float) -> bool:
        self.looks -= 1
        return self.looks > 0

    def abort(self) -> None:
        raise AssertionError("it does not break")


def flusher() -> tuple[Flusher, PaperLoop]:
    loop = PaperLoop()
    return Flusher(loop), loop  # type: ignore[arg-type]  # a loop made of paper


def test_all_lists_are_written_with_the_next_turn_in_one_go() -> None:
    flush, loop = flusher()
    sockets = [PaperPending() for _ in range(3)]
    for socket in sockets:
        flush.add(socket)
    asked = len(loop.soon)

    loop.turn()
    loop.turn()

    assert asked == 1
    assert [socket.flushes for socket in sockets] == [1, 1, 1]


def test_a_list_that_breaks_strands_no_other() -> None:
    flush, loop = flusher()
    behind = PaperPending()
    flush.add(Breaks())
    flush.add(behind)

    loop.turn()

    assert behind.flushes == 1
    assert [str(fault["exception"]) for fault in loop.faults] == ["the transport is gone"]


def test_over_the_rate_the_window_grows_to_ten_milliseconds_and_under_it_it_is_a_turn_again() -> None:
    flush, loop = flusher()
    flush.add(PaperPending(frames=int(BUSY_FRAMES_PER_S * RATE_WINDOW_S) + 1))
    loop.now += RATE_WINDOW_S
    loop.turn()
    flush.add(PaperPending())
    busy = [delay_s for delay_s, _ in loop.later]

    loop.now += RATE_WINDOW_S
    loop.turn()
    flush.add(PaperPending())

    assert busy == [BUSY_WINDOW_S]
    assert len(loop.soon) == 1
    assert loop.later == []


def test_a_short_burst_is_no_rate() -> None:
    flush, loop = flusher()
    flush.add(PaperPending(frames=BUSY_FRAMES_PER_S))
    loop.now += RATE_WINDOW_S / 2
    loop.turn()

    flush.add(PaperPending())

    assert len(loop.soon) == 1


def test_who_is_behind_is_looked_after_until_it_has_caught_up_and_then_no_more() -> None:
    flush, loop = flusher()
    short, long = PaperBehind(1), PaperBehind(3)
    flush.wait_for(short)
    flush.wait_for(long)
    timers = [len(loop.later)]

    for _ in range(4):
        assert all(delay_s == LOOK_S for delay_s, _ in loop.later)
        loop.turn()
        timers.append(len(loop.later))

    assert (short.looks, long.looks) == (0, 0)
    assert timers == [1, 1, 1, 0, 0]
    assert flush.behind == 0


def test_ever_so_many_who_are_behind_are_looked_after_in_turns() -> None:
    flush, loop = flusher()
    behind = [PaperBehind(2) for _ in range(LOOKS_AT_ONCE + 1)]
    for socket in behind:
        flush.wait_for(socket)

    loop.turn()

    assert [socket.looks for socket in behind] == [1] * LOOKS_AT_ONCE + [2]
    assert flush.behind == len(behind)


def test_one_who_breaks_while_it_is_looked_after_is_dropped_and_strands_no_other() -> None:
    flush, loop = flusher()
    broken, behind = Breaks(), PaperBehind()
    flush.wait_for(broken)
    flush.wait_for(behind)

    loop.turn()

    assert broken.is_aborted
    assert behind.looks == 0
    assert flush.behind == 0
    assert len(loop.faults) == 1


def test_each_flush_tells_how_long_it_kept_its_first_frame() -> None:
    clock = iter((1.0, 1.004, 2.0, 5.0))
    loop = PaperLoop()
    flush = Flusher(loop, clock=lambda: next(clock))  # type: ignore[arg-type]  # a loop made of paper
    for _ in range(2):
        flush.add(PaperPending(frames=3))
        flush.add(PaperPending(frames=4))
        loop.turn()

    waits = flush.waits

    assert flush.frames == 14
    assert waits.count == 2
    assert round(waits.total, 6) == 3.004


async def test_a_real_loop_writes_within_a_turn() -> None:
    flush = Flusher(asyncio.get_running_loop())
    socket = PaperPending()
    flush.add(socket)

    await asyncio.sleep(0)

    assert socket.flushes == 1
