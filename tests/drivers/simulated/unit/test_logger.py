"""A logger in the field: what it takes when, what it uploads when."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.unit.buffer import VALUES_LIMIT, Buffer, Taken
from hardwire.drivers.simulated.unit.instrument import Instrument
from hardwire.drivers.simulated.unit.logger import Logger
from hardwire.drivers.simulated.unit.settings import Field, Settings
from hardwire.drivers.simulated.unit.shapes import Shape
from hardwire.model.fact import Fact, Log, LogRow, Sample

NOON = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
FIELDS = (
    Field(name="slow", shape=Shape.CONSTANT, offset=1),
    Field(name="quick", shape=Shape.CONSTANT, offset=2, log_interval_s=5),
    Field(name="steady", shape=Shape.CONSTANT, offset=3, log_interval_s=60),
)


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def logger(*, buffer_s: int = 0, began: float = 0.5, condition: str = "") -> Logger:
    instrument = Instrument("tank", Settings(fields=FIELDS, condition=condition))
    return Logger("tank", FIELDS, instrument, buffer_s=buffer_s, began=at(began))


def fields(values: Iterable[str]) -> list[str]:
    """Return the names among them that are fields of the unit."""
    return [field.name for field in FIELDS if field.name in values]


def rows(facts: list[Fact]) -> list[tuple[float, Log, list[str], int]]:
    """Return what matters of the rows: second, log, fields, time left."""
    return [
        ((fact.at - NOON).total_seconds(), fact.log, fields(fact.values), fact.unbuffered_s)
        for fact in facts
        if isinstance(fact, LogRow)
    ]


def run(unit: Logger, seconds: range) -> dict[int, list[tuple[float, Log, list[str], int]]]:
    """Let time pass second by second; return what was uploaded at which of them."""
    uploads = {second: rows(unit.tick(at(second))) for second in seconds}
    return {second: told for second, told in uploads.items() if told}


def test_each_field_is_taken_at_its_own_interval_and_all_of_them_every_ten_minutes() -> None:
    unit = logger()

    uploads = run(unit, range(1, 601))

    assert uploads[5] == [(5, Log.FAST, ["quick"], 0)]
    assert uploads[60] == [(60, Log.FAST, ["quick", "steady"], 0)]
    assert uploads[600] == [
        (600, Log.STATUS, ["slow", "quick", "steady"], 0),
        (600, Log.FAST, ["quick", "steady"], 0),
    ]
    assert sorted(uploads) == list(range(5, 601, 5))


def test_the_values_of_an_instant_come_as_a_sample_before_its_rows() -> None:
    unit = logger()
    unit.tick(at(599))

    facts = unit.tick(at(600))

    assert [type(fact) for fact in facts] == [Sample, LogRow, LogRow]
    sample, status, fast = facts
    assert isinstance(sample, Sample)
    assert isinstance(status, LogRow)
    assert isinstance(fast, LogRow)
    assert sample.at == status.at == fast.at == at(600)
    assert fast.values == {"quick": 2, "steady": 3}
    assert {**sample.values} == {**status.values, "link": "Cell", "sim_iccid": sample.values["sim_iccid"]}
    assert {"slow", "vin_mv", "input_8", "output_4", "latitude_deg", "rssi_dbm"} < set(status.values)


def test_a_unit_that_buffers_uploads_its_rows_together_with_their_own_times() -> None:
    unit = logger(buffer_s=20)

    uploads = run(unit, range(1, 55))

    assert list(uploads) == [25, 50]
    assert [row[0] for row in uploads[25]] == [5, 10, 15, 20, 25]


def test_unbuffered_mode_sends_what_is_there_at_once_and_then_each_row_as_it_is_taken() -> None:
    unit = logger(buffer_s=60)
    before = run(unit, range(1, 12))

    unit.unbuffer(1800, at(11))
    facts = unit.upload(at(11))
    after = run(unit, range(12, 21))

    assert before == {}
    assert rows(facts) == [(5, Log.FAST, ["quick"], 1800), (10, Log.FAST, ["quick"], 1800)]
    assert after == {15: [(15, Log.FAST, ["quick"], 1796)], 20: [(20, Log.FAST, ["quick"], 1791)]}


def test_unbuffered_mode_counts_down_for_half_an_hour_and_then_rows_are_gathered_again() -> None:
    unit = logger(buffer_s=60)
    unit.watched(at(1), is_watched=True)
    unit.unbuffer(1800, at(2))

    uploads = run(unit, range(3, 2000))

    quick = {second: left_s for second, told in uploads.items() for _, log, _, left_s in told if log is Log.FAST}
    status = {second: left_s for second, told in uploads.items() for _, log, _, left_s in told if log is Log.STATUS}
    assert {second: left_s for second, left_s in quick.items() if second < 1802} == {
        second: 1802 - second for second in range(5, 1801, 5)
    }
    assert {second: left_s for second, left_s in quick.items() if second >= 1802} == {1865: 0, 1930: 0, 1995: 0}
    assert [row[0] for row in uploads[1865]] == [float(mark) for mark in range(1805, 1866, 5)]
    assert status == {600: 0, 1200: 0, 1800: 0}


def test_unbuffered_mode_ends_after_its_time_and_begins_anew_when_asked_again() -> None:
    unit = logger(buffer_s=60)

    unit.unbuffer(1800, at(0))
    unit.unbuffer(1800, at(900))
    left_s = [unit.unbuffered_s(at(second)) for second in (901, 2699.5, 2700)]

    assert left_s == [1799, 1, 0]


def test_unbuffered_mode_can_be_ended_by_hand() -> None:
    unit = logger(buffer_s=60)
    unit.unbuffer(1800, at(0))

    unit.unbuffer(0, at(1))

    assert unit.unbuffered_s(at(1)) == 0


def test_unbuffered_mode_ends_when_nobody_has_watched_for_a_minute() -> None:
    unit = logger(buffer_s=60)
    unit.unbuffer(1800, at(0))
    unit.watched(at(10), is_watched=True)

    unit.watched(at(100), is_watched=False)
    unwatched = [unit.unbuffered_s(at(second)) for second in (159, 160)]
    unit.watched(at(150), is_watched=True)

    assert unwatched == [1641, 0]
    assert unit.unbuffered_s(at(160)) == 1640


def test_unbuffered_mode_that_has_ended_does_not_come_back_with_the_next_reader() -> None:
    unit = logger(buffer_s=60)
    unit.unbuffer(1800, at(0))
    unit.watched(at(100), is_watched=False)

    unit.watched(at(160), is_watched=True)
    left_s = unit.unbuffered_s(at(161))

    assert left_s == 0


def test_a_wish_that_comes_before_its_reader_waits_a_minute_for_it() -> None:
    unit = logger(buffer_s=60)
    unit.watched(at(0), is_watched=False)

    unit.unbuffer(1800, at(500))
    unwatched = [unit.unbuffered_s(at(second)) for second in (559, 560)]
    unit.watched(at(510), is_watched=True)

    assert unwatched == [1741, 0]
    assert unit.unbuffered_s(at(560)) == 1740


def test_a_unit_shows_all_that_it_has_at_any_time() -> None:
    sample = logger().present(at(0.5))

    assert (sample.device, sample.at) == ("tank", at(0.5))
    assert {name: sample.values[name] for name in ("slow", "quick", "steady", "output_1", "link")} == {
        "slow": 1,
        "quick": 2,
        "steady": 3,
        "output_1": 0,
        "link": "Cell",
    }


def test_a_long_pause_is_not_made_up_for() -> None:
    unit = logger()

    facts = unit.tick(at(24 * 3600))

    assert {row[0] for row in rows(facts)} == {24 * 3600}


def test_a_short_pause_is() -> None:
    unit = logger()

    facts = unit.tick(at(31))

    assert [row[0] for row in rows(facts)] == [5, 10, 15, 20, 25, 30]


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    unit = logger()
    unit.tick(at(300))

    uploads = run(unit, range(101, 111))

    assert list(uploads) == [105, 110]


def test_a_clock_that_is_set_back_a_little_takes_no_mark_twice() -> None:
    unit = logger()
    before = run(unit, range(1, 31))

    after = run(unit, range(11, 41))

    assert list(before) == [5, 10, 15, 20, 25, 30]
    assert list(after) == [35, 40]


def test_the_clocks_of_summer_and_winter_change_no_mark() -> None:
    # At 01:00 UTC on 2026-10-25 clocks in Europe go back by an hour.
    change = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    instrument = Instrument("tank", Settings(fields=FIELDS))
    unit = Logger("tank", FIELDS, instrument, buffer_s=0, began=change - timedelta(seconds=6))

    told = [fact.at for second in range(-5, 11) for fact in unit.tick(change + timedelta(seconds=second))]

    assert sorted(set(told)) == [change + timedelta(seconds=second) for second in (-5, 0, 5, 10)]


def test_a_unit_that_was_logging_without_a_connection_has_it_all() -> None:
    unit = logger(buffer_s=60)

    unit.recall(at(0.5), 3600)
    told = rows(unit.upload(at(0.5)))

    assert [row[0] for row in told if row[1] is Log.FAST] == [float(mark) for mark in range(-3595, 1, 5)]
    assert [row[0] for row in told if row[1] is Log.STATUS] == [-3000, -2400, -1800, -1200, -600, 0]
    assert run(unit, range(1, 6)) == {}


def test_of_a_backlog_no_more_is_taken_than_the_buffer_holds() -> None:
    quick = tuple(Field(name=f"quick {number}", log_interval_s=1) for number in range(90))
    unit = Logger("tank", quick, Instrument("tank", Settings(fields=quick)), buffer_s=0, began=at(0))

    unit.recall(at(0), 86_400)
    facts = unit.upload(at(0))

    first = min(fact.at for fact in facts)
    assert timedelta(seconds=1200) < at(0) - first < timedelta(seconds=1400)
    assert sum(len(fact.values) for fact in facts if isinstance(fact, LogRow)) <= VALUES_LIMIT


def test_a_full_buffer_loses_the_oldest_first() -> None:
    buffer = Buffer(limit=4)
    for second in range(4):
        buffer.add(Taken(second, {"slow": 1}, {"quick": 2}))

    taken = buffer.empty()

    assert [one.at_s for one in taken] == [2, 3]
    assert (buffer.oldest_s, buffer.empty()) == (None, [])


def test_a_unit_without_connection_takes_its_rows_and_keeps_them() -> None:
    unit = logger()

    offline = [unit.tick(at(second), is_connected=False) for second in range(1, 16)]
    facts = unit.tick(at(16))

    assert not any(offline)
    assert [row[0] for row in rows(facts)] == [5, 10, 15]


def test_the_condition_opens_and_closes_the_fast_log_alone() -> None:
    unit = logger(condition="f(1) > 1")

    uploads = run(unit, range(590, 601))

    assert uploads == {600: [(600, Log.STATUS, ["slow", "quick", "steady"], 0)]}


def test_the_next_mark_is_that_of_the_quickest_field() -> None:
    unit = logger()

    marks = [unit.next_at(at(second)) for second in (0, 4.9, 5, 598)]

    assert marks == [at(5), at(5), at(10), at(600)]


@given(st.lists(st.floats(0.05, 100), min_size=1, max_size=60), st.integers(0, 120))
def test_every_row_is_uploaded_once_and_in_order_however_late_the_unit_is_woken(
    pauses: list[float], buffer_s: int
) -> None:
    unit = logger(buffer_s=buffer_s)
    second = 0.5
    told: list[float] = []

    for pause in pauses:
        second += pause
        told.extend(row[0] for row in rows(unit.tick(at(second))) if row[1] is Log.FAST)

    # At most the buffer is missing at the end, nothing in between.
    assert told == [float(mark) for mark in range(5, int(told[-1]) + 1, 5)] if told else second < 5 + buffer_s
