"""What a call answers for whom, beyond what the transcripts show."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardwire.contracts.act import Act, Ask, Bear, Execute, Notify, Respond
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session, Upgrade
from hardwire.model.access import Right
from hardwire.model.errors import HubFaultError
from tests.dialects.ezeio.premises import KEY, START, TICKET, House, make_house
from tests.dialects.ezeio.test_guard import proof


def call(house: House, path: str = "/v1/subscribe/ticket", *, key_id: str = "12345", origin: str = "") -> Session:
    headers = {"ezeapikey": key_id, "authorization": f"Bearer {KEY}"}
    return house.dialect.answer(
        Request(method="GET", target=path, path=path, headers=headers, origin=origin or "http://127.0.0.1:8080")
    )


def body(acts: Iterable[Act | Upgrade]) -> dict[str, Any]:  # Any: JSON
    *_, answer = acts
    assert isinstance(answer, Respond)
    found: dict[str, Any] = json.loads(answer.body)  # Any: JSON
    return found


def test_the_addresses_of_a_ticket_follow_the_scheme_of_the_call() -> None:
    session = call(make_house(), origin="https://hub.local:8443")
    list(session.open(START))

    answer = body(session.reply(1, True, START))

    assert answer["ws"] == f"wss://hub.local:8443/ws/{TICKET}"
    assert answer["api"] == f"https://hub.local:8443/v1/subscribe/{TICKET}/"


def test_the_time_that_a_call_took_is_told_in_seconds() -> None:
    session = call(make_house())
    list(session.open(START))

    answer = body(session.reply(1, True, START + timedelta(milliseconds=55)))

    assert (answer["reqtime"], answer["exec_time"]) == ("2026-06-01T12:00:00Z", 0.055)


def test_a_clock_that_is_set_back_meanwhile_makes_no_negative_time() -> None:
    session = call(make_house())
    list(session.open(START))

    answer = body(session.reply(1, True, START - timedelta(hours=1)))

    assert answer["exec_time"] == 0


def test_a_key_sees_its_account_and_nothing_else() -> None:
    serials = {}
    for key_id in ("12345", "20000", "30000", "50000"):
        session = call(make_house(), key_id=key_id)
        list(session.open(START))
        serials[key_id] = [system["serial"] for system in body(session.reply(1, True, START))["systems"]]

    assert serials == {"12345": ["ABC-123", "GRD-001"], "20000": ["XYZ-900"], "30000": ["GRD-001"], "50000": []}


def test_an_account_that_nobody_described_is_told_by_its_id() -> None:
    session = call(make_house(), key_id="50000")
    list(session.open(START))

    answer = body(session.reply(1, True, START))

    assert answer["account"] == {"id": "0", "name": "nobody", "description": ""}


def test_a_call_acts_within_the_units_of_its_key() -> None:
    bear, ask = call(make_house(), f"/v1/subscribe/{TICKET}/ABC123").open(START)

    assert isinstance(bear, Bear)
    assert bear.caller.credential == "12345"
    assert bear.caller.may(Right.CONTROL, "tank", "demo")
    assert not bear.caller.may(Right.CONTROL, "foreign", "other")
    assert isinstance(ask, Ask)


def test_a_fault_of_the_hub_is_not_told_in_detail() -> None:
    session = call(make_house())
    list(session.open(START))

    *_, answer = session.reply(1, HubFaultError("disk /dev/sda1 is full"), START)

    assert isinstance(answer, Respond)
    assert answer.status == 500
    assert b"sda1" not in answer.body


def test_an_answer_with_a_ticket_may_not_be_kept_by_caches() -> None:
    session = call(make_house())
    list(session.open(START))

    *_, answer = session.reply(1, True, START)

    assert isinstance(answer, Respond)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_quoted_part_of_a_hostile_serial_is_short() -> None:
    session = call(make_house(), f"/v1/subscribe/{TICKET}/{'x' * 5000}")
    list(session.open(START))

    answer = body(session.reply(2, b"12345", START))

    assert answer["actions"] == [f"Not a serial: {'x' * 20}"]


@pytest.mark.parametrize("path", ["/v1/subscribe/ticket", f"/ws/{TICKET}"])
def test_a_one_shot_conversation_has_nothing_else_to_say(path: str) -> None:
    session = call(make_house(), path)

    acts = [
        *session.receive("hello", START),
        *session.notice("devices", "", START),
        *session.tick(START),
        *session.closed(START),
    ]

    assert acts == []


PARTS = st.sampled_from(["v1", "subscribe", "ticket", TICKET, "ABC123", "-abc-123,!GRD001", ",", "", "..", "\ud800"])


@example("subscribe/v1/\ud800")
@given(st.lists(PARTS | st.text(alphabet=st.characters(), max_size=10), max_size=8).map("/".join))
def test_every_path_is_answered_or_asked_about(path: str) -> None:
    session = call(make_house(), f"/{path}")

    *_, last = session.open(START)
    if isinstance(last, Ask):
        *_, last = session.reply(last.tag, b"12345", START)

    assert isinstance(last, Respond | Execute | Notify | Upgrade)


def test_a_nonce_that_cannot_be_counted_is_a_fault_of_the_hub() -> None:
    house = make_house()
    header = proof(uri="/v1")
    session = house.dialect.answer(Request(method="GET", target="/v1", path="/v1", headers={"authorization": header}))
    list(session.open(START))

    *_, answer = session.reply(-1, HubFaultError("the bus is gone"), START)

    assert isinstance(answer, Respond)
    assert answer.status == 500


def test_what_the_server_refuses_has_the_usual_shape() -> None:
    request = Request(method="GET", target="/v1/status", path="/v1/status")

    answer = make_house().dialect.refuse(413, "the body is too long", request, START)

    assert json.loads(answer.body) == {
        "reqtime": "2026-06-01T12:00:00Z",
        "status": "the body is too long",
        "exec_time": 0,
    }
    assert not answer.close


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/v1/control/ABC123/field[2]=7", "/v1/subscribe/ticket"])
def test_what_a_link_or_frame_of_another_page_leads_to_by_digest_changes_nothing(path: str, site: str) -> None:
    headers = {"authorization": proof(uri=path), "sec-fetch-site": site, "sec-fetch-mode": "navigate"}
    request = Request(method="GET", target=path, path=path, headers=headers, origin="http://127.0.0.1:8080")

    (answer,) = make_house().dialect.answer(request).open(START)

    assert isinstance(answer, Respond)
    assert answer.status == 403
    assert b"another origin" in answer.body


@pytest.mark.parametrize(
    ("path", "site"),
    [
        ("/v1/control/ABC123/field[2]=7", "none"),
        ("/v1/control/ABC123/field[2]=7", "same-origin"),
        ("/v1/status/ABC123", "cross-site"),
    ],
)
def test_a_typed_address_and_a_link_to_what_only_looks_go_on_by_digest(path: str, site: str) -> None:
    headers = {"authorization": proof(uri=path), "sec-fetch-site": site, "sec-fetch-mode": "navigate"}
    request = Request(method="GET", target=path, path=path, headers=headers, origin="http://127.0.0.1:8080")

    (asked,) = make_house().dialect.answer(request).open(START)

    assert isinstance(asked, Ask)


def test_a_key_in_headers_is_no_browsers_own_doing() -> None:
    path = "/v1/control/ABC123/field[2]=7"
    headers = {"ezeapikey": "12345", "authorization": f"Bearer {KEY}", "sec-fetch-site": "cross-site"}

    first, *_ = make_house().dialect.answer(Request(method="GET", target=path, path=path, headers=headers)).open(START)

    assert isinstance(first, Bear)
