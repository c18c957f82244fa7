"""A simulated house that is killed, stopped and started again: no register falls, nothing acknowledged is lost."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardwire.contracts.driver import Driver
from hardwire.drivers.simulated.battery import driver as battery
from hardwire.drivers.simulated.kwh_meter.driver import Settings as KwhSettings
from hardwire.drivers.simulated.kwh_meter.driver import make as make_kwh_meter
from hardwire.drivers.simulated.kwh_meter.house import HouseMeter
from hardwire.drivers.simulated.kwh_meter.loads import Load
from hardwire.drivers.simulated.meter import driver as meter
from hardwire.drivers.simulated.meter.control import BOTH, MODES, Control, control_kept
from hardwire.drivers.simulated.meter.household import Household
from hardwire.drivers.simulated.socket import driver as socket
from hardwire.drivers.simulated.socket.relay import Relay, relay_kept
from hardwire.model.command import Done, Failed, Reply, WritePoints
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Log, LogRow, Sample
from hardwire.model.value import Value
from tests.drivers.simulated.told import SharedFeed, executed, newest, number, running
from tests.fakes.paper_feed import NOON

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = NOON.replace(hour=2)
FULL = HubFaultError("the disk is full", code="disk-full")
REGISTERS = {
    "cycles",
    *(f"energy_{way}{tariff}_kwh" for way in ("import", "export") for tariff in ("", "_t1", "_t2")),
}
DEVICES = ("grid", "battery", "kettle")

RELAYS: list[Mapping[str, Value]] = [
    {"power_on": False},
    {"power_on": True},
    {"switch_lock": True},
    {"switch_lock": False, "power_on": False},
    {"brightness": 7},
]
CONTROLS: list[Mapping[str, Value]] = [
    *({"batteries_mode": mode} for mode in MODES),
    {"batteries_permissions": ("charge_allowed",)},
    {"batteries_permissions": ()},
    {"batteries_mode": "to_full", "batteries_mode_before": "predictive"},
]
Act = int | bool | tuple[str, Mapping[str, Value]]
"""Let so many seconds pass, let the disk be full or not, or write to a device."""

ACTS = st.one_of(
    st.integers(0, 40),
    st.booleans(),
    st.tuples(st.just("kettle"), st.sampled_from(RELAYS)),
    st.tuples(st.just("grid"), st.sampled_from(CONTROLS)),
)
RUNS = st.lists(st.tuples(st.lists(ACTS, max_size=5), st.booleans(), st.integers(0, 100_000)), max_size=4)
"""What happens in each run, whether it is killed, and for how long nothing runs afterwards."""


class SlowFeed(SharedFeed):
    """A paper hub whose disk may stand still; then it writes one after another."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.is_writing = asyncio.Event()
        self.is_writing.set()

    async def keep(self, device: str, values: Mapping[str, Value]) -> None:
        """Wait for the disk."""
        await self.is_writing.wait()
        await super().keep(device, values)


