"""Local times without a zone become instants."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hardwire.drivers.homewizard.instants import instant_of, sample_instant, zone_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_time_is_read_in_the_zone_of_the_device() -> None:
    assert instant_of("2026-06-01T14:00:00", AMSTERDAM, NOON) == NOON


@pytest.mark.parametrize("hour", [0, 1])
def test_in_the_hour_that_comes_twice_it_is_the_one_nearer_to_now(hour: int) -> None:
    now = datetime(2026, 10, 25, hour, 30, 2, tzinfo=UTC)

    assert instant_of("2026-10-25T02:30:00", AMSTERDAM, now) == now.replace(second=0)


@pytest.mark.parametrize("text", ["2026-13-01T00:00:00", "2026-02-30T00:00:00", "0001-01-01T00:00:00", "soon"])
def test_a_time_that_is_none_has_no_instant(text: str) -> None:
    assert instant_of(text, AMSTERDAM, NOON) is None


def test_a_hub_without_a_zone_reads_the_vendors() -> None:
    assert [zone_of(zone) for zone in ("UTC", "Europe/Brussels")] == ["Europe/Amsterdam", "Europe/Brussels"]


def test_a_sample_has_the_devices_own_instant_unless_that_is_far_off_or_runs_back() -> None:
    second, hour = timedelta(seconds=1), timedelta(hours=1)

    assert sample_instant(NOON - second, None, NOON) == NOON - second
    assert sample_instant(None, None, NOON) == NOON
    assert sample_instant(NOON - hour, None, NOON) == NOON
    assert sample_instant(NOON + hour, None, NOON) == NOON
    assert sample_instant(NOON - second, NOON - second, NOON) == NOON - second
    assert sample_instant(NOON - 2 * second, NOON - second, NOON) == NOON
    assert sample_instant(NOON - 2 * second, NOON + second, NOON) == NOON + second
