"""Messages between programs: text alone, in both directions."""

import pytest

from hardwire.dialects.obniz.post import MOST_BYTES, deliver
from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.model.access import Caller, Right
from hardwire.model.board.message import MessageReceived
from tests.dialects.obniz.codec import asked, reported, told, written
from tests.dialects.obniz.paper import PaperHouse
from tests.dialects.transcript import START


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


def test_a_long_message_goes_to_few_boards() -> None:
    paper = PaperHouse()
    caller = Caller(rights=Right.READ | Right.CONTROL)
    payload = '"' + "x" * (MOST_BYTES // 2 - 2) + '"'
    to_two = SendMessage(("1234-5678", "1111-1111"), payload)
    to_three = SendMessage(("1234-5678", "1111-1111", "7777-7777"), payload)

    delivered = deliver(paper.house, caller, to_two, sender=None, now=START)
    refused = deliver(paper.house, caller, to_three, sender=None, now=START)

    assert (len(delivered.acts), delivered.warning) == (2, "")
    assert refused.acts == ()
    assert refused.warning == "[message]at most 1048576 characters go out, those to each target counted"
