"""JSON bodies of loggers: what is read, what is refused and how it is named."""

import json
from datetime import UTC, datetime

import pytest

from hardwire.drivers.ingest import wire
from hardwire.drivers.ingest.batch import VALUES_LIMIT, Downlink, Receipt, Refusal, Row, Wish
from hardwire.model.errors import BadValueError, CallerError, DeviceError, HubFaultError, NotAllowedError, UnknownError
from hardwire.model.fact import Log

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ROW = Row(fields={"1": 73.4}, time=NOON)


@pytest.mark.parametrize(
    "body",
    [
        b'[{"time":"2026-11-25T12:00:00Z","fields":{"1":73.4}}]',
        b'{"time":"2026-11-25T12:00:00Z","fields":{"1":73.4}}',
        b'{"rows":[{"time":"2026-11-25T12:00:00Z","fields":{"1":73.4}}]}',
        b' \n[ {"fields":{"1":73.4},"time":"2026-11-25T13:00:00+01:00"} ]',
    ],
    ids=["list", "one row", "rows", "spaces and an offset"],
)
def test_a_row_comes_alone_in_a_list_or_beside_confirmations(body: bytes) -> None:
    batch = wire.batch_of(body)

    assert list(batch.rows) == [(0, ROW)]
    assert (list(batch.refused), batch.size) == ([], 1)


def test_seconds_logs_and_missing_values_are_read() -> None:
    batch = wire.batch_of(b'[{"time":1795600000.5,"log":"status","fields":{"a":null,"b":2}},{"fields":{}}]')

    assert [row for _, row in batch.rows] == [
        Row(time=1795600000.5, log=Log.STATUS, fields={"a": None, "b": 2}),
        Row(fields={}),
    ]


def test_confirmations_come_with_rows_or_alone_as_ids_or_with_reasons() -> None:
    batch = wire.batch_of(b'{"done":["a","b"],"failed":["c",{"id":"d","reason":"stuck"}]}')
    beside = wire.batch_of(b'{"fields":{"1":1},"done":["a"]}')

    assert (list(batch.rows), list(batch.done), list(batch.failed)) == ([], ["a", "b"], ["c", "d"])
    assert (beside.size, list(beside.done)) == (1, ["a"])


@pytest.mark.parametrize("body", [b"", b" \r\n", b"[]", b"{}", b'{"rows":[]}'])
def test_nothing_is_a_sign_of_life(body: bytes) -> None:
    batch = wire.batch_of(body)

    assert (list(batch.rows), batch.size) == ([], 0)


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b'[{"fields":{"a":"x"}}]', [(0, "a", "must be a number")]),
        (b'[{"fields":{"a":true,"b":[1]}}]', [(0, "a", "must be a number"), (0, "b", "must be a number")]),
        (b'[{"fields":{"a":1}},{"fields":{"a":{}}}]', [(1, "a", "must be a number")]),
        (b'[{"fields":{"a":123456789012345678901}}]', [(0, "a", "too large")]),
        (b'[{"time":"yesterday","fields":{"a":1}}]', [(0, "", "seconds since 1970")]),
        (b'[{"log":"slow","fields":{"a":1}}]', [(0, "", "slow")]),
        (b'[{"fields":{"a":1},"value":2}]', [(0, "", "unknown field value")]),
        (b'[{"time":"2026-11-25T12:00:00Z"}]', [(0, "", "a row is an object")]),
        (b'[{"fields":[1]}, 7]', [(0, "", "a row is an object"), (1, "", "a row is an object")]),
        (b'{"time":"2026-11-25T12:00:00Z"}', [(0, "", "a row is an object")]),
        (b'{"fields":{"a":"x"}}', [(0, "a", "must be a number")]),
        (b'{"rows":[{"fields":{"a":"x"}}]}', [(0, "a", "must be a number")]),
    ],
)
def test_what_is_wrong_with_rows_is_named_by_row_and_field(body: bytes, refused: list[tuple[int, str, str]]) -> None:
    batch = wire.batch_of(body)

    assert [(one.row, one.field) for one in batch.refused] == [(row, field) for row, field, _ in refused]
    for one, (_, _, words) in zip(batch.refused, refused, strict=True):
        assert words in one.reason


