"""A simulated HomeWizard Plug-In Battery: it does what the meter that steers it asks, as far as its cells allow."""

import asyncio
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.battery.pack import CAPACITY_WH, MOST_W, ONE_WAY, Pack, cycles
from hardwire.drivers.simulated.battery.share import own_target_w, share_w
from hardwire.drivers.simulated.gauge import unsupported
from hardwire.drivers.simulated.grid import frequency_hz, phase_of, voltage_v
from hardwire.drivers.simulated.keeping import Keeping, State, number_kept
from hardwire.drivers.simulated.neighbours import BATTERY
from hardwire.drivers.simulated.register import register_kwh, used_before_wh
from hardwire.drivers.simulated.telling import PRESENCE, STALE_AFTER_S, Sleep, Telling
from hardwire.model.command import Command, Reply
from hardwire.model.device import Device
from hardwire.model.energy import energy_points
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Sample

PROFILE = "HWE-BAT"
FIRMWARE = "1.0305"
CHARGE, IMPORTED, EXPORTED = "state_of_charge_pct", "imported_wh", "exported_wh"
"""What is kept of it."""

NAMES = (
    *("energy_import_kwh", "energy_export_kwh", "power_w", "voltage_v", "current_a", "frequency_hz"),
    *("state_of_charge_pct", "cycles"),
    *PRESENCE,
)


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="battery", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "battery"`."""

    meter: str = ""
    """The simulated meter that steers it; empty: it charges by day and gives in the evening."""
    state_of_charge_pct: Annotated[float, Meta(ge=0, le=100)] = 50.0
    """How full it is at its very first start; afterwards it goes on from where it was."""


class SimulatedBattery:
    """The battery as a driver."""

    def __init__(
        self, id: str, group: str, zone: ZoneInfo, settings: Settings, *, sleep: Sleep = asyncio.sleep
    ) -> None:
        device = Device(
            id=id,
            kind=BATTERY,
            group=group,
            timezone=zone.key,
            points=energy_points(NAMES),
            stale_after_s=STALE_AFTER_S,
            profile=PROFILE,
            firmware=FIRMWARE,
            sources=(settings.meter,) if settings.meter else (),
        )
        self.devices: tuple[Device, ...] = (device,)
        self._id = id
        self._zone = zone
        self._settings = settings
        self._phase = phase_of(id)
        self._telling = Telling(id, self._tell, sleep)
        self._keeping = Keeping(id, self._state)
        self._feed: Feed | None = None
        self._pack: Pack | None = None

    async def run(self, feed: Feed) -> None:
        """Tell the values of every second until cancelled."""
        self._feed = feed
        self._pack = self._pack or self._taken_up(feed)
        await self._keeping.during(self._telling.run(feed), feed)

    def execute(self, device: str, command: Command) -> Reply:
        """Show itself or start anew; what it does is its meter's to say."""
        done = None if self._feed is None else self._telling.execute(command, self._feed.now())
        return done or unsupported(self.devices[0], command)

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Take no notice: it tells its values whether anybody watches or not."""

    def _taken_up(self, feed: Feed) -> Pack:
        """Return the battery as it was kept last; one that never was has been used in another house before."""
        kept = feed.kept(self._id)
        charge_pct = number_kept(kept, CHARGE, self._settings.state_of_charge_pct)
        taken_before = used_before_wh(self._id)
        # What was taken before has been given back, less what is lost on the way and what is stored now.
        given_before = (taken_before * ONE_WAY - CAPACITY_WH * charge_pct / 100) * ONE_WAY
        pack = Pack(
            charge_pct,
            # Its time begins a little before the first second that it tells of.
            self._telling.second(feed.now()),
            imported_wh=number_kept(kept, IMPORTED, taken_before),
            exported_wh=number_kept(kept, EXPORTED, given_before),
        )
        self._keeping.begin({IMPORTED: pack.imported_wh, EXPORTED: pack.exported_wh})
        return pack

    def _state(self) -> State:
        pack = self._pack
        assert pack is not None, "the run made it"
        return State(
            counted_wh={IMPORTED: pack.imported_wh, EXPORTED: pack.exported_wh},
            most_w=MOST_W,
            measured={CHARGE: pack.state_of_charge_pct},
        )

    def _tell(self, feed: Feed, second: datetime) -> None:
        pack = self._pack
        assert pack is not None, "the run made it"
        meter = self._settings.meter
        pack.go(second, share_w(feed, self._id, meter) if meter else own_target_w(second.astimezone(self._zone)))
        at_s = second.timestamp()
        power_w = round(pack.power_w)
        voltage = round(voltage_v(self._phase, at_s, power_w), 1)
        imported_wh = self._keeping.shown_wh(IMPORTED, pack.imported_wh)
        values = {
            "energy_import_kwh": register_kwh(imported_wh),
            "energy_export_kwh": register_kwh(self._keeping.shown_wh(EXPORTED, pack.exported_wh)),
            "power_w": power_w,
            "voltage_v": voltage,
            "current_a": round(abs(power_w) / voltage, 3),
            "frequency_hz": frequency_hz(at_s),
            "state_of_charge_pct": round(pack.state_of_charge_pct, 3),
            "cycles": cycles(imported_wh),
        }
        feed.publish(Sample(self._id, second, {**values, **self._telling.presence(second)}))
        self._keeping.look(second)


def make(id: str, group: str, timezone: str, settings: Settings) -> SimulatedBattery:
    """Build a simulated battery.

    Raises:
        BadValueError: it would steer itself.
    """
    if settings.meter == id:
        raise BadValueError("a battery cannot steer itself: name the meter that does, or leave it out", path="meter")
    return SimulatedBattery(id, group, ZoneInfo(timezone), settings)
