"""What the simulated meter shows: one instant after another, in a zone with summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hardwire.drivers.simulated.meter.household import Household
from hardwire.model.value import Value

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=AMSTERDAM)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=AMSTERDAM)


def house(solar_peak_w: int = 4_200) -> Household:
    return Household("grid", AMSTERDAM, solar_peak_w=solar_peak_w)


def number(value: Value) -> float:
    assert isinstance(value, int | float)
    return value


def test_two_houses_of_one_name_show_the_same_and_two_names_are_two_meters() -> None:
    one, same, other = house(), house(), Household("shed", AMSTERDAM, solar_peak_w=4_200)

    assert one.reading(WEDNESDAY) == same.reading(WEDNESDAY)
    assert one.unique_id != other.unique_id
    assert bytes.fromhex(one.unique_id).decode("ascii").startswith("E0090")


def test_the_phases_add_up_to_the_whole() -> None:
    meter = house()
    for hour in range(24):
        reading = meter.reading(WEDNESDAY.replace(hour=hour))

        phases = (1, 2, 3)
        assert reading["power_w"] == sum(number(reading[f"power_l{phase}_w"]) for phase in phases)
        assert reading["current_a"] == sum(abs(number(reading[f"current_l{phase}_a"])) for phase in phases)
        for phase in phases:
            watts, amperes = number(reading[f"power_l{phase}_w"]), number(reading[f"current_l{phase}_a"])
            volts = number(reading[f"voltage_l{phase}_v"])
            assert 215 < volts < 245
            assert amperes == round(watts / volts)


def test_a_sunny_noon_feeds_in_and_its_phase_has_a_negative_current() -> None:
    reading = house().reading(WEDNESDAY)

    assert number(reading["power_w"]) < 0
    assert number(reading["power_l3_w"]) < 0
    assert number(reading["current_l3_a"]) < 0


@pytest.mark.parametrize(
    ("local", "tariff"),
    [
        (WEDNESDAY.replace(hour=6, minute=59), 1),
        (WEDNESDAY.replace(hour=7), 2),
        (WEDNESDAY.replace(hour=22, minute=59), 2),
        (WEDNESDAY.replace(hour=23), 1),
        (SATURDAY, 1),
        (datetime(2026, 7, 1, 7, 0, tzinfo=AMSTERDAM), 2),
        (datetime(2026, 7, 1, 4, 59, tzinfo=UTC), 1),
    ],
)
def test_the_tariff_follows_the_local_clock(local: datetime, tariff: int) -> None:
    reading = house().reading(local.astimezone(UTC))

    assert reading["tariff"] == tariff


@pytest.mark.parametrize(("when", "running", "resting"), [(WEDNESDAY, "t2", "t1"), (SATURDAY, "t1", "t2")])
def test_only_the_running_tariff_counts(when: datetime, running: str, resting: str) -> None:
    meter = house(solar_peak_w=0)

    before, after = meter.reading(when), meter.reading(when + timedelta(hours=1))

    assert number(after[f"energy_import_{running}_kwh"]) > number(before[f"energy_import_{running}_kwh"])
    assert after[f"energy_import_{resting}_kwh"] == before[f"energy_import_{resting}_kwh"]


@pytest.mark.parametrize("month", [3, 10, 11])
def test_totals_only_grow_and_the_tariffs_add_up_to_them(month: int) -> None:
    # March and October hold the days of 23 and of 25 hours.
    meter = house()
    start = datetime(2026, month, 20, tzinfo=UTC)
    previous: dict[str, float] = {}

    for step in range(24 * 14):
        reading = meter.reading(start + step * timedelta(minutes=61))

        for way in ("import", "export"):
            total = number(reading[f"energy_{way}_kwh"])
            parts = number(reading[f"energy_{way}_t1_kwh"]) + number(reading[f"energy_{way}_t2_kwh"])
            assert total == pytest.approx(parts, abs=0.0005)
        now = {name: number(value) for name, value in reading.items() if name.startswith("energy_")}
        assert all(now[name] >= value for name, value in previous.items())
        previous = now


def test_asking_for_yesterday_gives_what_yesterday_gave() -> None:
    meter = house()
    yesterday = meter.reading(WEDNESDAY - timedelta(days=1))

    meter.reading(WEDNESDAY)

    assert meter.reading(WEDNESDAY - timedelta(days=1)) == yesterday


def test_a_clock_that_is_years_behind_shows_a_new_meter() -> None:
    reading = house().reading(datetime(1970, 1, 1, tzinfo=UTC))

    assert reading["energy_import_t1_kwh"] == 4_100
    assert reading["voltage_sag_l1_count"] == 2


def test_the_meter_time_is_local_and_names_no_zone() -> None:
    reading = house().reading(datetime(2026, 7, 1, 10, 30, 5, tzinfo=UTC))

    assert reading["timestamp"] == "2026-07-01T12:30:05"


def test_the_gas_meter_is_read_every_five_minutes() -> None:
    meter = house()
    early, late = WEDNESDAY.replace(hour=18, minute=5), WEDNESDAY.replace(hour=18, minute=9, second=59)

    assert meter.gas_taken_at(late) == early
    assert meter.gas_reading(late) == meter.gas_reading(early)
    assert meter.gas_reading(early)["timestamp"] == "2026-11-25T18:05:00"
    assert number(meter.gas_reading(late + timedelta(seconds=1))["value"]) > number(meter.gas_reading(late)["value"])
