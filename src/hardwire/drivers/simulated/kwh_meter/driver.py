"""A simulated HomeWizard kWh Meter: solar panels, a car's charger or a heat pump, on one phase or three."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from hardwire.drivers.simulated.gauge import Gauge
from hardwire.drivers.simulated.grid import frequency_hz, voltage_v
from hardwire.drivers.simulated.house_time import HouseTime
from hardwire.drivers.simulated.kwh_meter.electricity import Phase, shown
from hardwire.drivers.simulated.kwh_meter.loads import Load, load_curve
from hardwire.drivers.simulated.register import register_kwh
from hardwire.drivers.simulated.telling import PRESENCE, STALE_AFTER_S
from hardwire.model.device import Device
from hardwire.model.energy import PHASES, energy_points
from hardwire.model.value import Value

FIRMWARE = "5.0200"
THREE_PHASES = ("HWE-KWH3", "SDM630-wifi")

SHARES = (0.336, 0.333, 0.331)
"""Of three phases; no load draws quite the same from each."""

CURRENTS_AND_POWERS = (
    "current{}_a",
    "apparent_current{}_a",
    "reactive_current{}_a",
    "apparent_power{}_va",
    "reactive_power{}_var",
)
TOTAL = ("energy_import_kwh", "energy_export_kwh", "power_w", *(name.format("") for name in CURRENTS_AND_POWERS))
ONE_PHASE_NAMES = (*TOTAL, "voltage_v", "power_factor", "frequency_hz")
THREE_PHASE_NAMES = (
    *TOTAL,
    "frequency_hz",
    *(
        name.format(f"_l{phase}")
        for name in (*CURRENTS_AND_POWERS, "power{}_w", "voltage{}_v", "power_factor{}")
        for phase in PHASES
    ),
)


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="kwh_meter", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "kwh_meter"`."""

    profile: Literal["HWE-KWH1", "HWE-KWH3", "SDM230-wifi", "SDM630-wifi"] = "HWE-KWH1"
    """Which meter it is; `HWE-KWH3` and `SDM630-wifi` have three phases."""
    load: Load = Load.SOLAR
    """What it measures."""
    size_w: Annotated[int, Meta(ge=1, le=50_000)] = 3_000
    """How large that is: the peak of panels, the power of a charger or of a heat pump."""


class KwhMeter:
    """What such a meter shows at any instant. It remembers nothing."""

    def __init__(self, zone: ZoneInfo, settings: Settings) -> None:
        self._time = HouseTime(zone)
        self._load = settings.load
        self._size_w = settings.size_w
        self._is_three_phase = settings.profile in THREE_PHASES

    def reading(self, now: datetime) -> Mapping[str, Value]:
        """Return the meter's values at that instant.

        Source: HomeWizard reference, sections 2.4 and 8.2.
        """
        seconds, at_s = self._time.seconds(now), now.timestamp()
        curve = load_curve(self._load)
        drawn_wh, fed_wh = curve.energy_wh(seconds)
        power_w = curve.power_w(seconds) * self._size_w
        values: dict[str, Value] = {
            "energy_import_kwh": register_kwh(drawn_wh * self._size_w),
            "energy_export_kwh": register_kwh(fed_wh * self._size_w),
            "frequency_hz": frequency_hz(at_s),
        }
        shares = SHARES if self._is_three_phase else (1.0,)
        phases = [self._phase(number, share, power_w, at_s) for number, share in enumerate(shares, start=1)]
        _add_totals(values, phases)
        if self._is_three_phase:
            for number, phase in enumerate(phases, start=1):
                _add_phase(values, f"_l{number}", phase)
        else:
            values["voltage_v"] = phases[0].voltage_v
            values["power_factor"] = shown(phases[0].power_factor)
        return values

    def _phase(self, number: int, share: float, power_w: float, at_s: float) -> Phase:
        drawn_w = shown(power_w * share)
        with_power, always = self._load.reactive
        reactive_var = with_power * abs(drawn_w) + always * self._size_w * share
        return Phase(shown(voltage_v(number, at_s, drawn_w)), drawn_w, shown(reactive_var))


def _add_totals(values: dict[str, Value], phases: list[Phase]) -> None:
    """Powers are summed with their signs, currents as magnitudes."""
    values["power_w"] = shown(sum(phase.power_w for phase in phases))
    values["current_a"] = shown(sum(abs(phase.current_a) for phase in phases))
    values["apparent_current_a"] = shown(sum(phase.apparent_current_a for phase in phases))
    values["reactive_current_a"] = shown(sum(phase.reactive_current_a for phase in phases))
    values["apparent_power_va"] = shown(sum(phase.apparent_power_va for phase in phases))
    values["reactive_power_var"] = shown(sum(phase.reactive_power_var for phase in phases))


def _add_phase(values: dict[str, Value], mark: str, phase: Phase) -> None:
    values[f"power{mark}_w"] = phase.power_w
    values[f"voltage{mark}_v"] = phase.voltage_v
    values[f"current{mark}_a"] = shown(phase.current_a)
    values[f"apparent_current{mark}_a"] = shown(phase.apparent_current_a)
    values[f"reactive_current{mark}_a"] = shown(phase.reactive_current_a)
    values[f"apparent_power{mark}_va"] = shown(phase.apparent_power_va)
    values[f"reactive_power{mark}_var"] = phase.reactive_power_var
    values[f"power_factor{mark}"] = shown(phase.power_factor)


def make(id: str, group: str, timezone: str, settings: Settings) -> Gauge:
    """Build a simulated kWh meter."""
    names = THREE_PHASE_NAMES if settings.profile in THREE_PHASES else ONE_PHASE_NAMES
    device = Device(
        id=id,
        kind="kwh_meter",
        group=group,
        timezone=timezone,
        points=energy_points((*names, *PRESENCE)),
        stale_after_s=STALE_AFTER_S,
        profile=settings.profile,
        firmware=FIRMWARE,
    )
    return Gauge(device, KwhMeter(ZoneInfo(timezone), settings).reading)
