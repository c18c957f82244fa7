"""Times on the wire."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hardwire.dialects.ezeio.wire import utc_text


@pytest.mark.parametrize("offset", [timedelta(hours=2), timedelta(hours=-7, minutes=-30), timedelta(0)])
def test_an_instant_is_told_in_utc_whatever_its_zone(offset: timedelta) -> None:
    at = datetime(2021, 1, 31, 14, 15, 16, 999_000, tzinfo=UTC).astimezone(timezone(offset))

    assert utc_text(at) == "2021-01-31T14:15:16Z"
