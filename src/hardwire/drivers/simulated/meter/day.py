"""What a simulated house draws and what its roof gives over one day, with the energy of every moment of it."""

from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from math import cos, pi, sin, sqrt

from msgspec import Struct

from hardwire.drivers.simulated.curve import JOULES_PER_WH, area_above_zero
from hardwire.drivers.simulated.house_time import DAY_S

STEP_S = 20
"""Between two steps power runs in a straight line, so that its integral is exact."""

FRIDGE_PERIOD_S = 2_700
FRIDGE_ON_S = 900
KETTLE_FROM_S = (7 * 3_600 + 600, 10 * 3_600 + 1_800, 15 * 3_600, 20 * 3_600 + 900)
KETTLE_ON_S = 200
COOKING_FROM_S, COOKING_TO_S = 18 * 3_600, 18 * 3_600 + 2_700
WASHING_FROM_S, WASHING_TO_S = 9 * 3_600, 9 * 3_600 + 5_400

SUN_RISES_S, SUN_SETS_S = 6 * 3_600, 19 * 3_600
SKIES = (1.0, 0.35, 0.8, 0.15, 0.95, 0.6, 0.25)
"""How much of a clear day's sun each day of the cycle has."""


class Phases(Struct, frozen=True):
    """Power per phase. Unit: W, positive when drawn from the grid."""

    l1: float
    l2: float
    l3: float

    @property
    def net(self) -> float:
        """The three together, as the meter's registers count them."""
        return self.l1 + self.l2 + self.l3

    def plus(self, other: "Phases") -> "Phases":
        """Return what flows where both are connected."""
        return Phases(self.l1 + other.l1, self.l2 + other.l2, self.l3 + other.l3)


def load_w(second: int) -> Phases:
    """Return what the house draws at that second of the day, the sun left out."""
    standby = 95 + 25 * ((second * 7_919) % 61) / 61
    fridge = 85 if second % FRIDGE_PERIOD_S < FRIDGE_ON_S else 0
    kettle = 1_950 if any(start <= second < start + KETTLE_ON_S for start in KETTLE_FROM_S) else 0
    evening = 260 * _hump(second, 17 * 3_600, DAY_S)
    # A hob is switched by its thermostat, not dimmed.
    hob = 1_700 if COOKING_FROM_S <= second < COOKING_TO_S and second % 120 < 80 else 0
    washing = 0.0
    if WASHING_FROM_S <= second < WASHING_TO_S:
        washing = 2_050 if second - WASHING_FROM_S < 1_200 else 180 + 90 * cos(2 * pi * second / 240)
    return Phases(standby + fridge + kettle, 45 + evening + hob, 60 + washing)


def sun_w(second: int, peak_w: float) -> float:
    """Return what the roof gives under a clear sky at that second of the day."""
    height = _hump(second, SUN_RISES_S, SUN_SETS_S)
    return peak_w * height * sqrt(height)


def _hump(second: int, start: int, end: int) -> float:
    if not start < second < end:
        return 0.0
    return sin(pi * (second - start) / (end - start))


class EnergyDay:
    """One day under one sky: power and energy at any second of it. What all skies have in common is shared."""

    def __init__(self, loads: Sequence[Phases], sun: Sequence[float], sky: float) -> None:
        self._loads = loads
        self._sun = sun
        self._sky = sky
        nets = [load.l1 + load.l2 + (load.l3 - sky * given) for load, given in zip(loads, sun, strict=True)]
        drawn, fed = array("d", (0.0,)), array("d", (0.0,))
        drawn_j = fed_j = 0.0
        # Thirty thousand steps while the hub starts: most of them stay on one side of zero, and cost no call.
        for a, b in pairwise(nets):
            if a >= 0 and b >= 0:
                drawn_j += (a + b) / 2 * STEP_S
            elif a <= 0 and b <= 0:
                fed_j -= (a + b) / 2 * STEP_S
            else:
                drawn_j += area_above_zero(a, b, STEP_S)
                fed_j += area_above_zero(-a, -b, STEP_S)
            drawn.append(drawn_j)
            fed.append(fed_j)
        self._drawn = drawn
        self._fed = fed

    def power(self, second: float) -> Phases:
        """Return the power at that second, 0 to 86400."""
        step, part = self._place(second)
        a, b = self._phases(step), self._phases(step + 1)
        share = part / STEP_S
        return Phases(a.l1 + (b.l1 - a.l1) * share, a.l2 + (b.l2 - a.l2) * share, a.l3 + (b.l3 - a.l3) * share)

    def energy_wh(self, second: float) -> tuple[float, float]:
        """Return what was drawn from and fed into the grid since the day began. Unit: Wh."""
        step, part = self._place(second)
        a, b = self._phases(step).net, self.power(second).net
        drawn = self._drawn[step] + area_above_zero(a, b, part)
        fed = self._fed[step] + area_above_zero(-a, -b, part)
        return drawn / JOULES_PER_WH, fed / JOULES_PER_WH

    def _place(self, second: float) -> tuple[int, float]:
        step = min(int(second // STEP_S), len(self._loads) - 2)
        return step, second - step * STEP_S

    def _phases(self, step: int) -> Phases:
        load = self._loads[step]
        return Phases(load.l1, load.l2, load.l3 - self._sky * self._sun[step])


class EnergyCycle:
    """Days of changing sky, one after another for ever: energy since the first of them."""

    def __init__(self, peak_w: float) -> None:
        seconds = [second % DAY_S for second in range(0, DAY_S + STEP_S, STEP_S)]
        loads = [load_w(second) for second in seconds]
        sun = [sun_w(second, peak_w) for second in seconds]
        self._days = [EnergyDay(loads, sun, sky) for sky in SKIES]
        ends = [day.energy_wh(DAY_S) for day in self._days]
        self._drawn = [0.0, *accumulate(drawn for drawn, _ in ends)]
        self._fed = [0.0, *accumulate(fed for _, fed in ends)]

    def power(self, seconds: float) -> Phases:
        """Return the power at so many seconds after the first day began."""
        day, second = divmod(seconds, DAY_S)
        return self._days[int(day) % len(SKIES)].power(second)

    def energy_wh(self, seconds: float) -> tuple[float, float]:
        """Return what was drawn and fed in since the first day began. Unit: Wh."""
        day, second = divmod(seconds, DAY_S)
        rounds, at = divmod(int(day), len(SKIES))
        drawn, fed = self._days[at].energy_wh(second)
        return rounds * self._drawn[-1] + self._drawn[at] + drawn, rounds * self._fed[-1] + self._fed[at] + fed


@lru_cache(maxsize=8)
def energy_cycle(peak_w: float) -> EnergyCycle:
    """Return the cycle for a roof of that size; building one takes some 30 ms, so that houses share it."""
    return EnergyCycle(peak_w)


GAS_STEP_S = 300
GAS_HOURS = ((6.0, 8.5, 0.9), (12.0, 12.5, 0.2), (17.0, 22.0, 0.7))
"""When the boiler burns: from hour, to hour, m3 an hour."""


def gas_m3(seconds: float) -> float:
    """Return the gas burnt since the first day began, as the last five-minute reading has it."""
    day, second = divmod(seconds // GAS_STEP_S * GAS_STEP_S, DAY_S)
    hour = second / 3_600
    daily = sum((end - start) * rate for start, end, rate in GAS_HOURS)
    today = sum(max(0.0, min(hour, end) - start) * rate for start, end, rate in GAS_HOURS)
    return day * daily + today
