"""What the transcripts of the event log do not show."""

from hardwire.contracts.act import Respond
from hardwire.contracts.request import Request
from tests.dialects.ezeio.control_premises import incident
from tests.dialects.ezeio.field_premises import equip
from tests.dialects.ezeio.premises import KEY, START, House, key, make_house


def told(house: House, number: str) -> bytes:
    """Return the body of the event log of BAA-144 with one event, for a key."""
    headers = {"ezeapikey": number, "authorization": f"Bearer {KEY}"}
    path = "/v1/eventlog/BAA144/from=1h"
    session = house.dialect.answer(Request(method="GET", target=path, path=path, headers=headers))
    list(session.open(START))

    (answer,) = session.reply(0, ((1, incident("2026-06-01T11:59:59")),), START)

    assert isinstance(answer, Respond)
    return answer.body


def test_a_unit_whose_group_is_gone_is_told_without_one() -> None:
    house = make_house()
    equip(house)
    house.access.add(key("80000", group="site"))
    house.access.remove_group("site")

    body = told(house, "80000")

    assert b'"group":0,"accountgroupid":null' in body


def test_no_call_returns_more_events_than_the_documented_limit() -> None:
    house = make_house()
    equip(house)
    path = "/v1/eventlog/BAA144/from=30d"
    headers = {"ezeapikey": "12346", "authorization": f"Bearer {KEY}"}

    asked = str(list(house.dialect.answer(Request(method="GET", target=path, path=path, headers=headers)).open(START)))

    assert "limit=300" in asked
