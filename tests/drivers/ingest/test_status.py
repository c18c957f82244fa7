"""The status log of loggers that bring only a fast one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hardwire.drivers.ingest.status import StatusRows

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def followed(
    status: StatusRows, *rows: tuple[float, Mapping[str, int]]
) -> list[tuple[float, Mapping[str, int | float]]]:
    made = status.follow((at(minutes), values) for minutes, values in rows)
    return [((when - NOON).total_seconds() / 60, values) for when, values in made]


def test_a_mark_has_what_held_until_then() -> None:
    made = followed(StatusRows(), (1, {"a": 1}), (9, {"b": 2}), (11, {"a": 3}))

    assert made == [(10, {"a": 1, "b": 2})]


def test_a_row_on_the_mark_counts_for_it_and_what_it_lacks_is_what_held() -> None:
    made = followed(StatusRows(), (9, {"a": 1, "b": 2}), (10, {"a": 5}))

    assert made == [(10, {"a": 5, "b": 2})]


def test_a_second_row_of_the_mark_adds_its_own_values() -> None:
    status = StatusRows()

    first, second = followed(status, (10, {"a": 5})), followed(status, (10, {"b": 6}))

    assert (first, second) == ([(10, {"a": 5})], [(10, {"b": 6})])


def test_of_a_pause_only_the_first_mark_is_told() -> None:
    made = followed(StatusRows(), (5, {"a": 1}), (65, {"a": 2}), (70, {"a": 3}))

    assert made == [(10, {"a": 1}), (70, {"a": 3})]


def test_what_is_older_than_what_was_told_makes_no_row() -> None:
    status = StatusRows()
    followed(status, (15, {"a": 1}))

    assert followed(status, (9, {"a": 7}), (10, {"a": 8})) == []
    assert followed(status, (21, {"b": 1})) == [(20, {"a": 1})]


def test_a_row_without_values_tells_nothing() -> None:
    assert followed(StatusRows(), (10, {})) == []
