"""How many calls a key has."""

from datetime import timedelta

import pytest

from hardwire.contracts.act import Respond
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.flood import Flood
from hardwire.dialects.ezeio.part import Settings
from tests.dialects.ezeio.premises import KEY, START, make_house


def flood_of(calls_per_minute: int | None, calls_per_day: int | None) -> Flood:
    """A guard on a hub where everybody knows the key 99999."""
    return Flood(
        calls_per_minute=calls_per_minute, calls_per_day=calls_per_day, is_everybodys=lambda key: key == "99999"
    )


def test_a_window_ends_and_the_next_one_is_empty() -> None:
    flood = flood_of(2, 0)
    seconds = [0, 20, 40, 59.5, 60, 61, 62]

    waits = [flood.wait_s("12345", START + timedelta(seconds=second)) for second in seconds]

    assert waits == [0, 0, 21, 1, 0, 0, 59]


def test_the_day_has_a_window_of_its_own() -> None:
    flood = flood_of(0, 2)
    hours = [0, 1, 2, 24]

    waits = [flood.wait_s("12345", START + timedelta(hours=hour)) for hour in hours]

    assert waits == [0, 0, 22 * 3600 + 1, 0]


def test_keys_do_not_share_their_calls() -> None:
    flood = flood_of(1, 0)
    flood.wait_s("12345", START)

    waits = [flood.wait_s("12345", START), flood.wait_s("54321", START)]

    assert waits == [61, 0]


def test_a_clock_that_was_set_back_begins_a_new_window() -> None:
    flood = flood_of(1, 0)
    flood.wait_s("12345", START)

    wait_s = flood.wait_s("12345", START - timedelta(hours=1))

    assert wait_s == 0


def test_a_key_has_the_documented_number_of_calls_unless_the_owner_says_otherwise() -> None:
    flood = flood_of(None, None)

    waits = [flood.wait_s("12345", START) for _ in range(101)]
    waits += [flood.wait_s("12345", START + timedelta(minutes=minute)) for minute in range(1, 500) for _ in range(100)]

    assert waits[:101] == [0] * 100 + [61]
    assert set(waits[101:50_000]) == {0}
    assert waits[50_000:] == [(24 * 60 - 499) * 60 + 1]


@pytest.mark.parametrize(("minute", "day", "waits"), [(None, None, {0}), (5, 0, {0, 61}), (0, 0, {0})])
def test_a_key_that_everybody_knows_has_the_calls_that_were_set_or_no_limit(
    minute: int | None, day: int | None, waits: set[int]
) -> None:
    flood = flood_of(minute, day)

    found = {flood.wait_s("99999", START) for _ in range(1000)}

    assert found == waits


@pytest.mark.parametrize(("settings", "status"), [(None, 404), (Settings(calls_per_minute=100), 429)])
def test_programs_that_try_a_demo_share_its_key_without_running_out_of_calls(
    settings: Settings | None, status: int
) -> None:
    house = make_house(settings=settings)
    house.access.known_secrets["ezeio"] = f"12345:{KEY}"
    headers = {"ezeapikey": "12345", "authorization": f"Bearer {KEY}"}
    request = Request(method="GET", target="/v1", path="/v1", headers=headers)

    answers = [list(house.dialect.answer(request).open(START))[-1] for _ in range(101)]

    last = answers[-1]
    assert isinstance(last, Respond)
    assert last.status == status


def test_a_key_without_calls_left_is_told_for_how_long() -> None:
    house = make_house(settings=Settings(calls_per_minute=1))
    headers = {"ezeapikey": "12345", "authorization": f"Bearer {KEY}"}
    request = Request(method="GET", target="/v1", path="/v1", headers=headers)
    list(house.dialect.answer(request).open(START))

    *_, answer = house.dialect.answer(request).open(START)

    assert isinstance(answer, Respond)
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "61"
    assert answer.body == b'{"reqtime":"2026-06-01T12:00:00Z","status":"Too many calls","exec_time":0.0}'
