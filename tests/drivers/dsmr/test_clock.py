"""A meter's time stamps as text and as instants."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.dsmr.clock import Stamp, stamp_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("text", "local", "utc"),
    [
        ("260124213128W", "2026-01-24T21:31:28", datetime(2026, 1, 24, 20, 31, 28, tzinfo=UTC)),
        ("260724213128S", "2026-07-24T21:31:28", datetime(2026, 7, 24, 19, 31, 28, tzinfo=UTC)),
        # The hour that comes twice in autumn.
        ("261025023000S", "2026-10-25T02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("261025023000W", "2026-10-25T02:30:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        # A meter that keeps winter time all the year says so.
        ("260724203128W", "2026-07-24T20:31:28", datetime(2026, 7, 24, 19, 31, 28, tzinfo=UTC)),
        # DSMR 2.2 sends no mark: the calendar decides.
        ("260724210000", "2026-07-24T21:00:00", datetime(2026, 7, 24, 19, 0, tzinfo=UTC)),
    ],
)
def test_a_stamp_is_local_text_and_an_instant(text: str, local: str, utc: datetime) -> None:
    assert stamp_of(text, AMSTERDAM) == Stamp(local, utc)


def test_the_zone_decides_what_the_mark_is_added_to() -> None:
    stamp = stamp_of("260724213128S", ZoneInfo("Europe/Dublin"))

    assert stamp is not None
    assert stamp.at == datetime(2026, 7, 24, 20, 31, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", [None, "", "632525252525W", "260124213128X", "2601242131", "260230000000W", "٢٦٠١٢٤٢١٣١٢٨"]
)
def test_what_is_no_date_is_no_stamp(text: str | None) -> None:
    assert stamp_of(text, AMSTERDAM) is None


@given(st.text(alphabet="0123456789SW", max_size=14))
def test_no_text_raises(text: str) -> None:
    stamp = stamp_of(text, AMSTERDAM)

    assert stamp is None or stamp.at.tzinfo is UTC
