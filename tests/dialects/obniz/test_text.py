"""The JSON encoding of requests."""

import pytest
from msgspec import json

from hardwire.dialects.obniz.wire import answers, text
from hardwire.dialects.obniz.wire.family import COMMANDS_PER_MESSAGE, WARNINGS_PER_MESSAGE
from hardwire.model.board.analog import ReadAnalog
from hardwire.model.board.display import DrawPixels
from hardwire.model.board.pin import DrivePin
from hardwire.model.board.system import PingBoard, Wait
from hardwire.model.command import Command


def commands(message: str) -> list[Command]:
    """What a message holds that has no fault."""
    findings = text.decode(message)
    assert (findings.warnings, findings.error) == ([], "")
    return [command for _, command in findings.wishes]


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"io0":1}', "[io0]unknown command"),
        ('{"io0":"set"}', "[io0]unknown command"),
        ('{"io0":{}}', "[io0]unknown command"),
        ('{"io0":{"bogus":1}}', "[io0]unknown command"),
        ('{"io0":[true]}', "[io0]unknown command"),
        ('{"io0":{"direction":"output"}}', "[io0.value]missing"),
        ('{"io0":{"direction":"output","value":1}}', "[io0.value]a boolean is needed, not number"),
        ('{"io0":{"direction":"input","stream":null}}', "[io0.stream]a boolean is needed, not null"),
        ('{"io0":{"pull_type":1}}', "[io0.pull_type]one of pull-up5v, pull-up3v, pull-down, float is needed"),
        ('{"io40":true}', "[io40]unknown command"),
        ('{"io00":true}', "[io00]unknown command"),
        ('{"io":true}', "[io]unknown command"),
        ('{"io":{"animation":"blink"}}', "[io.animation]an object is needed, not string"),
        ('{"io":{"animation":{"status":"pause"}}}', "[io.animation.name]missing"),
        ('{"io":{"animation":{"name":"blink"}}}', "[io.animation.status]missing"),
        (
            '{"io":{"animation":{"name":"blink","status":"loop","states":[]}}}',
            "[io.animation.status]no board here keeps animations",
        ),
        ('{"ad0":true}', "[ad0]unknown command"),
        ('{"ad40":null}', "[ad40]unknown command"),
        ('{"debug":{}}', "[debug]unknown command"),
        ('{"switch":"set"}', "[switch]unknown command"),
        ('{"switch":{"state":"get"}}', "[switch]unknown command"),
        ('{"ws":{"ready":true}}', "[ws]unknown command"),
        (
            '{"ws":{"reset_obniz_on_ws_disconnection":"yes"}}',
            "[ws.reset_obniz_on_ws_disconnection]a boolean is needed, not string",
        ),
        ('{"system":{"reset":false}}', "[system.reset]only true means something here"),
        ('{"system":{"reboot":1}}', "[system.reboot]only true means something here"),
        ('{"system":{"wait":-1}}', "[system.wait]Value -1 is less than minimum 0"),
        ('{"system":{"wait":65536}}', "[system.wait]Value 65536 is greater than maximum 65535"),
        ('{"system":{"wait":1e300}}', "[system.wait]Value of that size is greater than maximum 65535"),
        ('{"system":{"wait":1.5}}', "[system.wait]an integer is needed, not 1.5"),
        ('{"system":{"wait":true}}', "[system.wait]an integer is needed, not boolean"),
        ('{"system":{"ping":{}}}', "[system.ping.key]missing"),
        ('{"system":{"ping":[1]}}', "[system.ping]an object is needed, not array"),
        ('{"system":{"ping":{"key":"1"}}}', "[system.ping.key]an array of bytes is needed, not string"),
        ('{"system":{"ping":{"key":[256]}}}', "[system.ping.key]each byte is an integer, 0 to 255"),
        ('{"system":{"ping":{"key":[1,1.5]}}}', "[system.ping.key]each byte is an integer, 0 to 255"),
        ('{"system":{"ping":{"key":[true]}}}', "[system.ping.key]each byte is an integer, 0 to 255"),
        ('{"display":{"clear":false}}', "[display.clear]only true means something here"),
        ('{"display":{"text":7}}', "[display.text]a string is needed, not number"),
        ('{"display":{"raw":"AA=="}}', "[display.raw]an array of bytes is needed, not string"),
        ('{"display":{"raw":[],"color_depth":2}}', "[display.color_depth]one of 1, 4, 16 is needed"),
        ('{"display":{"raw":[],"color_depth":17}}', "[display.color_depth]Value 17 is greater than maximum 16"),
        ('{"display":{"pin_assign":[]}}', "[display.pin_assign]an object is needed, not array"),
        ('{"display":{"pin_assign":{"led":{}}}}', "[display.pin_assign]a pin has one or two digits"),
        ('{"display":{"pin_assign":{"1":"led"}}}', "[display.pin_assign.1]an object is needed, not string"),
        (
            '{"display":{"pin_assign":{"1":{"pin_name":1}}}}',
            "[display.pin_assign.1.pin_name]a string is needed, not number",
        ),
        ('{"display":{"qr":{"text":"a"}}}', "[display]unknown command"),
        ('{"message":"hi"}', "[message]unknown command"),
        ('{"message":{"data":1}}', "[message.to]missing"),
        ('{"message":{"to":["1234-5678"]}}', "[message.data]missing"),
        ('{"message":{"to":["1234-5678"],"data":1,"cc":1}}', "[message]to and data are all that it may hold"),
        ('{"message":{"to":[],"data":1}}', "[message.to]an array of 1 to 100 obniz ids is needed"),
        ('{"message":{"to":"1234-5678","data":1}}', "[message.to]an array of 1 to 100 obniz ids is needed"),
        ('{"message":{"to":["desk"],"data":1}}', "[message.to]an obniz id has 8 digits"),
        ('{"message":{"to":[-1],"data":1}}', "[message.to]an obniz id has 8 digits"),
        ('{"message":{"to":[null],"data":1}}', "[message.to]an obniz id has 8 digits"),
        ('{"message":{"to":["１２３４５６７８"],"data":1}}', "[message.to]an obniz id has 8 digits"),
    ],
)
def test_what_is_no_command_is_named_by_its_path(value: str, warning: str) -> None:
    findings = text.decode(f"[{value}]")

    assert (findings.wishes, findings.warnings, findings.error) == ([], [warning], "")


