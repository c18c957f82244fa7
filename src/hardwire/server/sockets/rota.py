"""Whose turn it is: clients that send more than is heard at once take turns, and share a slice of the loop's time."""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter

# How long all of them together are heard in one turn of the loop: whoever else is there gets its turn in between.
SHARE_S = 0.005


class Rota:
    """One per process. Each that waits is called once, in order; for whom no time is left comes in the next turn."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Callable[[], float] = perf_counter) -> None:
        """`clock` gives seconds; the loop's own stands still within a turn."""
        self._loop = loop
        self._clock = clock
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_due = False

    def add(self, read_on: Callable[[], None]) -> None:
        """Call this in one of the next turns. It may add itself again."""
        self._waiting.append(read_on)
        self._come_back()

    def _turn(self) -> None:
        self._is_due = False
        until = self._clock() + SHARE_S
        # Who adds itself again meanwhile waits for the next turn.
        for _ in range(len(self._waiting)):
            read_on = self._waiting.popleft()
            try:
                read_on()
            except Exception as fault:  # noqa: BLE001 (one conversation's edge: the others must have their turn)
                self._loop.call_exception_handler({"message": "a client was not heard", "exception": fault})
            if self._clock() >= until:
                break
        if self._waiting:
            self._come_back()

    def _come_back(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._turn)
