"""The recorder: what it notes of what it is told, and of what it is not told again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from hardwire.contracts.store import Store
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model.access import Group
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Incident, Log, LogRow, Sample
from hardwire.model.point import Point
from hardwire.storage.recorder import Pace, Recorder

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class PaperStore:
    """A store that writes down what it is given to note."""

    def __init__(self) -> None:
        self.noted: list[Sample | LogRow] = []

    def note(self, facts: Iterable[Sample | LogRow]) -> None:
        self.noted.extend(facts)


class Bench:
    """A recorder with an interval of a minute and a heartbeat of a quarter of an hour, in a house."""

    def __init__(self, history_days: int = 31) -> None:
        self.now = NOON
        self.store = PaperStore()
        self.roster = Roster()
        self.access = Access(lambda: self.now)
        paper: Store = self.store  # type: ignore[assignment]  # the recorder notes, and does nothing else here
        pace = Pace(interval=timedelta(minutes=1), heartbeat=timedelta(minutes=15), history_days=history_days)
        self.recorder = Recorder(paper, Premises(self.roster, self.access), pace, now=lambda: self.now)
        self.declare(Device(id="grid", kind="meter"))

    @property
    def noted(self) -> list[Sample | LogRow]:
        return self.store.noted

    def declare(self, device: Device) -> None:
        self.roster.declare(device)

    def tell(self, *facts: Fact) -> None:
        for fact in facts:
            self.roster.remember(fact, self.now)
            self.recorder.take(fact)

    def beat_at(self, seconds: float) -> None:
        self.now = NOON + timedelta(seconds=seconds)
        self.recorder.beat()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def at(seconds: float, device: str = "grid", **values: float) -> Sample:
    """A sample so many seconds after noon."""
    return Sample(device, NOON + timedelta(seconds=seconds), values)


def test_a_point_that_changes_is_noted_once_a_minute(bench: Bench) -> None:
    bench.tell(*(at(second, power_w=second) for second in range(121)))

    assert bench.noted == [at(0, power_w=0), at(60, power_w=60), at(120, power_w=120)]


def test_a_point_that_does_not_change_is_noted_each_quarter_of_an_hour(bench: Bench) -> None:
    bench.tell(*(at(second, power_w=5) for second in range(0, 2000, 10)))

    assert bench.noted == [at(0, power_w=5), at(900, power_w=5), at(1800, power_w=5)]


def test_each_point_has_its_own_minute(bench: Bench) -> None:
    bench.tell(at(0, power_w=1), at(30, power_w=2, gas_m3=3), at(60, power_w=4, gas_m3=5))

    assert bench.noted == [at(0, power_w=1), at(30, gas_m3=3), at(60, power_w=4)]


def test_a_value_that_comes_late_is_noted(bench: Bench) -> None:
    bench.tell(at(0, power_w=1), at(-300, power_w=2), at(30, power_w=3))

    assert bench.noted == [at(0, power_w=1), at(-300, power_w=2)]


def test_rows_of_the_logs_are_all_noted(bench: Bench) -> None:
    rows = [LogRow("grid", NOON + n * MILLISECOND, log, {"power_w": 1}) for n in range(3) for log in Log]

    bench.tell(*rows)

    assert bench.noted == rows


def test_what_a_log_keeps_is_not_noted_on_change_too(bench: Bench) -> None:
    bench.declare(Device(id="unit", kind="unit", log="self", points=(Point(name="power_w"),)))
    bench.declare(
        Device(id="grid", kind="meter", points=(Point(name="power_w", log_interval_s=60), Point(name="volts")))
    )

    bench.tell(at(0, "unit", power_w=1), at(0, power_w=2, volts=230, other=3), at(1, power_w=2))

    assert bench.noted == [at(0, volts=230, other=3)]


def test_what_is_no_value_or_no_device_of_the_house_is_not_noted(bench: Bench) -> None:
    incident = Incident(device="grid", at=NOON, kind="ALARM", source="ALARM")

    bench.recorder.take(incident)
    bench.recorder.take(at(0, "nobody", power_w=1))

    assert bench.noted == []


def test_nothing_is_noted_of_a_group_that_keeps_no_history() -> None:
    benches = [Bench(), Bench(history_days=0), Bench(history_days=0)]
    for bench, days in zip(benches, (0, None, 1), strict=True):
        bench.access.add_group(Group(id="home", number=1, name="Home", history_days=days))

    for bench in benches:
        bench.tell(at(0, power_w=1), LogRow("grid", NOON, Log.FAST, {"power_w": 1}))

    assert [len(bench.noted) for bench in benches] == [0, 0, 2]


def test_a_change_that_came_too_soon_is_noted_when_its_minute_is_over(bench: Bench) -> None:
    bench.tell(at(0, relay=0), at(10, relay=1))

    bench.beat_at(59)
    early = list(bench.noted)
    bench.beat_at(60)
    bench.beat_at(61)

    assert early == [at(0, relay=0)]
    assert bench.noted == [at(0, relay=0), at(10, relay=1)]


def test_a_value_of_a_silent_source_that_lives_is_noted_each_quarter_of_an_hour(bench: Bench) -> None:
    bench.tell(at(0, relay=1))

    for seconds in range(0, 2000, 10):
        bench.beat_at(seconds)

    assert bench.noted == [at(0, relay=1), at(900, relay=1), at(1800, relay=1)]


def test_a_value_whose_source_is_gone_is_noted_no_more(bench: Bench) -> None:
    bench.declare(Device(id="grid", kind="meter", stale_after_s=10))
    bench.tell(at(0, power_w=1))

    bench.beat_at(1000)

    assert bench.noted == [at(0, power_w=1)]


def test_a_device_that_is_gone_or_is_logged_from_now_on_is_left_alone(bench: Bench) -> None:
    bench.declare(Device(id="other", kind="meter"))
    bench.tell(at(0, relay=1), at(0, "other", relay=1))
    bench.roster.remove("other")
    bench.declare(Device(id="grid", kind="meter", log="self"))

    bench.beat_at(1000)

    assert bench.noted == [at(0, relay=1), at(0, "other", relay=1)]


def test_a_reading_that_comes_after_it_was_noted_that_the_old_one_holds_puts_that_right(bench: Bench) -> None:
    bench.tell(at(0, gas_m3=1))
    bench.beat_at(910)

    bench.tell(at(900, gas_m3=2), at(900, gas_m3=2), at(905, gas_m3=2))

    assert bench.noted == [at(0, gas_m3=1), at(910, gas_m3=1), at(900, gas_m3=2), at(910.001, gas_m3=2)]


def test_a_reading_that_says_late_what_was_noted_already_is_not_noted_twice(bench: Bench) -> None:
    bench.tell(at(0, gas_m3=1))
    bench.beat_at(910)

    bench.tell(at(900, gas_m3=1), at(950, gas_m3=1))

    assert bench.noted == [at(0, gas_m3=1), at(910, gas_m3=1)]


def test_a_clock_that_is_set_back_makes_late_comers_of_none(bench: Bench) -> None:
    bench.tell(at(86_400, power_w=1))

    bench.tell(*(at(second, power_w=second) for second in range(121)))

    assert bench.noted == [at(86_400, power_w=1), at(0, power_w=0), at(60, power_w=60), at(120, power_w=120)]
