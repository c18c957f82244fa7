"""Answers of a log that are long, calls that nobody would expect."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.contracts.act import Act, Ask, Respond
from hardwire.contracts.question import ReadHistory
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session, Upgrade
from hardwire.dialects.ezeio.functions.past import PIECE_VALUES
from hardwire.model.errors import HubFaultError
from hardwire.model.history import HistoryRow, HistoryWish
from tests.dialects.ezeio.premises import KEY, START, House, make_house

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def call(path: str, house: House | None = None) -> Session:
    """Return the conversation of a call with the ordinary key."""
    headers = {"ezeapikey": "12345", "authorization": f"Bearer {KEY}"}
    dialect = (house or make_house()).dialect
    return dialect.answer(Request(method="GET", target=path, path=path, headers=headers))


def stored(wish: HistoryWish, instants: Sequence[datetime]) -> tuple[HistoryRow, ...]:
    """Return what a store that holds a row at each of these instants answers."""
    found = [at for at in instants if wish.since <= at < wish.until][: wish.limit]
    return tuple(HistoryRow(at, {"level": 1.0, "flow": 2.0}) for at in found)


def told_by(session: Session, instants: Sequence[datetime]) -> tuple[dict[str, Any], list[HistoryWish]]:  # Any: JSON
    """Play the store until the answer is there; returns it with what was asked."""
    wishes: list[HistoryWish] = []
    acts: Sequence[Act | Upgrade] = list(session.open(START))
    while isinstance(ask := acts[-1], Ask):
        assert isinstance(ask.question, ReadHistory)
        wishes.append(ask.question.wish)
        acts = list(session.reply(ask.tag, stored(ask.question.wish, instants), START))
    answer = acts[-1]
    assert isinstance(answer, Respond)
    return json.loads(answer.body), wishes


def every(length: timedelta, count: int) -> list[datetime]:
    """Return so many instants from SINCE on."""
    return [SINCE + number * length for number in range(count)]


@pytest.mark.parametrize(("function", "limit"), [("syslog", 5_000), ("samplelog", 15_000)])
def test_a_call_tells_no_more_rows_than_documented_and_where_to_go_on(function: str, limit: int) -> None:
    instants = every(timedelta(seconds=30), limit + 7)

    first, _ = told_by(call(f"/v1/{function}/ABC123/from=2020-01-01/raw"), instants)
    rest, _ = told_by(call(f"/v1/{function}/ABC123/from={first['next']}/raw"), instants)

    assert (len(first["rows"]), len(rest["rows"])) == (limit, 7)
    assert list(first) == ["reqtime", "reqfrom", "reqto", "rows", "next", "status", "exec_time"]
    assert "next" not in rest
    times = [row["time"] for row in first["rows"] + rest["rows"]]
    assert times == [at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in instants]


def test_exactly_as_many_rows_as_documented_are_all() -> None:
    told, _ = told_by(call("/v1/syslog/ABC123/from=2020-01-01/raw"), every(timedelta(minutes=10), 5_000))

    assert len(told["rows"]) == 5_000
    assert "next" not in told


def test_a_long_answer_is_asked_for_in_pieces_that_follow_each_other() -> None:
    instants = every(timedelta(seconds=1), 14_000)

    told, wishes = told_by(call("/v1/samplelog/ABC123/from=2020-01-01/raw"), instants)

    size = PIECE_VALUES
    assert [wish.limit for wish in wishes] == [size + 1, 5_001]
    assert [wish.since for wish in wishes] == [SINCE, SINCE + timedelta(seconds=size)]
    assert len(told["rows"]) == 14_000


def test_rows_of_one_second_are_not_divided_between_two_calls() -> None:
    instants = [at for at in every(timedelta(seconds=1), 5_000) for _ in range(2)]
    instants = [at + timedelta(milliseconds=number % 2 * 500) for number, at in enumerate(instants)][1:]

    first, _ = told_by(call("/v1/syslog/ABC123/from=2020-01-01/raw"), instants)
    second, _ = told_by(call(f"/v1/syslog/ABC123/from={first['next']}/raw"), instants)

    assert len(first["rows"]) == 4_999
    assert len(first["rows"]) + len(second["rows"]) == 9_999


def test_more_rows_in_one_second_than_a_call_tells_do_not_stop_it() -> None:
    instants = [SINCE + timedelta(microseconds=100 * number) for number in range(6_000)]
    instants.append(SINCE + timedelta(minutes=1))

    first, _ = told_by(call("/v1/syslog/ABC123/from=2020-01-01/raw"), instants)
    second, _ = told_by(call(f"/v1/syslog/ABC123/from={first['next']}/raw"), instants)

    assert (len(first["rows"]), first["next"]) == (5_000, "2020-01-01T00:00:01Z")
    assert [row["time"] for row in second["rows"]] == ["2020-01-01T00:01:00Z"]


def test_a_fault_in_the_middle_of_a_long_answer_is_told_as_a_fault() -> None:
    session = call("/v1/samplelog/ABC123/from=2020-01-01/raw")
    *_, ask = session.open(START)
    assert isinstance(ask, Ask)
    assert isinstance(ask.question, ReadHistory)
    *_, again = session.reply(0, stored(ask.question.wish, every(timedelta(seconds=1), 14_000)), START)
    assert isinstance(again, Ask)

    *_, answer = session.reply(0, HubFaultError("disk /dev/sda1 is full"), START)

    assert isinstance(answer, Respond)
    assert answer.status == 500
    assert b"sda1" not in answer.body
    assert b"rows" not in answer.body


@pytest.mark.parametrize("path", ["/v1/status/ABC123", "/v1/group/one"])
def test_what_answers_at_once_waits_for_nothing(path: str) -> None:
    session = call(path)
    *_, answer = session.open(START)

    assert isinstance(answer, Respond)
    assert list(session.reply(0, None, START)) == []


FUNCTIONS = st.sampled_from(["status", "syslog", "samplelog", "group", "STATUS", "", "syslog%"])
SEGMENTS = st.sampled_from(
    ["ABC123", "grd-001", "from=3h", "to=1h", "raw", "1h", "max", "fields=1", "sections=meta", "one", "tree", "systems"]
)


@given(
    function=FUNCTIONS,
    segments=st.lists(SEGMENTS | st.text(alphabet=st.characters(), max_size=12), max_size=6),
    query=st.dictionaries(st.text(max_size=5) | st.just("from"), st.text(max_size=5), max_size=2),
)
def test_every_call_is_answered_in_json(function: str, segments: list[str], query: dict[str, str]) -> None:
    path = "/".join(["/v1", function, *segments])
    headers = {"ezeapikey": "12345", "authorization": f"Bearer {KEY}"}
    request = Request(method="GET", target=path, path=path, query=query, headers=headers)
    session = make_house().dialect.answer(request)

    *_, last = session.open(START)
    if isinstance(last, Ask):
        *_, last = session.reply(last.tag, (), START)

    assert isinstance(last, Respond)
    body = json.loads(last.body)
    assert (next(iter(body)), list(body)[-2:]) == ("reqtime", ["status", "exec_time"])
    assert (body["status"] == "OK") == (last.status == 200)
