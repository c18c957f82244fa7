"""The soak's plan, its counting, and what it says of a run."""

import tomllib

from bench.soak.plan import BOARDS, LOGGERS, METERS, configuration
from bench.soak.tally import Heard, Tally
from bench.soak.verdict import Reading, judged, verdicts
from hardwire.app.config import parse
from hardwire.app.tables import Table


def readings(resident_mib: float, *, files: int = 10, p99_ms: float = 5.0, minutes: int = 30) -> list[Reading]:
    """Return a run that goes evenly from 100 MiB, 10 files and 5 ms to what is given."""
    count = minutes * 6
    return [
        Reading(
            at_s=10.0 * n,
            resident_mib=100 + (resident_mib - 100) * n / count,
            files=10 + round((files - 10) * n / count),
            cpu_share=0.5,
            load_share=0.1,
            heard={"ezeio": Heard(100, 1.0, 5 + (p99_ms - 5) * n / count, 9.0)},
        )
        for n in range(1, count + 1)
    ]


def test_the_plan_is_a_configuration_of_500_devices() -> None:
    # The stamped meters' driver is known to the soaked hub alone.
    text = configuration("stamped").replace('driver = "stamped"', 'driver = "simulated"\nkind = "meter"')
    table: Table = tomllib.loads(text)

    config = parse(table, {})

    assert len(config.devices) == METERS + LOGGERS + BOARDS == 500


def test_messages_are_counted_by_dialect_and_delays_where_they_are_told() -> None:
    tally = Tally()
    for delay_ms in range(1, 101):
        tally.count("homewizard", float(delay_ms))
    tally.count("obniz")

    taken = tally.take()

    assert taken == {"homewizard": Heard(100, 51.0, 100.0, 100.0), "obniz": Heard(1, 0, 0, 0)}
    assert tally.take() == {}


def test_a_run_that_stays_flat_meets_all_its_goals() -> None:
    found = verdicts(readings(100.5))

    assert [one.is_met for one in found] == [True, True, True]


def test_memory_that_grows_by_more_than_a_mebibyte_is_told() -> None:
    memory, files, p99 = verdicts(readings(104))

    assert (memory.is_met, files.is_met, p99.is_met) == (False, True, True)
    assert "NOT met" in str(memory)


def test_files_that_stay_open_and_delays_that_grow_are_told() -> None:
    memory, files, p99 = verdicts(readings(100, files=40, p99_ms=9))

    assert (memory.is_met, files.is_met, p99.is_met) == (True, False, False)


def test_half_an_hour_is_judged_from_its_tenth_minute_and_less_from_its_first_third() -> None:
    long, short = judged(readings(100)), judged(readings(100, minutes=12))

    assert (long, short) == ((600.0, 1800.0), (240.0, 720.0))
