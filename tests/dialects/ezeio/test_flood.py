"""How many calls a key has."""

from datetime import timedelta

from hardwire.contracts.act import Respond
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.flood import Flood
from hardwire.dialects.ezeio.part import Settings
from tests.dialects.ezeio.premises import KEY, START, make_house


def test_a_window_ends_and_the_next_one_is_empty() -> None:
    flood = Flood(calls_per_minute=2, calls_per_day=0)
    seconds = [0, 20, 40, 59.5, 60, 61, 62]

    waits = [flood.wait_s("12345", START + timedelta(seconds=second)) for second in seconds]

    assert waits == [0, 0, 21, 1, 0, 0, 59]


def test_the_day_has_a_window_of_its_own() -> None:
    flood = Flood(calls_per_minute=0, calls_per_day=2)
    hours = [0, 1, 2, 24]

    waits = [flood.wait_s("12345", START + timedelta(hours=hour)) for hour in hours]

    assert waits == [0, 0, 22 * 3600 + 1, 0]


def test_keys_do_not_share_their_calls() -> None:
    flood = Flood(calls_per_minute=1, calls_per_day=0)
    flood.wait_s("12345", START)

    waits = [flood.wait_s("12345", START), flood.wait_s("54321", START)]

    assert waits == [61, 0]


def test_a_clock_that_was_set_back_begins_a_new_window() -> None:
    flood = Flood(calls_per_minute=1, calls_per_day=0)
    flood.wait_s("12345", START)

    wait_s = flood.wait_s("12345", START - timedelta(hours=1))

    assert wait_s == 0


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
