"""What the hub asks of the dialect outside of conversations."""

import json
from datetime import timedelta

import pytest

from hardwire.contracts.dialect import Place
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.call import Call
from hardwire.dialects.ezeio.part import Face
from hardwire.dialects.ezeio.stream.handshake import Handshake
from hardwire.model.channel import Channel
from hardwire.model.fact import Log, LogRow, Sample
from hardwire.model.value import Value
from tests.dialects.ezeio.premises import START, make_house

STATUS = Channel("ezeio", "tank", "status", account="demo")
FAST = Channel("ezeio", "tank", "log", account="demo")


@pytest.mark.parametrize(("path", "kind"), [("/ws", Handshake), ("/ws/x", Handshake), ("/v1", Call), ("/v1/x", Call)])
def test_a_path_leads_to_its_conversation(path: str, kind: type) -> None:
    request = Request(method="GET", target=path, path=path)

    session = make_house().dialect.answer(request)

    assert isinstance(session, kind)


def test_what_the_server_refuses_has_the_usual_shape() -> None:
    request = Request(method="GET", target="/v1/subscribe/ticket", path="/v1/subscribe/ticket")

    refused = make_house().dialect.refuse(413, "the body is longer than 65536 bytes", request, START)

    assert refused.status == 413
    assert json.loads(refused.body) == {
        "reqtime": "2026-06-01T12:00:00Z",
        "status": "the body is longer than 65536 bytes",
        "exec_time": 0,
    }


@pytest.mark.parametrize(("path", "is_end"), [("/ws/wstkt", True), ("/ws", True), ("/v1/subscribe/ticket", False)])
def test_what_the_server_refuses_at_the_address_of_a_socket_ends_the_connection(path: str, is_end: bool) -> None:
    request = Request(method="GET", target=path, path=path)

    refused = make_house().dialect.refuse(400, "this WebSocket handshake is broken", request, START)

    assert refused.close is is_end


def test_each_log_has_its_channel() -> None:
    dialect = make_house().dialect
    status, fast = (LogRow("tank", START, log, {"level": 1.0}) for log in (Log.STATUS, Log.FAST))

    rendered = [dialect.render(channel, row) is not None for channel in (STATUS, FAST) for row in (status, fast)]

    assert rendered == [True, False, False, True]


def test_the_time_of_a_row_is_its_own_and_not_that_of_its_delivery() -> None:
    row = LogRow("tank", START - timedelta(minutes=20, microseconds=1), Log.FAST, {"flow": 8.112})

    message = make_house().dialect.render(FAST, row)

    assert message is not None
    assert json.loads(message)["data"]["time"] == "2026-06-01T11:39:59Z"


@pytest.mark.parametrize("value", [True, "8", float("nan"), float("inf"), float("-inf"), ("a",), 10**400, -(10**400)])
def test_what_is_no_number_is_left_out(value: Value) -> None:
    row = LogRow("tank", START, Log.FAST, {"flow": value, "level": 2})

    message = make_house().dialect.render(FAST, row)

    assert message is not None
    assert json.loads(message)["data"]["fields"] == [{"1": 2}]


@pytest.mark.parametrize(
    ("value", "text"),
    [(2**63 - 1, "9223372036854775807"), (-5, "-5"), (10**30, "1e30"), (1e300, "1e300"), (0.1, "0.1")],
)
def test_a_number_stays_a_number_however_large(value: float, text: str) -> None:
    row = LogRow("tank", START, Log.FAST, {"flow": value})

    message = make_house().dialect.render(FAST, row)

    assert isinstance(message, str)
    assert f'"fields":[{{"2":{text}}}]' in message


def test_fields_come_in_the_order_of_their_numbers_whatever_the_order_of_the_row() -> None:
    row = LogRow("tank", START, Log.STATUS, {"flow": 8.112, "level": 73.4})

    message = make_house().dialect.render(STATUS, row)

    assert isinstance(message, str)
    assert '"fields":[{"1":73.4},{"2":8.112}]' in message


def test_a_row_of_a_device_that_is_not_shown_here_is_no_message() -> None:
    row = LogRow("hidden", START, Log.FAST, {"level": 1.0})

    message = make_house().dialect.render(Channel("ezeio", "hidden", "log", account="demo"), row)

    assert message is None


def test_a_sample_is_no_row() -> None:
    sample = Sample("tank", START, {"level": 1.0})

    message = make_house().dialect.render(FAST, sample)

    assert message is None


def test_an_account_that_nobody_described_has_the_number_0() -> None:
    row = LogRow("tank", START, Log.FAST, {"level": 1.0})

    message = make_house().dialect.render(Channel("ezeio", "tank", "log", account="nobody"), row)

    assert isinstance(message, str)
    assert message.startswith('{"channel":"export:0"')


def test_a_stream_begins_with_the_next_row_and_no_row_is_repeated() -> None:
    house = make_house()
    device = house.premises.device("tank")
    assert device is not None

    answers = (
        house.dialect.latest(FAST, START),
        house.dialect.repeat_after_s(FAST),
        house.dialect.appliance(device),
        list(house.dialect.hosts(device)),
        list(house.dialect.services(device)),
        list(house.dialect.face(device, Face(serial="ABC-123"))),
    )

    assert answers == (None, None, None, [], [], [])


@pytest.mark.parametrize(("secret", "shown"), [(None, "KEYID:KEY"), ("12345:abc", "12345:abc")])
def test_the_line_to_copy_begins_a_stream(secret: str | None, shown: str) -> None:
    house = make_house()
    if secret is not None:
        house.access.known_secrets["ezeio"] = secret
    device = house.premises.device("tank")
    assert device is not None

    line = house.dialect.line(device, Place(http="http://127.0.0.1:8080", https="https://127.0.0.1:8443"))

    assert line == f"curl --digest -u {shown} http://127.0.0.1:8080/v1/subscribe/ticket"
