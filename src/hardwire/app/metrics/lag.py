"""How late the event loop is: what a client waits for when somebody else's work takes long."""

import asyncio
from collections.abc import Callable, Iterable
from time import perf_counter

from hardwire.app.metrics.family import Family, gauge, histogram
from hardwire.model.histogram import Histogram

EVERY_S = 0.25


class Lag:
    """Sleeps again and again, and sees how much later than wanted it wakes up."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.seen = Histogram()
        """Seconds by which the loop was late."""
        self.worst_s = 0.0
        """The longest since somebody last asked."""
        self._clock = clock

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            began_s = self._clock()
            await asyncio.sleep(EVERY_S)
            self.note(self._clock() - began_s)

    def note(self, slept_s: float) -> None:
        """Take how long a sleep of `EVERY_S` has lasted."""
        late_s = max(0.0, slept_s - EVERY_S)
        self.seen.observe(late_s)
        self.worst_s = max(self.worst_s, late_s)

    def families(self) -> Iterable[Family]:
        """Tell it; the worst begins anew."""
        worst_s, self.worst_s = self.worst_s, 0.0
        yield histogram(
            "hardwire_event_loop_lag_seconds",
            "By how much the event loop was late, looked at four times a second.",
            self.seen,
        )
        yield gauge(
            "hardwire_event_loop_lag_worst_seconds",
            "The most by which the event loop was late since the scrape before.",
            worst_s,
        )
