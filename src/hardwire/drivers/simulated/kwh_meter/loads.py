"""What a simulated kWh meter measures, over a week: the power of each load for every watt of its size."""

from enum import Enum
from functools import lru_cache
from math import cos, pi

from hardwire.drivers.simulated.curve import Curve
from hardwire.drivers.simulated.house_time import DAY_S
from hardwire.drivers.simulated.meter.day import SKIES, sun_w

DAYS = len(SKIES)
"""Of the cycle; the first one is a Monday."""

HOUR_S = 3_600
STEP_S = 60
RAMP_S = 60

NIGHT_SHARE = 0.0006
"""What an inverter draws in the dark."""

CHARGES = ((0, 18.2, 2.5), (2, 18.5, 4.0), (4, 17.7, 3.0), (5, 11.0, 5.0))
"""When a car is charged: day, from hour, hours."""
CHARGER_IDLE_SHARE = 0.0008
TAPER_S = 900
"""A battery that is nearly full takes less and less."""
TAPER_TO_SHARE = 0.3

COLD = (0.9, 1.0, 0.7, 0.8, 1.0, 0.6, 0.75)
"""How hard a heat pump works on each day of the cycle."""
HEATING_PERIOD_S, HEATING_ON_S = 4_500, 3_000
TAP_WATER_FROM_S, TAP_WATER_TO_S = 13 * HOUR_S, 13 * HOUR_S + 2_400
PUMP_IDLE_SHARE = 0.006


class Load(Enum):
    """What the meter measures."""

    SOLAR = "solar"
    """Panels of that peak, under the same sky as the roof of a simulated house."""
    CHARGER = "charger"
    """A car that is charged with that power four times a week."""
    HEAT_PUMP = "heat_pump"
    """A heat pump of that power: it heats in turns, and makes hot water at noon."""

    HOUSE = "house"
    """A whole house whose roof has that peak, as a P1 meter measures it; such a meter can steer batteries."""


REACTIVE = {
    Load.SOLAR: (-0.04, -0.004),
    Load.CHARGER: (-0.06, -0.003),
    Load.HEAT_PUMP: (0.28, 0.01),
    Load.HOUSE: (0.15, 0.0),
}
"""Reactive power: a share of the power, and a share of the size that is always there. Positive is inductive."""


def _solar_w(day: int, second: int) -> float:
    given = SKIES[day] * sun_w(second, 1.0)
    return -given if given else NIGHT_SHARE


def _charger_w(day: int, second: int) -> float:
    for charged_on, from_hour, hours in CHARGES:
        since_s = second - int(from_hour * HOUR_S)
        left_s = int(hours * HOUR_S) - since_s
        if day == charged_on and since_s >= 0 and left_s >= 0:
            taper = min(1.0, TAPER_TO_SHARE + (1 - TAPER_TO_SHARE) * left_s / TAPER_S)
            return max(CHARGER_IDLE_SHARE, taper * min(1.0, since_s / RAMP_S, left_s / RAMP_S))
    return CHARGER_IDLE_SHARE


def _heat_pump_w(day: int, second: int) -> float:
    if TAP_WATER_FROM_S <= second < TAP_WATER_TO_S:
        return 1.0
    if second % HEATING_PERIOD_S >= HEATING_ON_S:
        return PUMP_IDLE_SHARE
    # The coldest hour is at five in the morning.
    return COLD[day] * (0.55 + 0.2 * cos(2 * pi * (second - 5 * HOUR_S) / DAY_S))


CURVED = {Load.SOLAR: _solar_w, Load.CHARGER: _charger_w, Load.HEAT_PUMP: _heat_pump_w}
"""The power of a load of 1 W at a second of a day of the week."""


@lru_cache(maxsize=len(CURVED))
def load_curve(load: Load) -> Curve:
    """Return the week of a load of 1 W; building one takes some 30 ms, so that meters share it."""
    power_w = CURVED[load]
    return Curve([power_w(*divmod(second, DAY_S)) for second in range(0, DAYS * DAY_S, STEP_S)], STEP_S)
