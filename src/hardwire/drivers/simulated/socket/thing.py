"""What hangs on a simulated Energy Socket: it draws power while the relay is on, and its energy is counted."""

from datetime import datetime
from math import cos, pi, sin, sqrt

WAKES_AFTER_S = 3.0
"""A thing that gets its power back stands by for so long before it works again."""

SWING_SHARE = 0.02
"""Its power sways a little below its full load, as that of anything with a motor or a thermostat does."""
SWING_PERIOD_S = 97.0

POWER_FACTOR = 0.95
REACTIVE_SHARE = sqrt(1 / POWER_FACTOR**2 - 1)

LONGEST_STEP_S = 60.0
"""What would have been drawn while nobody looked for longer is not counted."""


class Thing:
    """The thing, with the register of the socket that feeds it. Its time goes forward by `go`."""

    def __init__(
        self, load_w: float, standby_w: float, now: datetime, *, is_on: bool = True, energy_wh: float = 0.0
    ) -> None:
        self._load_w = load_w
        self._standby_w = min(standby_w, load_w)
        self._at_s = now.timestamp()
        self._works_from_s = self._at_s
        self._is_on = is_on
        self.energy_wh = energy_wh
        """All that it has drawn."""

    def go(self, now: datetime) -> None:
        """Let time pass until that instant; an earlier one changes nothing."""
        from_s, to_s = self._at_s, now.timestamp()
        if to_s <= from_s:
            return
        self._at_s = to_s
        if self._is_on and to_s - from_s <= LONGEST_STEP_S:
            begins_s = min(max(self._works_from_s, from_s), to_s)
            joules = self._standby_w * (begins_s - from_s) + self._worked(to_s) - self._worked(begins_s)
            self.energy_wh += max(0.0, joules) / 3_600

    def switch(self, now: datetime, *, is_on: bool) -> None:
        """Give it power, or take it away. The time until then counts as before."""
        self.go(now)
        if is_on and not self._is_on:
            self._works_from_s = now.timestamp() + WAKES_AFTER_S
        self._is_on = is_on

    @property
    def power_w(self) -> float:
        """What it draws now."""
        if not self._is_on:
            return 0.0
        if self._at_s < self._works_from_s:
            return self._standby_w
        return self._load_w * (1 - SWING_SHARE * (1 - sin(2 * pi * self._at_s / SWING_PERIOD_S)) / 2)

    def _worked(self, at_s: float) -> float:
        """Return the integral of its full work up to that instant, in J."""
        turn = 2 * pi * at_s / SWING_PERIOD_S
        sway = -cos(turn) * SWING_PERIOD_S / (2 * pi)
        return self._load_w * ((1 - SWING_SHARE / 2) * at_s + SWING_SHARE / 2 * sway)