class House:
    """A meter, a battery that it steers, and a socket, run by one hub after another on the same disk."""

    def __init__(self, charge_pct: float = 50, *, has_kwh_meter: bool = False) -> None:
        self.feed: SharedFeed = SharedFeed(NIGHT)
        self.charge_pct = charge_pct
        self.has_battery = True
        self._has_kwh_meter = has_kwh_meter
        self.drivers: dict[str, Driver] = {}

    def shown(self, device: str, name: str) -> Value:
        """What it told last."""
        return newest(self.feed, device, name)

    def registers(self) -> dict[tuple[str, str], float]:
        """Every register of the house."""
        return {
            (sample.device, name): number(value)
            for sample in self.feed.samples
            for name, value in sample.values.items()
            if name in REGISTERS
        }

    async def write(self, device: str, values: Mapping[str, Value]) -> Reply:
        """Write points of a device."""
        return await executed(self.drivers[device], device, WritePoints(values))

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await self.feed.until(self.feed.now() + timedelta(seconds=seconds))

    @asynccontextmanager
    async def living(self, *, is_killed: bool = False) -> AsyncIterator[None]:
        """Let a hub run while the body lasts, then end it in order, or kill it."""
        self._begin()
        async with AsyncExitStack() as stack:
            for driver in self.drivers.values():
                await stack.enter_async_context(running(driver, self.feed))
            # Until the meter has found its battery.
            await self.wait(2)
            yield
            fault = self.feed.keep_fault
            if is_killed:
                self.feed.keep_fault = FULL
        self.feed.keep_fault = fault

    def _begin(self) -> None:
        """Build a hub's drivers anew; nothing but the disk is left of the last one's."""
        for id in DEVICES:
            self.feed.neighbours.remove(id)
        sleep = self.feed.sleep
        grid: Driver = meter.SimulatedMeter("grid", "home", AMSTERDAM, meter.Settings(), sleep=sleep)
        if self._has_kwh_meter:
            made = make_kwh_meter("grid", "home", AMSTERDAM.key, KwhSettings(load=Load.HOUSE, size_w=4_200))
            house = Household("grid", AMSTERDAM, solar_peak_w=4_200)
            grid = HouseMeter(made.devices[0], house, AMSTERDAM, sleep=sleep)
        self.drivers = {
            "grid": grid,
            "kettle": socket.SimulatedSocket("kettle", "home", AMSTERDAM.key, socket.Settings(load_w=900), sleep=sleep),
        }
        if self.has_battery:
            settings = battery.Settings(meter="grid", state_of_charge_pct=self.charge_pct)
            self.drivers["battery"] = battery.SimulatedBattery("battery", "home", AMSTERDAM, settings, sleep=sleep)
        for driver in self.drivers.values():
            for device in driver.devices:
                self.feed.meet(device)


@pytest.fixture(params=[False, True], ids=["P1 meter", "kWh meter"])
def house(request: pytest.FixtureRequest) -> House:
    return House(has_kwh_meter=request.param)


@pytest.mark.parametrize("is_killed", [False, True])
async def test_what_a_socket_was_told_holds_after_a_restart(house: House, is_killed: bool) -> None:
    async with house.living(is_killed=is_killed):
        replies = [await house.write("kettle", {"brightness": 12}), await house.write("kettle", {"power_on": False})]

    async with house.living():
        told = {name: house.shown("kettle", name) for name in ("power_on", "switch_lock", "brightness", "power_w")}

    assert replies == [Done(), Done()]
    assert told == {"power_on": False, "switch_lock": False, "brightness": 12, "power_w": 0}


@pytest.mark.parametrize("is_killed", [False, True])
async def test_what_a_meter_was_told_of_its_batteries_holds_after_a_restart(house: House, is_killed: bool) -> None:
    async with house.living(is_killed=is_killed):
        await house.write("grid", {"batteries_permissions": ("charge_allowed",)})
        reply = await house.write("grid", {"batteries_mode": "to_full", "batteries_mode_before": "predictive"})

    async with house.living():
        told = [house.shown("grid", f"batteries_{name}") for name in ("mode", "permissions", "mode_before")]
        charging = house.shown("grid", "batteries_target_power_w")

    assert reply == Done()
    assert told == ["to_full", ("charge_allowed",), "predictive"]
    assert charging == 800


async def test_where_the_disk_refuses_nothing_is_switched_and_the_answer_says_so(house: House) -> None:
    async with house.living():
        house.feed.keep_fault = FULL
        before = len(house.feed.samples)
        replies = [
            await house.write("kettle", {"power_on": False}),
            await house.write("grid", {"batteries_mode": "standby"}),
        ]
        told = house.feed.samples[before:]
        house.feed.keep_fault = None
        again = await house.write("grid", {"batteries_mode": "standby"})

    assert replies == [Failed(FULL), Failed(FULL)]
    assert told == []
    assert again == Done()
    assert house.shown("kettle", "power_on") is True
    assert house.shown("grid", "batteries_mode") == "standby"


