"""One call of a logger as a session: keys, paths, kinds of bodies, answers."""

import base64
import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from hardwire.contracts.act import Ask, Bear, Respond
from hardwire.contracts.question import Handover
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.part import Face
from hardwire.drivers.ingest.batch import Batch, Receipt, Refusal
from hardwire.drivers.ingest.door import IngestDoor
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model.access import OWNER, Caller, Credential, Group, Right
from hardwire.model.device import Device
from hardwire.model.errors import DeviceError, HardwireError, HubFaultError, UnknownError
from tests.fakes.paper_lockout import PaperLockout

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
KEY = "0123456789abcdef" * 2
ROWS = b'[{"time":"2026-11-25T12:00:00Z","fields":{"1":73.4}}]'
JSON = {"content-type": "application/json"}
CSV = {"content-type": "text/csv"}
BEARER = {"authorization": f"Bearer {KEY}"}


class House:
    """A door with one unit in a group, another below it, and a key."""

    def __init__(self, **key: Any) -> None:
        roster, self.access = Roster(), Access(lambda: NOON)
        for number, (id, parent) in enumerate({"farm": None, "field": "farm"}.items(), 1):
            self.access.add_group(Group(id=id, number=number, name=id, parent=parent))
        for id, serial, group in (("greenhouse", "GRN-001", "farm"), ("shed", "SHD-001", "field")):
            roster.declare(Device(id=id, kind="unit", group=group))
            roster.show(id, "ezeio", serial, Face(serial=serial))
        fields: dict[str, Any] = {"group": "farm", "devices": ("greenhouse",), "rights": Right.READ | Right.CONTROL}
        secret_hash = sha256(KEY.encode()).digest()
        self.access.add(Credential(**{"id": "k", "kind": "ingest", "secret_hash": secret_hash, **fields, **key}))
        self.premises = Premises(roster, self.access)
        self.door = IngestDoor(self.premises)

    def asked(
        self,
        body: bytes = b"",
        headers: Mapping[str, str] = BEARER,
        *,
        path: str = "/ingest/v1/GRN-001",
        method: str = "POST",
        **more: Any,
    ) -> Handover | Respond:
        """Return what a call comes to: what is handed over, or the refusal."""
        request = Request(method=method, target=path, path=path, headers=headers, body=body, **more)
        acts = list(self.door.answer(request).open(NOON))
        last = acts[-1]
        if isinstance(last, Ask):
            assert isinstance(acts[0], Bear)
            assert isinstance(last.question, Handover)
            return last.question
        assert isinstance(last, Respond)
        return last

    def brought(self, body: bytes = b"", headers: Mapping[str, str] = BEARER, **more: Any) -> Batch:
        """Return the batch that a call hands over."""
        question = self.asked(body, headers, **more)
        assert isinstance(question, Handover), question
        assert isinstance(question.parcel, Batch)
        return question.parcel

    def refused(self, body: bytes = b"", headers: Mapping[str, str] = BEARER, **more: Any) -> tuple[int, str]:
        """Return status and code of a refusal."""
        answer = self.asked(body, headers, **more)
        assert isinstance(answer, Respond), answer
        return answer.status, json.loads(answer.body)["error"]["code"]


def basic(text: str) -> Mapping[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.mark.parametrize("name", ["GRN-001", "GRN001", "grn001", "gRn-001", "greenhouse", "GRN-001/"])
def test_a_unit_goes_by_its_serial_in_any_spelling_and_by_its_id(name: str) -> None:
    question = House().asked(ROWS, {**BEARER, **JSON}, path=f"/ingest/v1/{name}")

    assert isinstance(question, Handover)
    assert question.device == "greenhouse"


@pytest.mark.parametrize(
    "headers", [BEARER, {"authorization": f"bearer  {KEY} "}, basic(f"any:{KEY}"), basic(f":{KEY}")]
)
def test_the_key_comes_as_bearer_or_as_a_password(headers: Mapping[str, str]) -> None:
    assert House().brought(headers=headers).size == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer wrong"},
        {"authorization": KEY},
        {"authorization": "Basic ???"},
        {"authorization": "Basic /w=="},
        {"authorization": "Digest username=x"},
        basic(KEY),
        basic(f"{KEY}:x"),
    ],
)
def test_without_a_valid_key_nothing_is_told_but_how_to_show_one(headers: Mapping[str, str]) -> None:
    house = House()

    answers = [house.asked(ROWS, headers, path=f"/ingest/v1/{name}") for name in ("GRN-001", "NON-001")]

    for answer in answers:
        assert isinstance(answer, Respond)
        assert (answer.status, json.loads(answer.body)["error"]["code"]) == (401, "unauthorized")
        assert [challenge.split()[0] for challenge in answer.challenges] == ["Bearer", "Basic"]
    assert answers[0] == answers[1]


