"""The batteries that a simulated meter steers: who they are, what they are to do, what it tells of them.

Source: HomeWizard reference, section 2.8.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.battery.pack import MOST_W
from hardwire.drivers.simulated.grid import phase_of
from hardwire.drivers.simulated.meter.control import MAY_CHARGE, MAY_GIVE, PREDICTIVE, TO_FULL, ZERO, Control
from hardwire.drivers.simulated.meter.day import Phases
from hardwire.drivers.simulated.meter.household import TARIFF_LOW
from hardwire.drivers.simulated.neighbours import batteries_of, number_of
from hardwire.model.value import Value

EACH_W = round(MOST_W)
ALL_GIVE_W = 800
"""However many there are: they hang on one group of the house, which carries no more."""

EVENING_FROM_H, EVENING_TO_H, MORNING_H = 17, 23, 6
CHEAP_FILL_PCT, CHEAP_W = 60.0, 400
"""At night they are filled so far, each with so much."""


class Battery(Struct, frozen=True):
    """What a battery told last. One that has fallen silent draws nothing."""

    id: str
    power_w: float = 0.0
    charge_pct: float | None = None


class Fleet(Struct, frozen=True):
    """All of them at one instant."""

    batteries: tuple[Battery, ...]

    @property
    def most_drawn_w(self) -> int:
        """What they charge with at most, together."""
        return EACH_W * len(self.batteries)

    @property
    def most_given_w(self) -> int:
        """What they give at most, together."""
        return min(self.most_drawn_w, ALL_GIVE_W)

    @property
    def power_w(self) -> float:
        """What they draw now; negative when they give."""
        return sum(battery.power_w for battery in self.batteries)

    @property
    def phases(self) -> Phases:
        """Where they draw it: each is plugged into one phase."""
        on: list[float] = [0.0, 0.0, 0.0]
        for battery in self.batteries:
            on[phase_of(battery.id) - 1] += battery.power_w
        return Phases(*on)

    @property
    def is_full(self) -> bool:
        """Whether there is nothing left to charge."""
        return bool(self.batteries) and all((battery.charge_pct or 0) >= 100 for battery in self.batteries)

    @property
    def charge_pct(self) -> float:
        """How full they are, taken together."""
        known = [battery.charge_pct for battery in self.batteries if battery.charge_pct is not None]
        return sum(known) / len(known) if known else 100.0

    def target_w(self, control: Control, house_w: float, local: datetime, tariff: int) -> int:
        """Return what they are to draw, whole W; `house_w` is what the house draws without them."""
        wish = 0.0
        if control.mode == TO_FULL:
            wish = float(self.most_drawn_w)
        elif control.mode == ZERO and (MAY_CHARGE if house_w < 0 else MAY_GIVE) in control.permissions:
            wish = -house_w
        elif control.mode == PREDICTIVE:
            wish = self._predicted(house_w, local, tariff)
        return round(min(max(wish, -self.most_given_w), self.most_drawn_w))

    def points(self, control: Control, target_w: int) -> Mapping[str, Value]:
        """Return all that the meter tells of them."""
        return {
            **control.points,
            "batteries_count": len(self.batteries),
            "batteries_power_w": round(self.power_w),
            "batteries_target_power_w": target_w,
            "batteries_max_consumption_w": self.most_drawn_w,
            "batteries_max_production_w": self.most_given_w,
        }

    def _predicted(self, house_w: float, local: datetime, tariff: int) -> float:
        """The sun is stored and spent in the evening; cheap nights fill what the sun may leave empty."""
        is_evening = EVENING_FROM_H <= local.hour < EVENING_TO_H
        if house_w < 0 or is_evening:
            return -house_w
        is_night = local.hour >= EVENING_TO_H or local.hour < MORNING_H
        if is_night and tariff == TARIFF_LOW and self.charge_pct < CHEAP_FILL_PCT:
            return float(CHEAP_W * len(self.batteries))
        return 0.0


def fleet_of(feed: Feed, meter: str) -> Fleet:
    """Return the batteries that a meter steers, with what they tell now."""
    return Fleet(
        tuple(
            Battery(id, number_of(feed, id, "power_w") or 0.0, number_of(feed, id, "state_of_charge_pct"))
            for id in batteries_of(feed, meter)
        )
    )
