"""A simulated house behind a Dutch smart meter: what its meter shows at any instant, and never less than before."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec import Struct

from hardwire.drivers.simulated.grid import voltage_v
from hardwire.drivers.simulated.house_time import FITTED, HouseTime
from hardwire.drivers.simulated.meter.day import EnergyCycle, Phases, energy_cycle, gas_m3
from hardwire.drivers.simulated.register import register_kwh
from hardwire.model.energy import PHASES
from hardwire.model.value import Value

# The Dutch low tariff: nights from 23 to 7 and whole weekends (HomeWizard reference, section 8.1: 1 low, 2 normal).
NORMAL_FROM, NORMAL_TO = time(7), time(23)
TARIFF_LOW, TARIFF_NORMAL = 1, 2
SATURDAY = 5

GAS_INTERVAL_S = 300
METER_MODEL = "HARDWIRE  2SIM-3P"
PROTOCOL_VERSION = 50

DRAWN_BEFORE_WH = (4_100_000.0, 3_300_000.0)
FED_BEFORE_WH = (900_000.0, 1_900_000.0)
"""What the registers of the low and the normal tariff showed when the meter was fitted."""


class Registers(Struct, frozen=True):
    """What was drawn and fed in at each tariff. Unit: Wh."""

    drawn_low: float
    drawn_normal: float
    fed_low: float
    fed_normal: float

    def plus(self, drawn: float, fed: float, tariff: int) -> "Registers":
        """Return them with more energy in those of a tariff."""
        if tariff == TARIFF_LOW:
            return Registers(self.drawn_low + drawn, self.drawn_normal, self.fed_low + fed, self.fed_normal)
        return Registers(self.drawn_low, self.drawn_normal + drawn, self.fed_low, self.fed_normal + fed)

    def grown(self, before: "Registers", after: "Registers") -> "Registers":
        """Return them with what was added to others between two instants."""
        return Registers(
            self.drawn_low + after.drawn_low - before.drawn_low,
            self.drawn_normal + after.drawn_normal - before.drawn_normal,
            self.fed_low + after.fed_low - before.fed_low,
            self.fed_normal + after.fed_normal - before.fed_normal,
        )


class Flow(Struct, frozen=True):
    """What flows through a meter at an instant, and what has flowed through it until then."""

    power: Phases
    registers: Registers


class Household:
    """A house whose meter can be asked for any instant. It remembers nothing but a sum that saves work."""

    def __init__(self, meter: str, zone: ZoneInfo, *, solar_peak_w: float) -> None:
        self._zone = zone
        self._cycle: EnergyCycle = energy_cycle(solar_peak_w)
        self._time = HouseTime(zone)
        number = crc32(meter.encode()) % 10**8
        self.unique_id = f"E0090{number:012d}".encode().hex().upper()
        self.gas_unique_id = f"G0090{number:012d}".encode().hex().upper()
        self._first = self._time.first_day.astimezone(zone).date()
        self._settled = self._first
        self._settled_wh = (0.0, 0.0)

    def power(self, now: datetime) -> Phases:
        """Return what the house draws at that instant, on each phase."""
        return self._cycle.power(self._time.seconds(now))

    def registers(self, now: datetime) -> Registers:
        """Return what the house has drawn and fed in until that instant."""
        total = self._cycle.energy_wh(self._time.seconds(now))
        normal = self._normal_wh(now, now.astimezone(self._zone).date())
        return Registers(
            DRAWN_BEFORE_WH[0] + total[0] - normal[0],
            DRAWN_BEFORE_WH[1] + normal[0],
            FED_BEFORE_WH[0] + total[1] - normal[1],
            FED_BEFORE_WH[1] + normal[1],
        )

    def flow(self, now: datetime) -> Flow:
        """Return what flows through a meter that has nothing but the house behind it."""
        return Flow(self.power(now), self.registers(now))

    def tariff(self, now: datetime) -> int:
        """Return the tariff of that instant: 1 low, 2 normal."""
        local = now.astimezone(self._zone)
        if local.weekday() < SATURDAY and NORMAL_FROM <= local.time() < NORMAL_TO:
            return TARIFF_NORMAL
        return TARIFF_LOW

    def reading(self, now: datetime, flow: Flow | None = None) -> Mapping[str, Value]:
        """Return the meter's values at that instant, by the names of HomeWizard's v2 measurement.

        `flow` is given where more than the house itself hangs behind the meter.

        Source: HomeWizard reference, section 2.4.
        """
        flow = flow or self.flow(now)
        power, registers = flow.power, flow.registers
        local = now.astimezone(self._zone)
        watts = [round(power.l1), round(power.l2), round(power.l3)]
        volts = self._voltages(power, now)
        # A DSMR 5.0 meter tells whole amperes without a sign; the sign is that of the phase's power (section 8.1).
        amperes = [round(watt / volt) for watt, volt in zip(watts, volts, strict=True)]
        drawn_low, drawn_normal = register_kwh(registers.drawn_low), register_kwh(registers.drawn_normal)
        fed_low, fed_normal = register_kwh(registers.fed_low), register_kwh(registers.fed_normal)
        weeks = max(0, (now - FITTED).days // 7)
        values: dict[str, Value] = {
            "unique_id": self.unique_id,
            "protocol_version": PROTOCOL_VERSION,
            "meter_model": METER_MODEL,
            "timestamp": local.isoformat(timespec="seconds")[:19],
            "tariff": self.tariff(now),
            # The tariffs add up to the total to the last digit.
            "energy_import_kwh": round(drawn_low + drawn_normal, 3),
            "energy_import_t1_kwh": drawn_low,
            "energy_import_t2_kwh": drawn_normal,
            "energy_export_kwh": round(fed_low + fed_normal, 3),
            "energy_export_t1_kwh": fed_low,
            "energy_export_t2_kwh": fed_normal,
            "power_w": sum(watts),
            "current_a": sum(abs(ampere) for ampere in amperes),
        }
        for index, (watt, volt, ampere) in enumerate(zip(watts, volts, amperes, strict=True), start=1):
            values[f"power_l{index}_w"] = watt
            values[f"voltage_l{index}_v"] = volt
            values[f"current_l{index}_a"] = ampere
            values[f"voltage_sag_l{index}_count"] = 2 + weeks // (9 + index)
            values[f"voltage_swell_l{index}_count"] = weeks // (30 + index)
        values["any_power_fail_count"] = 4 + weeks // 20
        values["long_power_fail_count"] = 1 + weeks // 60
        return values

    def gas_taken_at(self, now: datetime) -> datetime:
        """Return when the gas meter was last read: every five minutes."""
        return now - timedelta(seconds=now.timestamp() % GAS_INTERVAL_S)

    def gas_reading(self, now: datetime) -> Mapping[str, Value]:
        """Return the gas meter's values as last read. Unit of `value`: m3."""
        taken = self.gas_taken_at(now)
        return {
            "unique_id": self.gas_unique_id,
            "timestamp": taken.astimezone(self._zone).isoformat(timespec="seconds")[:19],
            "value": round(1_250 + gas_m3(self._time.seconds(taken)), 3),
        }

    def _voltages(self, power: Phases, now: datetime) -> list[float]:
        at_s = now.timestamp()
        return [
            round(voltage_v(phase, at_s, watt), 1)
            for phase, watt in zip(PHASES, (power.l1, power.l2, power.l3), strict=True)
        ]

    def _normal_wh(self, now: datetime, today: date) -> tuple[float, float]:
        """Return what was drawn and fed in at the normal tariff since the meter was fitted."""
        if today < self._settled:
            self._settled, self._settled_wh = self._first, (0.0, 0.0)
        drawn, fed = self._settled_wh
        while self._settled < today:
            more = self._normal_on(self._settled, now)
            drawn, fed = drawn + more[0], fed + more[1]
            self._settled += timedelta(days=1)
        self._settled_wh = (drawn, fed)
        more = self._normal_on(today, now)
        return drawn + more[0], fed + more[1]

    def _normal_on(self, day: date, now: datetime) -> tuple[float, float]:
        if day.weekday() >= SATURDAY:
            return 0.0, 0.0
        start = min(datetime.combine(day, NORMAL_FROM, self._zone).astimezone(UTC), now)
        end = min(datetime.combine(day, NORMAL_TO, self._zone).astimezone(UTC), now)
        before, after = self._cycle.energy_wh(self._time.seconds(start)), self._cycle.energy_wh(self._time.seconds(end))
        return after[0] - before[0], after[1] - before[1]
