"""What may be asked of a device's past, beyond what the conversations show."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.contracts.act import Bear, Respond
from hardwire.contracts.request import Request
from hardwire.dialects.hub import history
from hardwire.dialects.hub.query import EPOCH, past, seconds
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Log
from hardwire.model.point import Point
from tests.dialects.hub.premises import ADMIN_TOKEN, make_house
from tests.dialects.transcript import START


def test_a_device_with_log_intervals_is_read_from_its_fast_log() -> None:
    house = make_house()
    house.roster.declare(Device(id="lab", kind="unit", points=(Point(name="ch1", log_interval_s=5), Point(name="ch2"))))
    lab = house.premises.device("lab")
    assert lab is not None

    logged = history.asked({}, lab, house.premises, START)
    without = history.asked({"point": "ch2"}, lab, house.premises, START)

    assert logged.wish.log is Log.FAST
    assert logged.wish.points == ("ch1",)
    assert without.wish.log is None
    assert history.asked({"log": "status"}, lab, house.premises, START).wish.points == ("ch1", "ch2")


def test_a_device_that_keeps_its_logs_itself_is_read_from_its_fast_log() -> None:
    house = make_house()
    device = Device(id="lab", kind="unit", points=(Point(name="ch1"),), log="self")

    assert history.asked({}, device, house.premises, START).wish.log is Log.FAST


def test_a_field_that_is_gone_still_has_its_past() -> None:
    house = make_house()
    house.roster.declare(Device(id="grid", kind="meter"))
    grid = house.premises.device("grid")
    assert grid is not None

    found = history.asked({"point": "power_w"}, grid, house.premises, START)

    assert found.points == [{"name": "power_w", "label": "", "unit": "", "decimals": None, "field": 1}]


def test_a_token_puts_no_backup_back_it_may_come_from_another_machine() -> None:
    house = make_house()
    request = Request(
        method="POST",
        target="/hub/v1/restore",
        path="/hub/v1/restore",
        body=b'{"file": "/etc/passwd"}',
        headers={"authorization": f"Bearer {ADMIN_TOKEN}"},
    )

    acts = list(house.dialect.answer(request).open(START))

    refusal = acts[-1]
    assert [type(act) for act in acts] == [Bear, Respond]
    assert isinstance(refusal, Respond)
    assert refusal.status == 403
    assert "on the hub's own machine" in msgspec.json.decode(refusal.body)["error"]["message"]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("90s", START - timedelta(seconds=90)),
        ("90m", START - timedelta(minutes=90)),
        ("3d", START - timedelta(days=3)),
        ("2w", START - timedelta(weeks=2)),
        ("9999999999w", EPOCH),
        ("1969-12-31", EPOCH),
        ("2026-06-01T14:00:00+02:00", START),
        ("2026-06-01", START - timedelta(hours=12)),
    ],
)
def test_a_time_is_an_age_or_a_date(text: str, at: datetime) -> None:
    assert past(text, "since", START) == at


def test_a_time_without_a_zone_is_of_the_zone_that_is_given() -> None:
    east = timezone(timedelta(hours=2))

    assert past("2026-06-01T14:00:00", "since", START, east) == START
    assert past("2026-06-01T14:00:00", "since", START, None).tzinfo is UTC


@given(st.text(alphabet="0123456789smhdwTZ:-+. ", max_size=40))
def test_a_time_and_a_length_are_read_or_refused_with_a_sentence(text: str) -> None:
    for read in (lambda: past(text, "since", START), lambda: seconds(text, "interval")):
        refusal = None
        try:
            read()
        except BadValueError as error:
            refusal = error

        assert refusal is None or refusal.path in ("since", "interval")
