"""A power that runs in straight lines and begins anew after a while, so that its energy is exact at any moment."""

from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise

JOULES_PER_WH = 3_600


def area_above_zero(a: float, b: float, duration_s: float) -> float:
    """Return the area of a straight line from `a` to `b` above zero."""
    if a >= 0 and b >= 0:
        return (a + b) / 2 * duration_s
    if a <= 0 and b <= 0:
        return 0.0
    high, low = max(a, b), min(a, b)
    return high / 2 * duration_s * high / (high - low)


class Curve:
    """Corners in equal steps of time, the last joined to the first. Unit: W, positive when drawn."""

    def __init__(self, corners_w: Sequence[float], step_s: int) -> None:
        self._step_s = step_s
        self._corners = array("d", [*corners_w, corners_w[0]])
        pairs = list(pairwise(self._corners))
        self._drawn = array("d", accumulate((area_above_zero(a, b, step_s) for a, b in pairs), initial=0.0))
        self._fed = array("d", accumulate((area_above_zero(-a, -b, step_s) for a, b in pairs), initial=0.0))
        self._length_s = step_s * len(pairs)

    def power_w(self, seconds: float) -> float:
        """Return the power at so many seconds after the first corner."""
        step, part_s = divmod(seconds % self._length_s, self._step_s)
        a, b = self._corners[int(step)], self._corners[int(step) + 1]
        return a + (b - a) * part_s / self._step_s

    def energy_wh(self, seconds: float) -> tuple[float, float]:
        """Return what was drawn and what was fed in since the first corner. Unit: Wh."""
        rounds, within_s = divmod(seconds, self._length_s)
        step, part_s = divmod(within_s, self._step_s)
        a, b = self._corners[int(step)], self.power_w(seconds)
        drawn = rounds * self._drawn[-1] + self._drawn[int(step)] + area_above_zero(a, b, part_s)
        fed = rounds * self._fed[-1] + self._fed[int(step)] + area_above_zero(-a, -b, part_s)
        return drawn / JOULES_PER_WH, fed / JOULES_PER_WH