def test_keys_of_another_kind_or_that_expired_are_none() -> None:
    assert House(kind="obniz").refused() == (401, "unauthorized")
    assert House(expires=NOON).refused() == (401, "unauthorized")


def test_a_key_reaches_its_units_alone() -> None:
    other = "/ingest/v1/SHD-001"

    assert House().refused(path=other) == (403, "not-allowed")
    assert House(devices=None).refused(path=other) == (403, "not-allowed")
    assert House(devices=None, is_inherited=True).brought(path=other).size == 0
    assert House(rights=Right.READ).refused() == (403, "not-allowed")
    assert House().refused(path="/ingest/v1/NON-001") == (404, "unknown")
    assert House().refused(path="/ingest/v1") == (404, "unknown")
    assert House().refused(path="/ingest/v1/GRN-001/rows") == (404, "unknown")


def test_a_page_of_another_origin_needs_the_key_itself() -> None:
    assert House().refused(headers=basic(f"x:{KEY}"), is_foreign=True) == (401, "unauthorized")
    assert House().brought(is_foreign=True).size == 0


def test_the_owner_needs_no_key_on_his_own_socket() -> None:
    assert House().brought(headers={}, caller=OWNER).size == 0


def test_what_is_borne_is_the_keys_own_reach() -> None:
    request = Request(method="GET", target="", path="/ingest/v1/greenhouse", headers=BEARER)

    first = next(iter(House().door.answer(request).open(NOON)))

    rights = Right.READ | Right.CONTROL
    assert first == Bear(Caller(credential="k", group="farm", devices=("greenhouse",), rights=rights))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_other_methods_are_named(method: str) -> None:
    answer = House().asked(method=method)

    assert isinstance(answer, Respond)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")


def test_json_and_csv_are_read_with_confirmations_beside_them() -> None:
    house = House()
    query = {"done": "a, b", "failed": "c,", "partial": "1"}

    rows = house.brought(b'{"fields":{"1":2},"done":["z"]}', {**BEARER, **JSON}, query=query)
    table = house.brought(b"time,1\r\n1795600000,2\r\n", {**BEARER, **CSV}, query=query)

    assert (list(rows.done), list(rows.failed), rows.is_partial, rows.size) == (["z", "a", "b"], ["c"], True, 1)
    assert (list(table.done), list(table.failed), table.is_partial, table.size) == (["a", "b"], ["c"], True, 1)


def test_a_call_without_a_body_asks_for_commands() -> None:
    house = House()

    assert house.brought(method="GET", query={"done": "a"}) == Batch(done=["a"], failed=[])
    assert house.brought(b"  ", method="POST") == Batch(done=[], failed=[])


@pytest.mark.parametrize(
    "kind",
    ["application/json; charset=utf-8", "Application/JSON", " application/json "],
)
def test_the_kind_may_be_written_in_many_ways(kind: str) -> None:
    assert House().brought(ROWS, {**BEARER, "content-type": kind}).size == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": ""},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "text/plain"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "text/csv; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "br"},
        {"content-type": "application/json", "content-encoding": "gzip, gzip"},
    ],
)
def test_what_is_not_read_here_is_415_with_what_is(headers: Mapping[str, str]) -> None:
    answer = House().asked(ROWS, {**BEARER, **headers})

    assert isinstance(answer, Respond)
    assert (answer.status, answer.headers["Accept"]) == (415, "application/json, text/csv")


