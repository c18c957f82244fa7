"""A simulated HomeWizard kWh Meter: solar panels, a car's charger, a heat pump or a house, on one phase or three."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from hardwire.contracts.driver import Driver
from hardwire.drivers.simulated.gauge import Gauge
from hardwire.drivers.simulated.house_time import HouseTime
from hardwire.drivers.simulated.kwh_meter.display import ONE_PHASE_NAMES, THREE_PHASE_NAMES, reading
from hardwire.drivers.simulated.kwh_meter.house import HouseMeter
from hardwire.drivers.simulated.kwh_meter.loads import REACTIVE, Load, load_curve
from hardwire.drivers.simulated.meter.household import Household
from hardwire.drivers.simulated.telling import PRESENCE, STALE_AFTER_S
from hardwire.model.device import Device
from hardwire.model.energy import energy_points
from hardwire.model.value import Value

FIRMWARE = "5.0200"
THREE_PHASES = ("HWE-KWH3", "SDM630-wifi")

SHARES = (0.336, 0.333, 0.331)
"""Of three phases; no load draws quite the same from each."""


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="kwh_meter", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "kwh_meter"`."""

    profile: Literal["HWE-KWH1", "HWE-KWH3", "SDM230-wifi", "SDM630-wifi"] = "HWE-KWH1"
    """Which meter it is; `HWE-KWH3` and `SDM630-wifi` have three phases."""
    load: Load = Load.SOLAR
    """What it measures."""
    size_w: Annotated[int, Meta(ge=1, le=50_000)] = 3_000
    """How large that is: the peak of panels, those of a house too, the power of a charger or of a heat pump."""


class KwhMeter:
    """What a meter of one load shows at any instant. It remembers nothing."""

    def __init__(self, zone: ZoneInfo, settings: Settings) -> None:
        """`settings` have another load than a house."""
        self._time = HouseTime(zone)
        self._curve = load_curve(settings.load)
        with_power, always = REACTIVE[settings.load]
        self._reactive = (with_power, always * settings.size_w)
        self._size_w = settings.size_w
        self._shares = SHARES if settings.profile in THREE_PHASES else (1.0,)

    def reading(self, now: datetime) -> Mapping[str, Value]:
        """Return the meter's values at that instant."""
        seconds = self._time.seconds(now)
        power_w = self._curve.power_w(seconds) * self._size_w
        drawn_wh, fed_wh = (energy_wh * self._size_w for energy_wh in self._curve.energy_wh(seconds))
        watts = [power_w * share for share in self._shares]
        return reading(watts, self._reactive, (drawn_wh, fed_wh), now.timestamp())


def make(id: str, group: str, timezone: str, settings: Settings) -> Driver:
    """Build a simulated kWh meter."""
    has_three_phases = settings.profile in THREE_PHASES
    device = Device(
        id=id,
        kind="kwh_meter",
        group=group,
        timezone=timezone,
        points=energy_points((*(THREE_PHASE_NAMES if has_three_phases else ONE_PHASE_NAMES), *PRESENCE)),
        stale_after_s=STALE_AFTER_S,
        profile=settings.profile,
        firmware=FIRMWARE,
    )
    zone = ZoneInfo(timezone)
    if settings.load is Load.HOUSE:
        return HouseMeter(device, Household(id, zone, solar_peak_w=settings.size_w), zone)
    return Gauge(device, KwhMeter(zone, settings).reading)
