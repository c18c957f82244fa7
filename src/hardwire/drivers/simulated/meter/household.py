"""A simulated house behind a Dutch smart meter: what its meter shows at any instant, and never less than before."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec import Struct

from hardwire.drivers.simulated.meter.day import EnergyCycle, Phases, energy_cycle, gas_m3
from hardwire.model.value import Value

FITTED = datetime(2024, 1, 1, tzinfo=UTC)
"""When every simulated meter began to count."""

# The Dutch low tariff: nights from 23 to 7 and whole weekends (HomeWizard reference, section 8.1: 1 low, 2 normal).
NORMAL_FROM, NORMAL_TO = time(7), time(23)
TARIFF_LOW, TARIFF_NORMAL = 1, 2
SATURDAY = 5

GAS_INTERVAL_S = 300
METER_MODEL = "HARDWIRE  2SIM-3P"
PROTOCOL_VERSION = 50

NOMINAL_V = (231.2, 230.4, 232.1)
LINE_OHM = 0.35
"""The street's cable: a phase's voltage falls as it draws and rises as it feeds in."""


class Energy(Struct, frozen=True):
    """Register readings in whole Wh, so that the tariffs add up to the total."""

    low: int
    normal: int

    @property
    def total(self) -> int:
        """All tariffs together."""
        return self.low + self.normal


class Household:
    """A house whose meter can be asked for any instant. It remembers nothing but a sum that saves work."""

    def __init__(self, meter: str, zone: ZoneInfo, *, solar_peak_w: float) -> None:
        self._zone = zone
        self._cycle: EnergyCycle = energy_cycle(solar_peak_w)
        # The house lives by standard time all year: its days then have 24 hours each.
        first = datetime(FITTED.year, FITTED.month, FITTED.day, tzinfo=zone)
        self._first_day = first.astimezone(UTC)
        number = crc32(meter.encode()) % 10**8
        self.unique_id = f"E0090{number:012d}".encode().hex().upper()
        self.gas_unique_id = f"G0090{number:012d}".encode().hex().upper()
        self._settled = first.date()
        self._settled_wh = (0.0, 0.0)

    def reading(self, now: datetime) -> Mapping[str, Value]:
        """Return the meter's values at that instant, by the names of HomeWizard's v2 measurement.

        Source: HomeWizard reference, section 2.4.
        """
        local = now.astimezone(self._zone)
        power = self._cycle.power(self._seconds(now))
        watts = [round(power.l1), round(power.l2), round(power.l3)]
        volts = self._voltages(power, now)
        # A DSMR 5.0 meter tells whole amperes without a sign; the sign is that of the phase's power (section 8.1).
        amperes = [round(watt / volt) for watt, volt in zip(watts, volts, strict=True)]
        drawn, fed = self._registers(now, local)
        weeks = max(0, (now - FITTED).days // 7)
        values: dict[str, Value] = {
            "unique_id": self.unique_id,
            "protocol_version": PROTOCOL_VERSION,
            "meter_model": METER_MODEL,
            "timestamp": local.strftime("%Y-%m-%dT%H:%M:%S"),
            "tariff": self._tariff(local),
            "energy_import_kwh": drawn.total / 1_000,
            "energy_import_t1_kwh": drawn.low / 1_000,
            "energy_import_t2_kwh": drawn.normal / 1_000,
            "energy_export_kwh": fed.total / 1_000,
            "energy_export_t1_kwh": fed.low / 1_000,
            "energy_export_t2_kwh": fed.normal / 1_000,
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
        values["wifi_ssid"] = "Simulated"
        values["wifi_rssi_db"] = -58 - now.minute % 7
        return values

    def gas_taken_at(self, now: datetime) -> datetime:
        """Return when the gas meter was last read: every five minutes."""
        return now - timedelta(seconds=now.timestamp() % GAS_INTERVAL_S)

    def gas_reading(self, now: datetime) -> Mapping[str, Value]:
        """Return the gas meter's values as last read. Unit of `value`: m3."""
        taken = self.gas_taken_at(now)
        return {
            "unique_id": self.gas_unique_id,
            "timestamp": taken.astimezone(self._zone).strftime("%Y-%m-%dT%H:%M:%S"),
            "value": round(1_250 + gas_m3(self._seconds(taken)), 3),
        }

    def _seconds(self, now: datetime) -> float:
        return max(0.0, (now - self._first_day).total_seconds())

    def _voltages(self, power: Phases, now: datetime) -> list[float]:
        sway = (now.timestamp() // 10 * 37 % 23 - 11) / 10
        volts = []
        for nominal, watt in zip(NOMINAL_V, (power.l1, power.l2, power.l3), strict=True):
            volts.append(round(nominal + sway - LINE_OHM * watt / nominal, 1))
        return volts

    def _registers(self, now: datetime, local: datetime) -> tuple[Energy, Energy]:
        total = self._cycle.energy_wh(self._seconds(now))
        normal = self._normal_wh(now, local.date())
        drawn = Energy(4_100_000 + int(total[0] - normal[0]), 3_300_000 + int(normal[0]))
        fed = Energy(900_000 + int(total[1] - normal[1]), 1_900_000 + int(normal[1]))
        return drawn, fed

    def _normal_wh(self, now: datetime, today: date) -> tuple[float, float]:
        """Return what was drawn and fed in at the normal tariff since the meter was fitted."""
        if today < self._settled:
            self._settled, self._settled_wh = self._first_day.astimezone(self._zone).date(), (0.0, 0.0)
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
        before, after = self._cycle.energy_wh(self._seconds(start)), self._cycle.energy_wh(self._seconds(end))
        return after[0] - before[0], after[1] - before[1]

    @staticmethod
    def _tariff(local: datetime) -> int:
        if local.weekday() < SATURDAY and NORMAL_FROM <= local.time() < NORMAL_TO:
            return TARIFF_NORMAL
        return TARIFF_LOW
