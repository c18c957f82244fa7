"""What outlives a restart of a simulated device: its state, with a mark ahead of each register, which it never passes.

The marks are on the disk. After a kill a register resumes at its mark, which is ahead of all that it has ever shown.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from hardwire.contracts.driver import Feed
from hardwire.model.errors import HardwireError
from hardwire.model.value import Value

# SD cards wear out by being written to: a device that works hard all the time writes no more often than that.
KEPT_EVERY_S = 600.0

SLOW_DISK_S = 60.0
"""How much longer a register may count while the disk takes its time; then it stands still."""

TRIED_AGAIN_AFTER_S = 10.0


class State(Struct, frozen=True, kw_only=True):
    """What is to be kept of a device at one instant, by different names."""

    counted_wh: Mapping[str, float]
    most_w: float
    """How fast any of that can grow."""
    measured: Mapping[str, Value] = {}
    """What changes all the time: it may be some minutes old after a kill."""
    unkept: Mapping[str, Value] = {}
    """What is otherwise on the disk, and has to be kept soon."""


class Keeping:
    """Keeps one device's state as it changes. `turn` is held by whoever keeps values of the device."""

    def __init__(self, device: str, state: Callable[[], State | None]) -> None:
        """`state` gives what is to be kept now; None: there is nothing yet."""
        self._device = device
        self._state = state
        self._marks_wh: dict[str, float] = {}
        self._kept: State | None = None
        self._tried_at: datetime | None = None
        self._due = asyncio.Event()
        self.turn = asyncio.Lock()

    def begin(self, counted_wh: Mapping[str, float]) -> None:
        """Take up registers that have counted so much: what the disk has, or would have after a very first start."""
        self._marks_wh = dict(counted_wh)

    def shown_wh(self, name: str, counted_wh: float) -> float:
        """Return what a register may show that has counted so much."""
        return min(counted_wh, self._marks_wh[name])

    def look(self, second: datetime) -> None:
        """Look, once a second, whether it is time to keep the state."""
        state = self._state()
        if state is None:
            return
        waited_s = float("inf") if self._tried_at is None else (second - self._tried_at).total_seconds()
        # A clock that was put back is no reason to wait for hours.
        if 0 <= waited_s < TRIED_AGAIN_AFTER_S:
            return
        is_old = state != self._kept and not 0 <= waited_s < KEPT_EVERY_S
        if is_old or self._must_be_kept(state):
            self._tried_at = second
            self._due.set()

    async def during(self, life: Coroutine[Any, Any, None], feed: Feed) -> None:  # Any: a coroutine's other ends
        """Let the device live until it is cancelled; keep its state when it is due, and as it is at an orderly end."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._go_on(feed), name=f"keeping of {self._device}")
                await life
        except ExceptionGroup as group:
            # The sentence of what failed is shown to people.
            raise group.exceptions[0] from group
        finally:
            await self._keep(feed, ahead_s=0.0)

    def _must_be_kept(self, state: State) -> bool:
        if self._kept is None or state.unkept:
            return True
        soon_wh = state.most_w * SLOW_DISK_S / 3_600
        return any(wh + soon_wh > self._marks_wh[name] for name, wh in state.counted_wh.items())

    async def _go_on(self, feed: Feed) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            await self._keep(feed, ahead_s=KEPT_EVERY_S + SLOW_DISK_S)

    async def _keep(self, feed: Feed, *, ahead_s: float) -> None:
        async with self.turn:
            state = self._state()
            if state is None:
                return
            ahead_wh = state.most_w * ahead_s / 3_600
            marks_wh = {name: wh + ahead_wh for name, wh in state.counted_wh.items()}
            # Either is on the disk until the write has come back.
            self._marks_wh = {name: min(wh, self._marks_wh[name]) for name, wh in marks_wh.items()}
            try:
                await feed.keep(self._device, {**marks_wh, **state.measured, **state.unkept})
            except HardwireError as error:
                feed.trouble(self._device, "not-kept", error.message)
            else:
                self._marks_wh, self._kept = marks_wh, state


def number_kept(kept: Mapping[str, Value], name: str, otherwise: float) -> float:
    """Return a number that was kept; another one where there is none."""
    value = kept.get(name)
    return otherwise if value is None or isinstance(value, bool | str | tuple) else float(value)
