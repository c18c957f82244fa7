"""Rows on the marks of the clock."""

from datetime import UTC, datetime, timedelta

from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.logbook import LONGEST_CATCH_UP_S, Logbook
from hardwire.hub.roster import Roster
from hardwire.model.command import FlushLog, LogUnbuffered
from hardwire.model.device import Device
from hardwire.model.fact import Log, LogRow, Sample
from hardwire.model.point import Keeper, Point, PointKind
from tests.fakes.still_clock import StillClock

START = datetime(2026, 6, 1, 12, 3, 1, tzinfo=UTC)
UNIT = Device(
    id="unit",
    kind="unit",
    stale_after_s=3600,
    points=(
        Point(name="slow"),
        Point(name="fast", log_interval_s=5),
        Point(name="never_told", log_interval_s=5),
        Point(name="note", kind=PointKind.TEXT, log_interval_s=5),
        Point(name="kept", keeper=Keeper.HUB, log_interval_s=5),
    ),
)


class House:
    def __init__(self, device: Device = UNIT, *, is_shown: bool = True) -> None:
        self.clock = StillClock(START)
        self.roster = Roster()
        self.roster.declare(device)
        self.logbook = Logbook(Premises(self.roster, Access(self.clock)), is_shown=lambda id: is_shown)
        self.roster.remember(Sample("unit", START, {"slow": 1, "fast": 2, "note": "x"}), START)
        self.roster.keep("unit", {"kept": 3}, START)

    def pass_seconds(self, seconds: int) -> list[LogRow]:
        return [row for _ in range(seconds) for row in self.logbook.rows(self.clock.pass_s(1))]


def test_a_fast_row_is_taken_on_the_marks_of_its_interval_with_what_the_source_has_told() -> None:
    house = House()

    rows = house.pass_seconds(10)

    assert [(row.at.second, row.log, dict(row.values)) for row in rows] == [
        (5, Log.FAST, {"fast": 2}),
        (10, Log.FAST, {"fast": 2}),
    ]


def test_a_status_row_is_taken_every_ten_minutes_with_all_fields() -> None:
    house = House()

    rows = [row for row in house.pass_seconds(1020) if row.log is Log.STATUS]

    assert [(row.at.minute, dict(row.values)) for row in rows] == [
        (10, {"slow": 1, "fast": 2}),
        (20, {"slow": 1, "fast": 2}),
    ]


def test_a_device_that_has_told_nothing_has_no_rows() -> None:
    house = House()
    house.roster.remove("unit")
    house.roster.declare(UNIT)
    house.roster.mark_alive("unit", START)

    rows = house.pass_seconds(10)

    assert rows == []


def test_no_rows_are_taken_of_a_stale_device() -> None:
    house = House()
    house.roster.mark_lost("unit", "gone", START)

    rows = house.pass_seconds(600)

    assert rows == []


def test_no_rows_are_taken_of_a_device_that_keeps_its_own_log_or_is_shown_nowhere() -> None:
    own = House(Device(id="unit", kind="unit", points=UNIT.points, log="self"))
    hidden = House(is_shown=False)

    rows = own.pass_seconds(600) + hidden.pass_seconds(600)

    assert rows == []


def test_a_mark_that_one_call_missed_is_taken_by_the_next() -> None:
    house = House()
    house.pass_seconds(1)

    rows = list(house.logbook.rows(house.clock.pass_s(9)))

    assert [row.at.second for row in rows] == [5, 10]


def test_after_a_suspension_only_the_last_minute_is_made_up() -> None:
    house = House()
    house.pass_seconds(1)

    rows = list(house.logbook.rows(house.clock.pass_s(1800)))

    assert len([row for row in rows if row.log is Log.FAST]) == LONGEST_CATCH_UP_S / 5


def test_a_clock_that_is_set_back_a_little_takes_no_mark_twice() -> None:
    house = House()
    before = house.pass_seconds(10)
    house.clock.pass_s(-8)

    again = house.pass_seconds(14)

    assert [row.at.second for row in before] == [5, 10]
    assert [row.at.second for row in again] == [15]


def test_a_clock_that_is_set_back_far_goes_on_from_there() -> None:
    house = House()
    house.pass_seconds(10)
    house.clock.pass_s(-1800)

    rows = house.pass_seconds(10)

    assert [row.at for row in rows if row.log is Log.FAST] == [
        START - timedelta(seconds=1801 - 15),
        START - timedelta(seconds=1801 - 20),
    ]


def test_the_same_second_twice_gives_no_row_twice() -> None:
    house = House()
    rows = house.pass_seconds(4)

    again = list(house.logbook.rows(house.clock()))

    assert len(rows) == 1
    assert again == []


def test_a_fast_row_says_how_long_the_unbuffered_mode_lasts() -> None:
    house = House()
    house.logbook.obey("unit", LogUnbuffered(7), START)

    rows = house.pass_seconds(10)

    assert [row.unbuffered_s for row in rows] == [3, 0]


def test_a_flush_leaves_the_unbuffered_mode_as_it_is() -> None:
    house = House()
    house.logbook.obey("unit", LogUnbuffered(7), START)

    house.logbook.obey("unit", FlushLog(), START)

    assert [row.unbuffered_s for row in house.pass_seconds(4)] == [3]
    assert house.logbook.unbuffered_until("unit") == START + timedelta(seconds=7)


def test_half_an_hour_of_unbuffered_mode_is_half_an_hour_when_clocks_are_changed_for_winter() -> None:
    house = House()
    # At 01:00 UTC on 2026-10-25 clocks in Europe go back by an hour.
    began = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    house.clock.pass_s((began - START).total_seconds())
    house.roster.mark_alive("unit", began)
    house.logbook.obey("unit", LogUnbuffered(1800), began)

    rows = [row for row in house.pass_seconds(1810) if row.log is Log.FAST]

    assert [(row.at - began).total_seconds() + row.unbuffered_s for row in rows if row.unbuffered_s] == [1800] * 359
    assert [row.unbuffered_s for row in rows[-3:]] == [0, 0, 0]


def test_what_is_no_field_is_in_the_status_log_alone() -> None:
    points = (Point(name="fast", log_interval_s=5), Point(name="input_1", log_interval_s=5, is_field=False))
    house = House(Device(id="unit", kind="unit", stale_after_s=3600, points=points))
    house.roster.remember(Sample("unit", START, {"input_1": 7}), START)

    rows = house.pass_seconds(600)

    assert {tuple(row.values) for row in rows if row.log is Log.FAST} == {("fast",)}
    assert {tuple(row.values) for row in rows if row.log is Log.STATUS} == {("fast", "input_1")}