async def test_a_write_that_changes_nothing_costs_no_write_to_the_disk(house: House) -> None:
    async with house.living():
        await house.write("kettle", {"power_on": False})
        await house.write("grid", {"batteries_mode": "standby"})
        keeps = house.feed.keeps

        replies = [
            await house.write("kettle", {"power_on": False}),
            await house.write("grid", {"batteries_mode": "standby"}),
        ]

        assert replies == [Done(), Done()]
        assert house.feed.keeps == keeps


async def test_the_end_of_to_full_holds_after_a_kill(house: House) -> None:
    house.charge_pct = 99.9
    async with house.living(is_killed=True):
        await house.write("grid", {"batteries_mode": "standby"})
        await house.write("grid", {"batteries_mode": "to_full"})
        await house.wait(120)
        ended = house.shown("grid", "batteries_mode")

    async with house.living():
        assert (ended, house.shown("grid", "batteries_mode")) == ("standby", "standby")


async def test_on_a_slow_disk_an_end_of_to_full_does_not_overtake_a_write(house: House) -> None:
    feed = house.feed = SlowFeed(NIGHT)
    house.charge_pct = 99.9
    async with house.living(is_killed=True):
        await house.write("grid", {"batteries_mode": "to_full"})
        feed.keep_fault = FULL
        await house.wait(120)
        feed.keep_fault = None
        feed.is_writing.clear()
        asking = asyncio.create_task(house.write("grid", {"batteries_mode": "predictive"}))
        await house.wait(25)
        waited = not asking.done()
        feed.is_writing.set()
        reply = await asking
        await feed.settle()

    async with house.living():
        assert waited
        assert reply == Done()
        assert house.shown("grid", "batteries_mode") == "predictive"


async def test_what_the_hub_kept_while_there_were_no_batteries_is_obeyed(house: House) -> None:
    house.has_battery = False
    async with house.living():
        await house.feed.keep("grid", {"batteries_mode": "to_full", "batteries_permissions": ()})
    house.has_battery = True

    async with house.living():
        first = house.shown("grid", "batteries_mode")
        await house.feed.keep("grid", {"batteries_mode": "standby"})
        await house.wait(1)

        assert first == "to_full"
        assert house.shown("grid", "batteries_mode") == "standby"


async def test_a_battery_goes_on_from_where_it_was(house: House) -> None:
    async with house.living():
        await house.write("grid", {"batteries_mode": "to_full"})
        await house.wait(300)
        charge_pct = number(house.shown("battery", "state_of_charge_pct"))
        registers = house.registers()

    async with house.living():
        after_pct = number(house.shown("battery", "state_of_charge_pct"))
        again = house.registers()

    assert charge_pct > 52
    assert after_pct == pytest.approx(charge_pct, abs=0.1)
    for name in registers:
        assert registers[name] <= again[name] <= registers[name] + 0.01, "an orderly end makes no jump"


async def test_a_kill_costs_a_jump_of_some_minutes_at_full_power(house: House) -> None:
    async with house.living(is_killed=True):
        await house.write("grid", {"batteries_mode": "to_full"})
        await house.wait(700)
        registers = house.registers()

    async with house.living():
        again = house.registers()

    for name in registers:
        assert registers[name] <= again[name] <= registers[name] + 0.4


async def test_what_a_battery_did_stays_in_the_registers_when_it_is_gone(house: House) -> None:
    async with house.living(is_killed=True):
        await house.write("grid", {"batteries_mode": "to_full"})
        await house.wait(60)
        registers = house.registers()
    house.has_battery = False

    async with house.living():
        again = house.registers()

    assert all(again[name] >= registers[name] for name in registers)


