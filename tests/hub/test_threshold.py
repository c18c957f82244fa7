"""An alarm's way through its states."""

from datetime import timedelta

import pytest

from hardwire.hub.threshold import Turn, Zone, calmed, judged, number_of, threshold_of, zone_of
from hardwire.model.alarm import Alarm, AlarmStanding, AlarmState
from hardwire.model.value import Value
from tests.fakes.still_clock import NOON

HIGH = Alarm(name="High", point="level", above=70, restore_below=60, holdoff_s=10, restore_holdoff_s=20)


def walk(alarm: Alarm, *values: tuple[float, float]) -> list[str]:
    """Judge (second, value) pairs from rest; return each state, with what was told after a slash."""
    standing = AlarmStanding(alarm, AlarmState.RESTORED, NOON)
    states = []
    for second, value in values:
        standing, turn = judged(standing, value, NOON + timedelta(seconds=second))
        states.append(standing.state.value + (f"/{turn.value}" if turn else ""))
    return states


def test_an_alarm_is_raised_once_its_condition_has_held() -> None:
    states = walk(HIGH, (0, 70), (1, 71), (10, 75), (11, 72), (12, 80))

    assert states == ["restored", "in alarm holdoff", "in alarm holdoff", "in alarm/ALARM", "in alarm"]


def test_a_value_that_falls_back_in_time_raises_nothing_and_the_holdoff_begins_anew() -> None:
    states = walk(HIGH, (0, 71), (9, 70), (10, 71), (19, 71), (20, 71))

    assert states == [
        "in alarm holdoff",
        "restored",
        "in alarm holdoff",
        "in alarm holdoff",
        "in alarm/ALARM",
    ]


def test_it_is_restored_only_beyond_the_second_threshold_and_only_in_time() -> None:
    states = walk(HIGH, (0, 71), (10, 71), (11, 65), (12, 59), (31, 60), (32, 59), (51, 59), (52, 59))

    assert states[2:] == [
        "between conditions",
        "in restore holdoff",
        "between conditions",
        "in restore holdoff",
        "in restore holdoff",
        "restored/RESTORE",
    ]


def test_an_alarm_that_comes_back_before_it_was_restored_is_told_once() -> None:
    states = walk(HIGH, (0, 71), (10, 71), (11, 59), (12, 71), (13, 65), (14, 71))

    assert states[2:] == ["in restore holdoff", "in alarm", "between conditions", "in alarm"]


def test_without_holdoffs_each_crossing_is_told_at_once() -> None:
    states = walk(Alarm(name="On", point="on", above=0), (0, 1), (1, 1), (2, 0), (3, 1))

    assert states == ["in alarm/ALARM", "in alarm", "restored/RESTORE", "in alarm/ALARM"]


def test_a_band_is_left_on_either_side() -> None:
    band = Alarm(name="Band", point="t", above=30, below=10, restore_above=12)

    zones = [zone_of(band, value) for value in (31, 30, 12.5, 12, 10, 9)]

    assert zones == [Zone.ALARM, Zone.RESTORE, Zone.RESTORE, Zone.BETWEEN, Zone.BETWEEN, Zone.ALARM]
    assert [threshold_of(band, value) for value in (31, 9, 12.5)] == [30, 10, 10]


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (AlarmState.ALARM_HOLDOFF, AlarmState.RESTORED),
        (AlarmState.RESTORE_HOLDOFF, AlarmState.BETWEEN),
        (AlarmState.IN_ALARM, AlarmState.IN_ALARM),
        (AlarmState.BETWEEN, AlarmState.BETWEEN),
        (AlarmState.RESTORED, AlarmState.RESTORED),
    ],
)
def test_what_nobody_knows_ends_a_holdoff_and_nothing_else(state: AlarmState, after: AlarmState) -> None:
    assert calmed(AlarmStanding(HIGH, state, NOON), NOON).state is after


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3.0),
        (True, 1.0),
        (0.5, 0.5),
        ("3", None),
        (("a",), None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
    ],
)
def test_an_alarm_reads_finite_numbers_and_flags(value: Value, number: float | None) -> None:
    assert number_of(value) == number


def test_the_kinds_of_incidents_are_those_of_the_event_log() -> None:
    assert [turn.value for turn in Turn] == ["ALARM", "RESTORE"]
