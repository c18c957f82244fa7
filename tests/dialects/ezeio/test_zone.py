"""What `tzofs` is in summer and in winter."""

from datetime import UTC, datetime

import pytest

from hardwire.dialects.ezeio.unit.zone import east_of_utc_minutes

SUMMER = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
WINTER = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("UTC", SUMMER, 0),
        ("Europe/Amsterdam", SUMMER, 120),
        ("Europe/Amsterdam", WINTER, 60),
        ("America/Phoenix", SUMMER, -420),
        ("America/Phoenix", WINTER, -420),
        ("America/St_Johns", WINTER, -210),
        ("Asia/Kathmandu", SUMMER, 345),
    ],
)
def test_a_zone_is_so_many_minutes_east_of_utc(zone: str, at: datetime, expected: int) -> None:
    assert east_of_utc_minutes(zone, at) == expected


def test_it_changes_in_the_very_second_that_clocks_do() -> None:
    before = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)
    after = datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC)

    assert [east_of_utc_minutes("Europe/Amsterdam", at) for at in (before, after)] == [60, 120]


@pytest.mark.parametrize("zone", ["", "Nowhere/Town", "Europe", "../etc/passwd", "x" * 5000, "a\x00b"])
def test_a_zone_that_nobody_knows_is_utc(zone: str) -> None:
    assert east_of_utc_minutes(zone, SUMMER) == 0