async def test_at_its_very_first_start_a_battery_has_a_believable_past(house: House) -> None:
    async with house.living():
        imported = number(house.shown("battery", "energy_import_kwh"))
        exported = number(house.shown("battery", "energy_export_kwh"))
        cycles = number(house.shown("battery", "cycles"))

    assert 50 <= imported <= 401
    assert exported == pytest.approx(imported * 0.88, abs=3)
    assert cycles == pytest.approx(imported / 2.6, abs=2)


async def lived(runs: list[tuple[list[Act], bool, int]], house: House) -> None:
    """Let a house live through that, and see at each start that nothing acknowledged is lost."""
    acknowledged: dict[tuple[str, str], Value] = {}
    for acts, is_killed, pause_s in (*runs, ([], False, 0)):
        house.feed.facts.append(LogRow("", house.feed.now(), Log.STATUS, {}))
        async with house.living(is_killed=is_killed):
            for (device, name), value in acknowledged.items():
                assert newest_of_this_run(house, device, name) == value
            for act in acts:
                match act:
                    case bool():
                        house.feed.keep_fault = FULL if act else None
                    case int():
                        await house.wait(act)
                    case (device, values):
                        points = Relay().points if device == "kettle" else Control().points
                        if await house.write(device, values) == Done():
                            acknowledged.update({(device, name): house.shown(device, name) for name in points})
        house.feed.keep_fault = None
        house.feed.leap(pause_s)


def newest_of_this_run(house: House, device: str, name: str) -> Value:
    """Return what a device told last of a point since its hub started."""
    began = max(index for index, fact in enumerate(house.feed.facts) if isinstance(fact, LogRow))
    told = [fact for fact in house.feed.facts[began:] if isinstance(fact, Sample) and fact.device == device]
    return next(sample.values[name] for sample in reversed(told) if name in sample.values)


@settings(deadline=None, max_examples=40)
@given(RUNS, st.booleans())
def test_no_register_falls_and_nothing_acknowledged_is_lost_whatever_happens(
    runs: list[tuple[list[Act], bool, int]], has_kwh_meter: bool
) -> None:
    house = House(has_kwh_meter=has_kwh_meter)

    asyncio.run(lived(runs, house))

    highest: dict[tuple[str, str], float] = {}
    for sample in house.feed.samples:
        for name in REGISTERS & sample.values.keys():
            assert number(sample.values[name]) >= highest.get((sample.device, name), 0)
            highest[sample.device, name] = number(sample.values[name])


@given(st.sampled_from(MODES), st.sets(st.sampled_from(BOTH)), st.sampled_from(MODES))
def test_every_control_comes_back_as_it_was_kept(mode: str, permissions: set[str], before: str) -> None:
    wanted: dict[str, Value] = {
        "batteries_mode": mode,
        "batteries_permissions": tuple(sorted(permissions)),
        "batteries_mode_before": before if before != "to_full" else "zero",
    }
    control = Control().written(wanted)

    assert control_kept(control.points) == control


@pytest.mark.parametrize(
    "kept", [{}, {"batteries_mode": 1}, {"batteries_mode": "x"}, {"batteries_mode_before": "to_full"}, {"x_wh": 1.0}]
)
def test_what_is_no_control_is_plain_zero(kept: Mapping[str, Value]) -> None:
    assert control_kept(kept) == Control()


@given(st.booleans(), st.booleans(), st.integers(0, 255))
def test_every_relay_comes_back_as_it_was_kept(is_on: bool, is_locked: bool, brightness: int) -> None:
    relay = Relay(is_on or is_locked, is_locked, brightness)

    assert relay_kept(relay.points) == relay


@pytest.mark.parametrize(
    "kept", [{}, {"power_on": 1}, {"brightness": 300}, {"power_on": False, "switch_lock": True}, {"energy_wh": 1.0}]
)
def test_what_is_no_relay_is_on_and_unlocked(kept: Mapping[str, Value]) -> None:
    assert relay_kept(kept) == Relay()