def test_gzip_is_unpacked_as_far_as_the_limit() -> None:
    house, packed = House(), {**BEARER, **JSON, "content-encoding": "gzip"}

    assert house.brought(gzip.compress(ROWS), packed).size == 1
    assert house.refused(gzip.compress(b" " * (1 << 21)), packed) == (413, "too-large")
    assert house.refused(gzip.compress(ROWS)[:-6], packed) == (400, "bad-body")
    assert house.refused(ROWS, packed) == (400, "bad-body")


def test_too_many_values_are_413_with_a_sentence() -> None:
    house = House()
    wide = json.dumps([{"fields": {f"f{n}": n for n in range(10_001)}}]).encode()
    long = json.dumps([{"fields": {}}] * 10_001).encode()
    table = b"time,1\n" + b"1795600000,1\n" * 10_001

    assert house.refused(wide, {**BEARER, **JSON}) == (413, "too-large")
    assert house.refused(long, {**BEARER, **JSON}) == (413, "too-large")
    assert house.refused(table, {**BEARER, **CSV}) == (413, "too-large")


@pytest.mark.parametrize("body", [b"\xff", b'time,1\n1,"'])
def test_a_table_that_is_no_text_or_no_table_is_400(body: bytes) -> None:
    assert House().refused(body, {**BEARER, **CSV}) == (400, "bad-body")


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (UnknownError("x", code="no-receiver"), 404, "no-receiver"),
        (DeviceError("x", code="busy"), 503, "busy"),
        (HubFaultError("x"), 500, "hub-fault"),
    ],
)
def test_what_kept_a_batch_from_being_taken_is_the_answer(answer: HardwireError, status: int, code: str) -> None:
    session = House().door.answer(Request(method="GET", target="", path="/"))

    (act,) = session.reply(0, answer, NOON)

    assert isinstance(act, Respond)
    assert (act.status, json.loads(act.body)["error"]["code"]) == (status, code)
    assert ("Retry-After" in act.headers) == (status == 503)


def test_a_receipt_is_200_and_a_refusal_400() -> None:
    session = House().door.answer(Request(method="GET", target="", path="/"))

    (good,) = session.reply(0, Receipt(at=NOON, accepted=1), NOON)
    (bad,) = session.reply(0, Receipt(at=NOON, refused=[Refusal(0, "a", "no")], is_kept=False), NOON)

    assert isinstance(good, Respond)
    assert isinstance(bad, Respond)
    assert (good.status, bad.status) == (200, 400)
    assert json.loads(bad.body)["refused"] == [{"row": 0, "field": "a", "reason": "no"}]


@pytest.mark.parametrize(("status", "code"), [(413, "too-large"), (503, "busy"), (418, "refused")])
def test_the_servers_own_refusals_have_the_same_shape(status: int, code: str) -> None:
    answer = House().door.refuse(status, "a sentence", Request(method="POST", target="", path=""), NOON)

    assert json.loads(answer.body) == {"error": {"code": code, "message": "a sentence"}}
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_a_session_of_one_request_hears_nothing_else() -> None:
    session = House().door.answer(Request(method="GET", target="", path="/"))

    assert [*session.receive("", NOON), *session.notice("", "", NOON), *session.tick(NOON), *session.closed(NOON)] == []


@pytest.mark.parametrize(
    "headers",
    [{"authorization": "Bearer wrong"}, {"authorization": "Basic " + base64.b64encode(b"me:wrong").decode()}],
)
def test_who_shows_wrong_keys_on_and_on_is_told_to_wait(headers: Mapping[str, str]) -> None:
    house, lockout = House(), PaperLockout()
    house.premises.strike = lockout.strike
    path = "/ingest/v1/GRN-001"

    (told,) = house.door.answer(Request(method="GET", target=path, path=path, headers=headers)).open(NOON)

    assert isinstance(told, Respond)
    assert (told.status, told.headers["Retry-After"]) == (429, "30")
    assert json.loads(told.body)["error"]["code"] == "locked-out"


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer "}, BEARER, {"authorization": "Digest x"}])
def test_who_shows_the_right_key_or_none_is_not(headers: Mapping[str, str]) -> None:
    house, lockout = House(), PaperLockout()
    house.premises.strike = lockout.strike
    path = "/ingest/v1/GRN-001"

    list(house.door.answer(Request(method="GET", target=path, path=path, headers=headers)).open(NOON))

    assert lockout.struck == []
