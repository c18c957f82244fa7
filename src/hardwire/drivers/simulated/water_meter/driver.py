"""A simulated HomeWizard Watermeter: the flow and the total of a household's water."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from hardwire.drivers.simulated.gauge import Gauge
from hardwire.drivers.simulated.house_time import HouseTime
from hardwire.drivers.simulated.register import register_m3
from hardwire.drivers.simulated.telling import PRESENCE, STALE_AFTER_S
from hardwire.drivers.simulated.water_meter.draws import WaterWeek
from hardwire.model.device import Device
from hardwire.model.energy import energy_points
from hardwire.model.value import Value

PROFILE = "HWE-WTR"
FIRMWARE = "5.18"
NAMES = ("flow_lpm", "volume_m3", "volume_offset_m3", *PRESENCE)


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="water_meter", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "water_meter"`."""

    people: Annotated[int, Meta(ge=1, le=8)] = 2
    """How many people live in the house."""


class WaterMeter:
    """What such a meter shows at any instant. It remembers nothing."""

    def __init__(self, id: str, zone: ZoneInfo, settings: Settings) -> None:
        self._time = HouseTime(zone)
        self._week = WaterWeek(id, settings.people)

    def reading(self, now: datetime) -> Mapping[str, Value]:
        """Return the meter's values at that instant.

        Source: HomeWizard reference, section 4.4.
        """
        seconds = self._time.seconds(now)
        return {
            "flow_lpm": self._week.flow_lpm(seconds),
            "volume_m3": register_m3(self._week.litres(seconds)),
            "volume_offset_m3": 0.0,
        }


def make(id: str, group: str, timezone: str, settings: Settings) -> Gauge:
    """Build a simulated water meter."""
    device = Device(
        id=id,
        kind="water_meter",
        group=group,
        timezone=timezone,
        points=energy_points(NAMES),
        stale_after_s=STALE_AFTER_S,
        profile=PROFILE,
        firmware=FIRMWARE,
    )
    return Gauge(device, WaterMeter(id, ZoneInfo(timezone), settings).reading)
