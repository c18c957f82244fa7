"""A simulated HomeWizard Energy Socket: a relay that measures what hangs on it."""

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.gauge import unsupported
from hardwire.drivers.simulated.grid import frequency_hz, phase_of, voltage_v
from hardwire.drivers.simulated.keeping import Keeping, State, number_kept
from hardwire.drivers.simulated.register import register_kwh, used_before_wh
from hardwire.drivers.simulated.socket.relay import Relay, relay_kept
from hardwire.drivers.simulated.socket.thing import POWER_FACTOR, REACTIVE_SHARE, Thing
from hardwire.drivers.simulated.telling import PRESENCE, STALE_AFTER_S, Instants, Sleep, Telling
from hardwire.model.command import Command, Done, Failed, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.energy import SWITCHED, energy_points
from hardwire.model.errors import DeviceError, HardwireError
from hardwire.model.fact import Sample
from hardwire.model.value import Value

PROFILE = "HWE-SKT"
FIRMWARE = "5.18"
COUNTED = "energy_wh"
"""What is kept of it beside its relay."""

NAMES = (
    *("energy_import_kwh", "energy_export_kwh", "power_w", "voltage_v", "current_a", "frequency_hz"),
    *("reactive_power_var", "apparent_power_va", "power_factor"),
    *PRESENCE,
    *(point.name for point in SWITCHED),
)


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="socket", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "socket"`."""

    load_w: Annotated[float, Meta(ge=0, le=3_680)] = 60.0
    """What hangs on it draws so much at work; 3680 W is what 16 A carry."""
    standby_w: Annotated[float, Meta(ge=0, le=100)] = 1.5
    """What that draws in the first seconds after it was switched on, at most `load_w`."""


class SimulatedSocket:
    """The socket as a driver. At its very first start it is on, and unlocked."""

    def __init__(self, id: str, group: str, timezone: str, settings: Settings, *, sleep: Sleep = asyncio.sleep) -> None:
        device = Device(
            id=id,
            kind="socket",
            group=group,
            timezone=timezone,
            points=energy_points(NAMES),
            stale_after_s=STALE_AFTER_S,
            profile=PROFILE,
            firmware=FIRMWARE,
        )
        self.devices: tuple[Device, ...] = (device,)
        self._id = id
        self._phase = phase_of(id)
        self._settings = settings
        self._telling = Telling(id, self._tell, sleep)
        self._keeping = Keeping(id, self._state)
        self._relay = Relay()
        self._instants = Instants()
        self._feed: Feed | None = None
        self._thing: Thing | None = None

    async def run(self, feed: Feed) -> None:
        """Tell the values of every second until cancelled."""
        self._feed = feed
        self._thing = self._thing or self._taken_up(feed)
        feed.publish(Sample(self._id, self._instants.after(feed.now()), self._relay.points))
        await self._keeping.during(self._telling.run(feed), feed)

    def execute(self, device: str, command: Command) -> Reply | Awaitable[Reply]:
        """Switch, lock or dim by WritePoints, all of it or nothing, and for good; show itself; start anew."""
        if self._feed is None or self._thing is None:
            return Failed(DeviceError("the socket has not started yet", code="offline"))
        match command:
            case WritePoints(values):
                return self._write(self._feed, self._thing, values)
            case _:
                return self._telling.execute(command, self._feed.now()) or unsupported(self.devices[0], command)

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Take no notice: it tells its values whether anybody watches or not."""

    def _taken_up(self, feed: Feed) -> Thing:
        """Take up relay and register as they were kept last."""
        kept = feed.kept(self._id)
        self._relay = relay_kept(kept)
        energy_wh = number_kept(kept, COUNTED, used_before_wh(self._id))
        self._keeping.begin({COUNTED: energy_wh})
        load_w, standby_w = self._settings.load_w, self._settings.standby_w
        return Thing(load_w, standby_w, feed.now(), is_on=self._relay.power_on, energy_wh=energy_wh)

    def _state(self) -> State:
        assert self._thing is not None, "the run made it"
        return State(counted_wh={COUNTED: self._thing.energy_wh}, most_w=self._settings.load_w)

    async def _write(self, feed: Feed, thing: Thing, values: Mapping[str, Value]) -> Reply:
        try:
            relay = self._relay.written(values)
            before = self._relay.points
            changes = {name: value for name, value in relay.points.items() if value != before[name]}
            if changes:
                # What is answered Done outlives a power cut: where the disk refuses, nothing is switched.
                await feed.keep(self._id, relay.points)
        except HardwireError as error:
            return Failed(error)
        if changes:
            self._relay = relay
            thing.switch(feed.now(), is_on=relay.power_on)
            at = self._instants.after(feed.now())
            feed.publish(Sample(self._id, at, {**changes, **self._reading(thing, at)}))
        return Done()

    def _tell(self, feed: Feed, second: datetime) -> None:
        assert self._thing is not None, "the run made it"
        # A change that was told out of turn may be younger than this second: time never goes back to it.
        self._thing.go(second)
        at = self._instants.after(second)
        feed.publish(Sample(self._id, at, {**self._reading(self._thing, at), **self._telling.presence(at)}))
        self._keeping.look(second)

    def _reading(self, thing: Thing, at: datetime) -> Mapping[str, Value]:
        power_w = round(thing.power_w, 3)
        voltage = round(voltage_v(self._phase, at.timestamp(), power_w), 3)
        return {
            "energy_import_kwh": register_kwh(self._keeping.shown_wh(COUNTED, thing.energy_wh)),
            "energy_export_kwh": 0.0,
            "power_w": power_w,
            "voltage_v": voltage,
            "current_a": round(power_w / voltage, 3),
            "frequency_hz": frequency_hz(at.timestamp()),
            "reactive_power_var": round(power_w * REACTIVE_SHARE, 3),
            "apparent_power_va": round(power_w / POWER_FACTOR, 3),
            "power_factor": POWER_FACTOR if power_w else 1.0,
        }


def make(id: str, group: str, timezone: str, settings: Settings) -> SimulatedSocket:
    """Build a simulated socket."""
    return SimulatedSocket(id, group, timezone, settings)