def test_a_whole_number_may_be_written_as_a_fraction() -> None:
    found = commands('[{"system":{"wait":20.0}},{"system":{"ping":{"key":[1.0,2]}}}]')

    assert found == [Wait(20), PingBoard(b"\x01\x02")]


def test_a_colour_picture_of_150_000_bytes_is_one_command() -> None:
    pixels = bytes(range(256)) * 600

    found = commands(json.encode([{"display": {"raw": list(pixels), "color_depth": 16}}]).decode())

    assert found == [DrawPixels(pixels, 16)]


def test_several_families_in_one_object_are_carried_out_in_the_order_of_the_vendors_codec() -> None:
    found = text.decode('[{"bogus":1,"ad1":{"stream":false},"io10":false,"io2":true,"system":{"wait":5}}]')

    assert found.wishes == [
        ("system", Wait(5)),
        ("io2", DrivePin(2, True)),
        ("io10", DrivePin(10, False)),
        ("ad1", ReadAnalog(1)),
    ]
    assert found.warnings == ["[bogus]unknown command"]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("", "this is no JSON: Input data was truncated"),
        ('[{"io0":true}', "this is no JSON: Input data was truncated"),
        ('[{"io0":true}]]', "this is no JSON: JSON is malformed: trailing characters (byte 15)"),
        ("null", "an array of objects is needed, not null"),
        ("[" * 100_000, "this JSON is nested too deeply"),
        ('["\ud800"]', "this is no JSON"),
    ],
)
def test_a_message_that_cannot_be_read_is_an_error(message: str, error: str) -> None:
    findings = text.decode(message)

    assert (findings.wishes, findings.warnings) == ([], [])
    assert findings.error.startswith(error)


def test_what_is_nested_as_deeply_as_it_can_be_read_is_still_no_fault_of_the_hub() -> None:
    depths = [*range(900, 1100), *range(1100, 40_000, 500)]

    found = [text.decode('[{"message":{"to":["1234-5678"],"data":' + "[" * n + "]" * n + "}}]") for n in depths]

    assert all(len(one.wishes) + len(one.warnings) + bool(one.error) == 1 for one in found)


def test_an_animation_that_no_board_knows_is_paused_and_resumed_without_a_word() -> None:
    found = commands(
        '[{"io":{"animation":{"name":"blink","status":"pause"}}},{"io":{"animation":{"name":"b","status":"resume"}}}]'
    )

    assert found == []


def test_a_long_unknown_key_is_not_echoed_in_full() -> None:
    findings = text.decode('[{"' + "x" * 5000 + '":1}]')

    assert findings.warnings == ["[" + "x" * 60 + "]unknown command"]


def test_more_warnings_than_anybody_reads_are_counted_instead() -> None:
    findings = text.decode("[" + ",".join(["1"] * (WARNINGS_PER_MESSAGE + 7)) + "]")

    told = answers.not_understood(findings)

    assert len(told) == WARNINGS_PER_MESSAGE + 1
    assert told[-1] == '{"debug":{"warning":{"message":"and 7 more of the same message"}}}'


def test_one_message_holds_no_more_commands_than_the_hub_may_have_to_keep() -> None:
    findings = text.decode("[" + ",".join(['{"io0":true}'] * (COMMANDS_PER_MESSAGE + 1)) + "]")

    assert len(findings.wishes) == COMMANDS_PER_MESSAGE
    assert findings.error == "one message may hold 10000 commands; the rest was dropped"