def test_what_is_right_beside_what_is_wrong_keeps_its_place() -> None:
    batch = wire.batch_of(b'{"rows":[{"fields":{"a":"x"}},{"fields":{"a":"y","b":2}},{"fields":{"c":3}}],"done":["k"]}')

    assert list(batch.rows) == [(0, Row(fields={})), (1, Row(fields={"b": 2})), (2, Row(fields={"c": 3}))]
    assert list(batch.done) == ["k"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"7",
        b'"text"',
        b"null",
        b'[{"fields":{"a":NaN}}]',
        b'[{"fields":{"a":Infinity}}]',
        b'[{"fields":{"a":1e999}}]',
        b'[{"fields":{"a":' + b"9" * 5000 + b"}}]",
        b"[" * 100_000,
        b'{"rows":' * 50_000,
        b'[{"fields":{"\xff":1}}]',
        b"\xff\xfe[]",
        b'{"rows":{}}',
        b'{"rows":[],"fields":{"a":1},"colour":"red"}',
        b'{"rows":[{"fields":{"a":1}}],"fields":{"a":1}}',
        b'{"rows":[{"fields":{"a":"x"}}],"fields":{"a":"x"}}',
        b'{"done":"all"}',
        b'{"done":[7]}',
        b'{"failed":[{"reason":"stuck"}]}',
    ],
)
def test_what_is_no_such_json_is_one_error(body: bytes) -> None:
    with pytest.raises(BadValueError, match="the body does not fit") as caught:
        wire.batch_of(body)

    assert caught.value.code == "bad-body"


def test_a_receipt_tells_what_became_of_all_values_and_what_is_to_be_done() -> None:
    wishes = [
        Wish(id="a", field=12, name="setpoint", value=888),
        Wish(id="b", output=2, value=100),
        Wish(id="c", register=(2, 34), value=5.5),
        Wish(id="d", is_flush=True),
    ]
    receipt = Receipt(at=NOON, accepted=3, repeated=1, downlink=Downlink(1740, wishes))

    shown = json.loads(wire.receipt_body(receipt))

    assert shown == {
        "time": "2026-11-25T12:00:00Z",
        "accepted": 3,
        "repeated": 1,
        "unbuffered": 1740,
        "commands": [
            {"id": "a", "field": 12, "name": "setpoint", "value": 888},
            {"id": "b", "output": 2, "value": 100},
            {"id": "c", "register": [2, 34], "value": 5.5},
            {"id": "d", "flush": True},
        ],
    }


def test_a_refused_batch_names_some_of_many_refusals_and_their_number() -> None:
    refused = [Refusal(row, "a", "no") for row in range(50)]

    shown = json.loads(wire.receipt_body(Receipt(at=NOON, expired=2, refused=refused, is_kept=False)))

    assert shown["error"]["code"] == "refused"
    assert (shown["refusals"], len(shown["refused"]), shown["expired"]) == (50, wire.REFUSALS_SHOWN, 2)
    assert shown["refused"][1] == {"row": 1, "field": "a", "reason": "no"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownError("x"), 404),
        (NotAllowedError("x"), 403),
        (BadValueError("x"), 400),
        (CallerError("x"), 400),
        (DeviceError("x"), 503),
    ],
)
def test_an_error_has_the_status_of_whose_fault_it_is(error: CallerError, status: int) -> None:
    shown_status, body = wire.error_body(error)

    assert shown_status == status
    assert json.loads(body) == {"error": {"code": error.code, "message": "x"}}


def test_a_fault_of_the_hub_is_told_without_its_files() -> None:
    status, body = wire.error_body(HubFaultError("The disk is full: /var/lib/hub.db", code="disk-full"))

    assert status == 500
    assert json.loads(body) == {"error": {"code": "disk-full", "message": wire.HUB_FAILED}}


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b",".join([b"{}"] * (VALUES_LIMIT + 1)) + b"]",
        b'[{"fields":{' + b",".join(b'"k%d":"x"' % number for number in range(VALUES_LIMIT + 1)) + b"}}]",
    ],
)
def test_more_than_is_taken_is_too_large_whatever_else_is_wrong_with_it(body: bytes) -> None:
    with pytest.raises(BadValueError) as error:
        wire.batch_of(body)

    assert error.value.code == "too-large"
