"""A meter with batteries: who they are, what they are to do in each mode, and registers that count what they do."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dsmr_parser.parsers import TelegramParser
from dsmr_parser.telegram_specifications import V5
from hypothesis import given
from hypothesis import strategies as st

from hardwire.contracts.driver import Driver
from hardwire.drivers.simulated.battery.driver import Settings as BatterySettings
from hardwire.drivers.simulated.battery.driver import SimulatedBattery
from hardwire.drivers.simulated.meter.batteries import Battery, Fleet
from hardwire.drivers.simulated.meter.control import BOTH, STANDBY, TO_FULL, ZERO, Control
from hardwire.drivers.simulated.meter.driver import Settings, SimulatedMeter
from hardwire.drivers.simulated.meter.household import Household
from hardwire.drivers.simulated.meter.steering import Steering
from hardwire.model.command import Done, Failed, WritePoints
from hardwire.model.device import Device
from hardwire.model.fact import Sample
from hardwire.model.value import Value
from tests.drivers.simulated.told import SharedFeed, executed, newest, number, running, unhurried
from tests.fakes.paper_feed import NOON

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVENING = datetime(2026, 11, 25, 19, 30, tzinfo=AMSTERDAM)
NIGHT = datetime(2026, 11, 26, 3, 0, tzinfo=AMSTERDAM)
REGISTERS = tuple(f"energy_{way}{tariff}_kwh" for way in ("import", "export") for tariff in ("", "_t1", "_t2"))
LOW, NORMAL = 1, 2
TWO = Fleet((Battery("one", 0, 50), Battery("two", 0, 50)))


class House:
    """A meter with its batteries on a paper hub."""

    def __init__(self, now: datetime, *charges_pct: float, solar_peak_w: int = 4_200) -> None:
        self.feed = SharedFeed(now)
        sleep = self.feed.sleep
        self.meter = SimulatedMeter("grid", "home", AMSTERDAM, Settings(solar_peak_w=solar_peak_w), sleep=sleep)
        self.batteries = [
            SimulatedBattery(
                f"battery-{number}",
                "home",
                AMSTERDAM,
                BatterySettings(meter="grid", state_of_charge_pct=charge_pct),
                sleep=sleep,
            )
            for number, charge_pct in enumerate(charges_pct, start=1)
        ]
        self.drivers: list[Driver] = [self.meter, *self.batteries]
        for driver in self.drivers:
            for device in driver.devices:
                self.feed.meet(device)

    def shown(self, name: str) -> Value:
        return newest(self.feed, "grid", name)

    def watts(self, name: str) -> float:
        return number(self.shown(name))

    async def wait(self, seconds: float) -> None:
        await self.feed.until(self.feed.now() + timedelta(seconds=seconds))

    @asynccontextmanager
    async def living(self) -> AsyncIterator["House"]:
        async with AsyncExitStack() as stack:
            for driver in self.drivers:
                await stack.enter_async_context(running(driver, self.feed))
            yield self


def household(solar_peak_w: int = 4_200) -> Household:
    return Household("grid", AMSTERDAM, solar_peak_w=solar_peak_w)


@pytest.mark.parametrize(
    ("control", "house_w", "target_w"),
    [
        (Control(), 500, -500),
        (Control(), -500, 500),
        (Control(), 5_000, -800),
        (Control(), -5_000, 1_600),
        (Control(ZERO, ("charge_allowed",)), 500, 0),
        (Control(ZERO, ("charge_allowed",)), -500.4, 500),
        (Control(ZERO, ("discharge_allowed",)), -500, 0),
        (Control(ZERO, ("discharge_allowed",)), 500, -500),
        (Control(STANDBY, ()), -500, 0),
        (Control(TO_FULL), 2_000, 1_600),
        (Control("predictive"), -700, 700),
    ],
)
def test_each_mode_has_its_target_within_permissions_and_limits(
    control: Control, house_w: float, target_w: int
) -> None:
    assert TWO.target_w(control, house_w, NOON, NORMAL) == target_w


@pytest.mark.parametrize(
    ("local", "tariff", "charge_pct", "target_w"),
    [
        (EVENING, NORMAL, 50, -500),
        (NIGHT, LOW, 50, 800),
        (NIGHT, LOW, 61, 0),
        (NIGHT, NORMAL, 50, 0),
        (NOON, LOW, 50, 0),
    ],
)
def test_predictive_spends_in_the_evening_and_fills_up_in_cheap_nights(
    local: datetime, tariff: int, charge_pct: float, target_w: int
) -> None:
    fleet = Fleet((Battery("one", 0, charge_pct), Battery("two", 0, charge_pct)))

    assert fleet.target_w(Control("predictive"), 500, local, tariff) == target_w


def test_a_fleet_gives_800_w_at_most_and_charges_with_800_w_each() -> None:
    assert (TWO.most_drawn_w, TWO.most_given_w) == (1_600, 800)
    assert (Fleet((TWO.batteries[0],)).most_drawn_w, Fleet((TWO.batteries[0],)).most_given_w) == (800, 800)
    assert (Fleet(()).most_drawn_w, Fleet(()).most_given_w, Fleet(()).is_full) == (0, 0, False)
    assert Fleet((Battery("silent"),)).charge_pct == 100


async def test_a_meter_without_batteries_tells_nothing_of_them() -> None:
    house = House(NOON)

    async with house.living():
        await house.wait(3)

    assert not any(name.startswith("batteries_") for sample in house.feed.samples for name in sample.values)
    assert house.feed.declared == []


async def test_a_meter_that_finds_its_batteries_declares_and_tells_all_of_them() -> None:
    house = House(NOON, 50, 60)

    async with house.living():
        await house.wait(3)

    assert house.shown("batteries_count") == 2
    assert house.shown("batteries_mode") == ZERO
    assert house.shown("batteries_permissions") == BOTH
    assert (house.shown("batteries_max_consumption_w"), house.shown("batteries_max_production_w")) == (1_600, 800)
    (device,) = house.feed.declared
    writable = {point.name for point in device.points if point.writable and point.name.startswith("batteries_")}
    assert writable == {"batteries_mode", "batteries_permissions", "batteries_mode_before"}


async def test_in_mode_zero_the_house_draws_nothing_from_the_grid() -> None:
    house = House(NIGHT, 80)

    async with house.living():
        await house.wait(20)
        powers = []
        for _ in range(20):
            await house.wait(1)
            powers.append(house.watts("power_w"))

    assert all(abs(power_w) < 40 for power_w in powers)
    assert house.watts("batteries_power_w") < -80


async def test_a_surplus_charges_them_up_to_their_limit() -> None:
    house = House(NOON, 20, 20)

    async with house.living():
        await house.wait(10)

    net_w = household().power(house.feed.now()).net
    assert net_w < -1_600, "the roof gives more than they take"
    assert house.watts("batteries_power_w") == 1_600
    assert house.watts("power_w") == pytest.approx(net_w + 1_600, abs=60)


async def test_what_is_measured_and_the_telegram_include_them() -> None:
    house = House(NIGHT, 80)

    async with house.living():
        await executed(house.meter, "grid", WritePoints({"batteries_mode": TO_FULL}))
        await house.wait(10)

    meter = next(sample for sample in reversed(house.feed.samples) if "telegram" in sample.values)
    parsed = TelegramParser(V5).parse(str(meter.values["telegram"]))
    assert meter.values["power_w"] == sum(number(meter.values[f"power_l{phase}_w"]) for phase in (1, 2, 3))
    assert float(parsed.CURRENT_ELECTRICITY_USAGE.value) * 1_000 == meter.values["power_w"]
    assert number(meter.values["power_w"]) == pytest.approx(household().power(meter.at).net + 800, abs=60)


async def test_a_write_is_told_at_once_with_what_comes_of_it() -> None:
    house = House(NIGHT, 50)

    async with house.living():
        await house.wait(2)
        before = len(house.feed.samples)
        reply = await executed(house.meter, "grid", WritePoints({"batteries_mode": TO_FULL}))
        sample = house.feed.samples[before]

    assert reply == Done()
    assert sample.values["batteries_mode"] == TO_FULL
    assert sample.values["batteries_target_power_w"] == 800
    assert "batteries_permissions" not in sample.values
    assert "power_w" not in sample.values


async def test_a_refused_write_changes_nothing() -> None:
    house = House(NIGHT, 50)

    async with house.living():
        await house.wait(2)
        reply = await executed(
            house.meter, "grid", WritePoints({"batteries_mode": TO_FULL, "batteries_permissions": ("x",)})
        )
        before = len(house.feed.samples)

    assert isinstance(reply, Failed)
    assert reply.error.path == "batteries_permissions"
    assert house.shown("batteries_mode") == ZERO
    assert before == len(house.feed.samples)


async def test_when_all_are_full_to_full_ends_by_itself_in_the_mode_before() -> None:
    house = House(NIGHT, 99.8, 99.9)

    async with house.living():
        await house.wait(2)
        await executed(house.meter, "grid", WritePoints({"batteries_mode": STANDBY}))
        await executed(house.meter, "grid", WritePoints({"batteries_mode": TO_FULL}))
        await house.wait(3)
        charging = house.shown("batteries_mode")
        await house.wait(120)

    assert charging == TO_FULL
    assert house.shown("batteries_mode") == STANDBY
    assert house.shown("batteries_permissions") == ()
    assert house.shown("batteries_target_power_w") == 0
    assert newest(house.feed, "battery-1", "state_of_charge_pct") == 100


async def test_what_has_not_changed_is_not_told_again() -> None:
    house = House(NIGHT, 50)

    async with house.living():
        await house.wait(2)
        await executed(house.meter, "grid", WritePoints({"batteries_mode": STANDBY}))
        await house.wait(10)
        before = len(house.feed.samples)
        await house.wait(10)

    told = [sample for sample in house.feed.samples[before:] if "batteries_target_power_w" in sample.values]
    assert told == []


async def test_a_battery_that_falls_silent_counts_but_draws_nothing() -> None:
    house = House(NOON, 20, 20)

    async with house.living():
        await house.wait(10)
        house.feed.silence("battery-1")
        await house.wait(0.95)

    assert house.shown("batteries_count") == 2


async def test_when_the_last_battery_leaves_that_is_told_and_the_meter_takes_no_writes_any_more() -> None:
    house = House(NIGHT, 50)

    async with house.living():
        await house.wait(3)
        before = house.watts("energy_import_kwh")
        house.feed.neighbours.remove("battery-1")
        await house.wait(3)
        refused = await executed(house.meter, "grid", WritePoints({"batteries_mode": TO_FULL}))
        gone = {name: house.shown(f"batteries_{name}") for name in ("count", "power_w", "target_power_w")}
        house.feed.meet(house.batteries[0].devices[0])
        await house.wait(3)

    assert isinstance(refused, Failed)
    assert gone == {"count": 0, "power_w": 0, "target_power_w": 0}
    assert house.watts("energy_import_kwh") >= before
    assert house.shown("batteries_count") == 1
    assert len(house.feed.declared) == 3


async def test_batteries_that_come_late_make_no_jump_in_a_register() -> None:
    house = House(NIGHT)

    async with house.living():
        await house.wait(30)
        before = house.watts("energy_import_kwh")
        house.feed.meet(Device(id="late", kind="battery", sources=("grid",), stale_after_s=30))
        house.feed.hear(Sample("late", house.feed.now(), {"power_w": 800, "state_of_charge_pct": 10.0}))
        await house.wait(10)

    assert house.watts("energy_import_kwh") == pytest.approx(before, abs=0.01)


@unhurried
@given(st.lists(st.tuples(st.floats(0.05, 30), st.floats(-800, 1_600)), max_size=30), st.integers(0, 86_400))
def test_no_register_ever_falls_whatever_the_batteries_do(steps: list[tuple[float, float]], start_s: int) -> None:
    house = household()
    now = NOON + timedelta(seconds=start_s)
    steering = Steering(house, AMSTERDAM, TWO, now)
    before = house.reading(now, steering.flow)

    for wait_s, power_w in steps:
        now += timedelta(seconds=wait_s)
        steering.go(now, Fleet((Battery("one", power_w / 2, 50), Battery("two", power_w / 2, 50))))
        reading = house.reading(now, steering.flow)
        for name in REGISTERS:
            assert number(reading[name]) >= number(before[name])
        for way in ("import", "export"):
            parts = number(reading[f"energy_{way}_t1_kwh"]) + number(reading[f"energy_{way}_t2_kwh"])
            assert number(reading[f"energy_{way}_kwh"]) == pytest.approx(parts, abs=0.0005)
        before = reading


def test_registers_are_the_integral_of_what_flows_through_the_meter() -> None:
    house = household()
    steering = Steering(house, AMSTERDAM, TWO, NOON)
    began = steering.flow.registers
    drawn = fed = 0.0

    for second in range(1, 1_201):
        fleet = Fleet((Battery("one", 800, 50), Battery("two", 800 * (second % 300 > 150), 50)))
        steering.go(NOON + timedelta(seconds=second), fleet)
        drawn += max(0.0, steering.flow.power.net) / 3_600
        fed += max(0.0, -steering.flow.power.net) / 3_600

    ended = steering.flow.registers
    assert ended.drawn_normal - began.drawn_normal == pytest.approx(drawn, abs=1)
    assert ended.fed_normal - began.fed_normal == pytest.approx(fed, abs=1)
    assert (ended.drawn_low, ended.fed_low) == (began.drawn_low, began.fed_low)
