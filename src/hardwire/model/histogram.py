"""How often a measured number fell between which bounds: plain numbers, counted in no time, read when somebody asks."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

# From a tenth of a millisecond, in which a hub answers, to what nobody waits for any more.
SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds that fit most times that a hub measures."""


class Histogram:
    """Counts of observations by bounds that never change. Observing allocates nothing and may not fail."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        """`bounds` ascend; an observation equal to one counts below it, as Prometheus has it (`le`)."""
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        """How many fell below each bound and above the one before; the last count is of those above all."""
        self.total = 0.0
        """The sum of what was observed."""

    def observe(self, measured: float) -> None:
        """Count one observation."""
        self.counts[bisect_left(self.bounds, measured)] += 1
        self.total += measured

    @property
    def count(self) -> int:
        """How many observations there were."""
        return sum(self.counts)

    def cumulative(self) -> Sequence[int]:
        """Return how many lay at or below each bound, then how many there were in all."""
        return tuple(accumulate(self.counts))
