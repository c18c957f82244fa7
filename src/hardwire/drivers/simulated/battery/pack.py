"""The cells and the inverter of a Plug-In Battery: power that ramps, charge that is bounded, energy that is counted.

Source: HomeWizard reference, section 2.8, for size and power.
"""

from datetime import datetime
from math import sqrt

from hardwire.drivers.simulated.curve import JOULES_PER_WH, area_above_zero

CAPACITY_WH = 2_470.0
MOST_W = 800.0

# 88 % of what was charged comes out again: half of the loss on the way in, half on the way out.
ONE_WAY = sqrt(0.88)

RAMP_W_PER_S = 250.0
"""An inverter goes from rest to full power in some three seconds."""

TAPER_FROM = 0.97
TAPER_TO_SHARE = 0.25
"""Nearly full cells take less and less, down to this share of the power."""

LONGEST_STEP_S = 10.0
"""What it would have done while nobody looked for longer is left out: it rested."""


class Pack:
    """One battery. Positive power charges it. Its time goes forward by `go`."""

    def __init__(
        self, state_of_charge_pct: float, now: datetime, *, imported_wh: float = 0.0, exported_wh: float = 0.0
    ) -> None:
        self._at_s = now.timestamp()
        self._stored_wh = CAPACITY_WH * min(max(state_of_charge_pct, 0.0), 100.0) / 100
        self.power_w = 0.0
        """What it draws now; negative when it gives."""
        self.imported_wh = imported_wh
        self.exported_wh = exported_wh

    @property
    def state_of_charge_pct(self) -> float:
        """How full it is, 0 to 100."""
        return 100 * self._stored_wh / CAPACITY_WH

    def go(self, now: datetime, target_w: float) -> None:
        """Strive for a power until that instant, as far as the cells allow; an earlier instant changes nothing."""
        duration_s = now.timestamp() - self._at_s
        if duration_s <= 0:
            return
        self._at_s = now.timestamp()
        if duration_s > LONGEST_STEP_S:
            self.power_w = 0.0
            return
        aim_w = self._allowed(target_w)
        begins_w = self.power_w
        ramp_s = min(duration_s, abs(aim_w - begins_w) / RAMP_W_PER_S)
        reached_w = begins_w + (RAMP_W_PER_S if aim_w > begins_w else -RAMP_W_PER_S) * ramp_s
        self.power_w = aim_w if ramp_s < duration_s else reached_w
        rest_s = duration_s - ramp_s
        taken = area_above_zero(begins_w, self.power_w, ramp_s) + max(0.0, self.power_w) * rest_s
        given = area_above_zero(-begins_w, -self.power_w, ramp_s) + max(0.0, -self.power_w) * rest_s
        self._flow(taken / JOULES_PER_WH, given / JOULES_PER_WH)

    def _allowed(self, target_w: float) -> float:
        if target_w <= 0:
            return max(-MOST_W, target_w) if self._stored_wh > 0 else 0.0
        share = self._stored_wh / CAPACITY_WH
        if share >= 1:
            return 0.0
        taper = min(1.0, 1 - (1 - TAPER_TO_SHARE) * (share - TAPER_FROM) / (1 - TAPER_FROM))
        return min(target_w, MOST_W * taper)

    def _flow(self, taken_wh: float, given_wh: float) -> None:
        """Move energy through the cells; what they cannot take or give never flowed, and the inverter stops."""
        stored = self._stored_wh + taken_wh * ONE_WAY - given_wh / ONE_WAY
        if stored > CAPACITY_WH:
            taken_wh -= (stored - CAPACITY_WH) / ONE_WAY
            stored, self.power_w = CAPACITY_WH, 0.0
        elif stored < 0:
            given_wh += stored * ONE_WAY
            stored, self.power_w = 0.0, 0.0
        self._stored_wh = stored
        self.imported_wh += taken_wh
        self.exported_wh += given_wh


def cycles(imported_wh: float) -> int:
    """Return how often a battery that has taken so much was charged, in whole capacities."""
    return int(imported_wh * ONE_WAY / CAPACITY_WH)
