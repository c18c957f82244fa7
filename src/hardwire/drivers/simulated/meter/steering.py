"""A simulated meter as the one that steers batteries: their control, and registers that count what they do."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from hardwire.drivers.simulated.curve import JOULES_PER_WH, area_above_zero
from hardwire.drivers.simulated.meter.batteries import Fleet
from hardwire.drivers.simulated.meter.control import TO_FULL, Control
from hardwire.drivers.simulated.meter.household import Flow, Household, Registers
from hardwire.model.value import Value

NOTHING = Registers(0.0, 0.0, 0.0, 0.0)

LONGEST_STEP_S = 10.0
"""What flowed while nobody looked for longer counts as if the batteries had rested."""


class Steering:
    """Owns the control and what has been told of it. Its time goes forward by `go`."""

    def __init__(
        self, house: Household, zone: ZoneInfo, fleet: Fleet, now: datetime, *, beyond: Registers = NOTHING
    ) -> None:
        """`beyond` is what batteries have added to the registers of the house in earlier runs."""
        self._house = house
        self._zone = zone
        self._fleet = fleet
        self.control = Control()
        self._at = now
        self._power = house.power(now).plus(fleet.phases)
        self._registers = house.registers(now).grown(NOTHING, beyond)
        self.beyond = beyond
        """What the batteries have added to the registers of the house until now; negative where they saved it."""
        self._told: dict[str, Value] = {}

    @property
    def flow(self) -> Flow:
        """What flows through the meter: the house with its batteries. No register ever falls."""
        return Flow(self._power, self._registers)

    def go(self, now: datetime, fleet: Fleet) -> None:
        """Let time pass until that instant, at which the batteries are as given; an earlier one changes nothing."""
        self._fleet = fleet
        power = self._house.power(now).plus(fleet.phases)
        duration_s = (now - self._at).total_seconds()
        if 0 < duration_s <= LONGEST_STEP_S:
            drawn = area_above_zero(self._power.net, power.net, duration_s) / JOULES_PER_WH
            fed = area_above_zero(-self._power.net, -power.net, duration_s) / JOULES_PER_WH
            self._registers = self._registers.plus(drawn, fed, self._house.tariff(self._at))
        elif duration_s > 0:
            before, after = self._house.registers(self._at), self._house.registers(now)
            self._registers = self._registers.grown(before, after)
        self._at = max(self._at, now)
        self._power = power
        self.beyond = NOTHING.grown(self._house.registers(self._at), self._registers)
        if self.control.mode == TO_FULL and fleet.is_full:
            self.control = self.control.ended()

    def tell_anew(self) -> None:
        """Let the next news be all that there is, since others may have told something in between."""
        self._told.clear()

    def news(self, now: datetime) -> Mapping[str, Value]:
        """Return what has changed of all that is told of the batteries since it was asked for last."""
        house_w = self._house.power(now).net
        target_w = self._fleet.target_w(self.control, house_w, now.astimezone(self._zone), self._house.tariff(now))
        points = self._fleet.points(self.control, target_w)
        changed = {name: value for name, value in points.items() if self._told.get(name) != value}
        self._told.update(changed)
        return changed
