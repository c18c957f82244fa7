"""Times as clients write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.ezeio.path.instants import instant_of, seconds_of

NOW = datetime(2026, 6, 1, 12, 0, 0, 900_000, tzinfo=UTC)

INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 3),  # noqa: DTZ001 (hypothesis adds the zone itself)
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 (as above)
    timezones=st.just(UTC),
).map(lambda at: at.replace(microsecond=0))
OFFSETS = st.integers(min_value=-23 * 60, max_value=23 * 60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-01-31T14:15:16Z", "2021-01-31T14:15:16"),
        ("2021-01-31t14:15:16z", "2021-01-31T14:15:16"),
        ("2021-01-31T14:15:16.999Z", "2021-01-31T14:15:16"),
        ("2021-01-31T14:15:16+02:00", "2021-01-31T12:15:16"),
        ("2021-01-31T14:15:16-0730", "2021-01-31T21:45:16"),
        ("2021-01-31T14:15:16-00:00", "2021-01-31T14:15:16"),
        ("2021-01-31T14:15:16 02:00", "2021-01-31T12:15:16"),
        ("2021-01-31 14:15:16", "2021-01-31T14:15:16"),
        ("2021-01-31+14:15", "2021-01-31T14:15:00"),
        ("2021-01-31", "2021-01-31T00:00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00"),
        ("2024-02-29", "2024-02-29T00:00:00"),
        ("1970-01-01", "1970-01-01T00:00:00"),
        ("1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59"),
        ("1612102516", "2021-01-31T14:15:16"),
        ("1612102516999", "2021-01-31T14:15:16"),
        ("999999999", "2001-09-09T01:46:39"),
        ("90m", "2026-06-01T10:30:00"),
        ("17h", "2026-05-31T19:00:00"),
        ("3d", "2026-05-29T12:00:00"),
        ("3D", "2026-05-29T12:00:00"),
        ("45s", "2026-06-01T11:59:15"),
        ("2w", "2026-05-18T12:00:00"),
        ("0m", "2026-06-01T12:00:00"),
        ("Now", "2026-06-01T12:00:00"),
    ],
)
def test_a_time_is_understood_in_every_writing(text: str, expected: str) -> None:
    at = instant_of(text, NOW)

    assert at == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "later",
        "yesterday",
        "2021",
        "2021-01",
        "2021-02-30",
        "2021-01-31T",
        "2021-01-31T24:00:00Z",
        "2021-01-31T14:60:00Z",
        "2021-01-31T14:15:61Z",
        "2021-01-31T14:15:16+24:00",
        "2021-01-31T14:15:16+02:60",
        "2021-01-31Z",
        "0000-01-01",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:60Z",
        "1969-12-31",
        "1970-01-01T00:00:00+01:00",
        "-90m",
        "1.5h",
        "3M",
        "3y",
        "m",
        "999999999w",
        "9999999999m",
        "12345678",
        "12345678901",
        "２０２１-01-31",
        "2021-01-31\n",
        "2021-01-31\x00",
        "\ud800",
    ],
)
def test_what_is_no_time_since_1970_is_none(text: str) -> None:
    assert instant_of(text, NOW) is None


@given(at=INSTANTS, offset_min=OFFSETS)
def test_an_instant_comes_back_from_every_zone(at: datetime, offset_min: int) -> None:
    local = (at + timedelta(minutes=offset_min)).strftime("%Y-%m-%dT%H:%M:%S")
    hours, minutes = divmod(abs(offset_min), 60)
    text = f"{local}{'-' if offset_min < 0 else '+'}{hours:02}:{minutes:02}"

    assert instant_of(text, NOW) == at


@given(at=INSTANTS)
def test_an_age_counts_back_from_now(at: datetime) -> None:
    age_s = 86_400 * 2

    assert instant_of("2d", at) == at - timedelta(seconds=age_s)


def test_an_age_is_the_same_on_the_day_that_clocks_change() -> None:
    # In Amsterdam 2026-03-29 has 23 hours; a day ago is 24 hours ago all the same.
    now = datetime(2026, 3, 29, 10, 0, tzinfo=UTC)

    assert instant_of("1d", now) == datetime(2026, 3, 28, 10, 0, tzinfo=UTC)


@given(st.text(alphabet="0123456789-+:TtZz. smhdwSHDWM\x00é", max_size=40) | st.text(max_size=40))
def test_no_text_leads_to_an_unhandled_error(text: str) -> None:
    at, seconds = instant_of(text, NOW), seconds_of(text)

    assert at is None or at.utcoffset() == timedelta(0)
    assert seconds is None or seconds >= 0
