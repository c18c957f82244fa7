"""Messages between programs: text alone, in both directions."""

import pytest

from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.model.board.message import MessageReceived
from tests.dialects.obniz.codec import asked, reported, told, written


def test_a_message_is_written_as_text_alone_and_understood() -> None:
    send = SendMessage(("1234-5678", "0000-0001"), '{"a":[1,null]}')
    json = '{"message":{"to":["1234-5678","0000-0001"],"data":{"a":[1,null]}}}'

    assert written(send) == (json, None)
    assert asked(json) == ([send], [])


def test_an_id_may_be_a_number_and_is_named_once() -> None:
    assert asked('{"message":{"to":[1,"00000001"],"data":""}}') == ([SendMessage(("0000-0001",), '""')], [])


@pytest.mark.parametrize(
    ("received", "json"),
    [
        (MessageReceived('{"a":1}', "1111-1111"), '{"message":{"data":{"a":1},"from":"1111-1111"}}'),
        (MessageReceived("null", None), '{"message":{"data":null,"from":null}}'),
    ],
)
def test_a_message_is_told_as_text_alone_and_understood(received: MessageReceived, json: str) -> None:
    assert reported(received) == (json, None)
    assert told(json) == ([received], [])


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        ('{"message":"hi"}', "[message]an object is needed, not string"),
        ('{"message":{"from":null}}', "[message.data]missing"),
        ('{"message":{"data":1}}', "[message.from]missing"),
        ('{"message":{"data":1,"from":1}}', "[message.from]a string is needed, not number"),
    ],
)
def test_a_report_that_is_none_is_complained_about(value: str, trouble: str) -> None:
    assert told(value) == ([], [trouble])
