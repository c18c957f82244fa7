"""How many calls a key has."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hardwire.contracts.act import Respond
from hardwire.contracts.dialect import Metered
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.access.flood import Excess, Flood
from hardwire.dialects.ezeio.part import Settings
from tests.dialects.ezeio.premises import KEY, START, House, make_house


def flood_of(calls_per_minute: int | None, calls_per_day: int | None) -> Flood:
    """A guard on a hub where everybody knows the key 99999."""
    return Flood(
        calls_per_minute=calls_per_minute, calls_per_day=calls_per_day, is_everybodys=lambda key: key == "99999"
    )


def wait_s(flood: Flood, key: str, now: datetime) -> int:
    """Count a call; return how long the key has to wait, 0 when it need not."""
    excess = flood.excess(key, now)
    return 0 if excess is None else excess.wait_s


def call(house: House) -> Respond:
    """Call nothing in particular with the key 12345."""
    headers = {"ezeapikey": "12345", "authorization": f"Bearer {KEY}"}
    request = Request(method="GET", target="/v1", path="/v1", headers=headers)
    *_, answer = house.dialect.answer(request).open(START)
    assert isinstance(answer, Respond)
    return answer


def test_a_window_ends_and_the_next_one_is_empty() -> None:
    flood = flood_of(2, 0)
    seconds = [0, 20, 40, 59.5, 60, 61, 62]

    waits = [wait_s(flood, "12345", START + timedelta(seconds=second)) for second in seconds]

    assert waits == [0, 0, 20, 1, 0, 0, 58]


def test_a_call_that_waits_as_long_as_it_was_told_is_answered() -> None:
    flood = flood_of(1, 0)
    flood.excess("12345", START)
    late = START + timedelta(seconds=12.3)

    wait = wait_s(flood, "12345", late)

    assert wait == 48
    assert wait_s(flood, "12345", late + timedelta(seconds=wait)) == 0


def test_the_day_has_a_window_of_its_own() -> None:
    flood = flood_of(0, 2)
    hours = [0, 1, 2, 24]

    waits = [wait_s(flood, "12345", START + timedelta(hours=hour)) for hour in hours]

    assert waits == [0, 0, 22 * 3600, 0]


def test_of_two_windows_that_are_used_up_the_longer_wait_is_told() -> None:
    flood = flood_of(1, 1)
    flood.excess("12345", START)
    soon_over = START + timedelta(hours=23, minutes=59, seconds=50)
    late = flood_of(1, 2)
    late.recount({"12345": (START, 1)})
    late.excess("12345", soon_over)

    day = flood.excess("12345", START)
    minute = late.excess("12345", soon_over)

    assert day == Excess(24 * 3600, 1, "24 h")
    assert minute == Excess(60, 1, "60 s")


def test_keys_do_not_share_their_calls() -> None:
    flood = flood_of(1, 0)
    flood.excess("12345", START)

    waits = [wait_s(flood, "12345", START), wait_s(flood, "54321", START)]

    assert waits == [60, 0]


def test_a_clock_that_was_set_back_begins_a_new_window() -> None:
    flood = flood_of(1, 0)
    flood.excess("12345", START)

    wait = wait_s(flood, "12345", START - timedelta(hours=1))

    assert wait == 0


@pytest.mark.parametrize("month", [3, 10])
def test_a_change_to_or_from_summer_time_makes_no_window_longer_or_shorter(month: int) -> None:
    flood = flood_of(0, 1)
    before = datetime(2026, month, 24, 12, tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)
    flood.excess("12345", before)

    waits = [wait_s(flood, "12345", before + timedelta(hours=hour)) for hour in (23, 24)]

    assert waits == [3600, 0]


def test_a_key_has_the_documented_number_of_calls_unless_the_owner_says_otherwise() -> None:
    flood = flood_of(None, None)

    waits = [wait_s(flood, "12345", START) for _ in range(101)]
    waits += [wait_s(flood, "12345", START + timedelta(minutes=minute)) for minute in range(1, 500) for _ in range(100)]

    assert waits[:101] == [0] * 100 + [60]
    assert set(waits[101:50_000]) == {0}
    assert waits[50_000:] == [(24 * 60 - 499) * 60]


@pytest.mark.parametrize(("minute", "day", "waits"), [(None, None, {0}), (5, 0, {0, 60}), (0, 0, {0})])
def test_a_key_that_everybody_knows_has_the_calls_that_were_set_or_no_limit(
    minute: int | None, day: int | None, waits: set[int]
) -> None:
    flood = flood_of(minute, day)

    found = {wait_s(flood, "99999", START) for _ in range(1000)}

    assert found == waits


@pytest.mark.parametrize(("settings", "status"), [(None, 404), (Settings(calls_per_minute=100), 429)])
def test_programs_that_try_a_demo_share_its_key_without_running_out_of_calls(
    settings: Settings | None, status: int
) -> None:
    house = make_house(settings=settings)
    house.access.known_secrets["ezeio"] = f"12345:{KEY}"

    answers = [call(house) for _ in range(101)]

    assert answers[-1].status == status


def test_a_key_without_calls_left_is_told_for_how_long() -> None:
    house = make_house(settings=Settings(calls_per_minute=1))
    call(house)

    answer = call(house)

    sentence = "Too many calls: a key has 1 in 60 s; call again in 60 s"
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "60"
    assert answer.body.decode() == f'{{"reqtime":"2026-06-01T12:00:00Z","status":"{sentence}","exec_time":0.0}}'


def test_what_is_only_challenged_costs_no_call() -> None:
    house = make_house(settings=Settings(calls_per_minute=1))
    for _ in range(5):
        list(house.dialect.answer(Request(method="GET", target="/v1", path="/v1")).open(START))

    answer = call(house)

    assert answer.status == 404


def test_the_calls_of_a_day_are_those_of_the_next_run_too() -> None:
    before, after = make_house(settings=Settings(calls_per_day=3)), make_house(settings=Settings(calls_per_day=3))
    call(before)
    call(before)

    counted = before.dialect.counted()
    after.dialect.recount(counted)

    assert isinstance(before.dialect, Metered)
    assert counted == {"12345": (START, 2)}
    assert [call(after).status, call(after).status] == [404, 429]


def test_the_calls_of_a_key_that_everybody_knows_are_kept_nowhere() -> None:
    flood = flood_of(None, None)
    flood.excess("99999", START)

    counted = flood.counted()

    assert counted == {}
