"""What a battery does of its own accord, and what is its share of what a meter asks of all that it steers."""

from datetime import datetime
from math import pi, sin

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.neighbours import batteries_of, number_of

SUN_RISES_H, SUN_SETS_H, CHARGES_UP_TO_W = 9.0, 17.0, 600.0
EVENING_FROM_H, EVENING_TO_H, EVENING_W = 17.5, 23.0, -320.0


def own_target_w(local: datetime) -> float:
    """Return what a battery that no meter steers strives for: it charges by day and gives in the evening."""
    hour = local.hour + local.minute / 60 + local.second / 3_600
    if SUN_RISES_H <= hour < SUN_SETS_H:
        return CHARGES_UP_TO_W * sin(pi * (hour - SUN_RISES_H) / (SUN_SETS_H - SUN_RISES_H))
    return EVENING_W if EVENING_FROM_H <= hour < EVENING_TO_H else 0.0


def share_w(feed: Feed, battery: str, meter: str) -> float:
    """Return this battery's part of the target of its meter; 0 while the meter is silent or steers nothing.

    Those that are full have no part in charging, those that are empty none in giving.
    """
    target_w = number_of(feed, meter, "batteries_target_power_w") or 0.0
    able = sum(_is_able(feed, other, target_w) for other in batteries_of(feed, meter) if other != battery)
    return target_w / (able + 1)


def _is_able(feed: Feed, battery: str, target_w: float) -> bool:
    charge_pct = number_of(feed, battery, "state_of_charge_pct")
    return charge_pct is not None and (charge_pct < 100 if target_w > 0 else charge_pct > 0)
