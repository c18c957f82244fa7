"""The JSON encoding of requests."""

import pytest
from msgspec import json

from hardwire.dialects.obniz.wire import answers, text
from hardwire.dialects.obniz.wire.family import COMMANDS_PER_MESSAGE, WARNINGS_PER_MESSAGE
from hardwire.model.board.analog import ReadAnalog
from hardwire.model.board.display import DrawPixels, NamePin
from hardwire.model.board.logic_analyzer import StartLogicAnalyzer
from hardwire.model.board.measure import MeasureEcho
from hardwire.model.board.pin import DrivePin
from hardwire.model.board.pwm import SetPwmFrequency, SetPwmPulse, StartPwm
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
        ('{"system":{"ping":{"key":[256]}}}', "[system.ping.key.0]Value 256 is greater than maximum 255"),
        ('{"system":{"ping":{"key":[1,1.5]}}}', "[system.ping.key.1]an integer is needed, not 1.5"),
        ('{"system":{"ping":{"key":[true]}}}', "[system.ping.key.0]an integer is needed, not boolean"),
        ('{"system":{"self_check":1}}', "[system.self_check]only true means something here"),
        (
            '{"system":{"keep_working_at_offline":null}}',
            "[system.keep_working_at_offline]a boolean is needed, not null",
        ),
        ('{"system":{"sleep_seconds":0}}', "[system.sleep_seconds]Value 0 is less than minimum 1"),
        ('{"system":{"sleep_minute":65536}}', "[system.sleep_minute]Value 65536 is greater than maximum 65535"),
        ('{"system":{"sleep_io_trigger":1}}', "[system.sleep_io_trigger]a boolean is needed, not number"),
        ('{"system":{"clock":1.5}}', "[system.clock]an integer is needed, not 1.5"),
        ('{"system":{"queue_mode":true}}', "[system.queue_mode]an object is needed, not boolean"),
        ('{"system":{"queue_mode":{"interval":-1}}}', "[system.queue_mode.interval]Value -1 is less than minimum 0"),
        (
            '{"system":{"queue_mode":{"timestamp":"s"}}}',
            "[system.queue_mode.timestamp]one of none, unix_seconds, unix_milliseconds is needed",
        ),
        ('{"pwm0":7}', "[pwm0]unknown command"),
        ('{"pwm6":{"io":1}}', "[pwm6]unknown command"),
        ('{"pwm0":{"io":null}}', "[pwm0.io]an integer is needed, not null"),
        ('{"pwm0":{"io":41}}', "[pwm0.io]Value 41 is greater than maximum 40"),
        ('{"pwm0":{"freq":0}}', "[pwm0.freq]Value 0 is less than minimum 1"),
        ('{"pwm0":{"pulse":-0.1}}', "[pwm0.pulse]Value -0.1 is less than minimum 0"),
        ('{"pwm0":{"pulse":"1"}}', "[pwm0.pulse]a number is needed, not string"),
        ('{"pwm0":{"modulate":{"symbol_length":1,"data":[]}}}', "[pwm0.modulate.type]missing"),
        ('{"pwm0":{"modulate":{"type":"fm","symbol_length":1,"data":[]}}}', "[pwm0.modulate.type]one of am is needed"),
        (
            '{"pwm0":{"modulate":{"type":"am","symbol_length":1001,"data":[]}}}',
            "[pwm0.modulate.symbol_length]Value 1001 is greater than maximum 1000",
        ),
        (
            '{"pwm0":{"modulate":{"type":"am","symbol_length":1,"data":[1,2]}}}',
            "[pwm0.modulate.data.1]Value 2 is greater than maximum 1",
        ),
        ('{"logic_analyzer":{"interval":1}}', "[logic_analyzer]unknown command"),
        ('{"logic_analyzer":{"io":[1,2]}}', "[logic_analyzer.io]an array of one pin is needed"),
        ('{"logic_analyzer":{"io":[null]}}', "[logic_analyzer.io.0]an integer is needed, not null"),
        ('{"logic_analyzer":{"io":[1]}}', "[logic_analyzer.interval]missing"),
        (
            '{"logic_analyzer":{"io":[1],"interval":0,"duration":1}}',
            "[logic_analyzer.interval]Value 0 is less than minimum 0.001",
        ),
        (
            '{"logic_analyzer":{"io":[1],"interval":1,"duration":1.5}}',
            "[logic_analyzer.duration]an integer is needed, not 1.5",
        ),
        (
            '{"logic_analyzer":{"io":[1],"interval":1,"duration":1,"trigger":{"value":true}}}',
            "[logic_analyzer.trigger.samples]missing",
        ),
        ('{"measure":{}}', "[measure]unknown command"),
        ('{"measure":{"echo":{"io_echo":2}}}', "[measure.echo.io_pulse]missing"),
        (
            '{"measure":{"echo":{"io_pulse":1,"io_echo":2,"pulse":"up"}}}',
            "[measure.echo.pulse]one of positive, negative is needed",
        ),
        (
            '{"measure":{"echo":{"io_pulse":1,"io_echo":2,"pulse_width":0.0005}}}',
            "[measure.echo.pulse_width]Value 0.0005 is less than minimum 0.001",
        ),
        ('{"display":{"clear":false}}', "[display.clear]only true means something here"),
        ('{"display":{"text":7}}', "[display.text]a string is needed, not number"),
        ('{"display":{"raw":"AA=="}}', "[display.raw]an array of bytes is needed, not string"),
        ('{"display":{"raw":[],"color_depth":2}}', "[display.color_depth]one of 1, 4, 16 is needed"),
        ('{"display":{"raw":[],"color_depth":17}}', "[display.color_depth]Value 17 is greater than maximum 16"),
        ('{"display":{"pin_assign":[]}}', "[display.pin_assign]an object is needed, not array"),
        ('{"display":{"pin_assign":{"led":{}}}}', "[display.pin_assign]a pin of one or two digits is needed"),
        ('{"display":{"pin_assign":{}}}', "[display.pin_assign]a pin of one or two digits is needed"),
        ('{"display":{"pin_assign":{"1":"led"}}}', "[display.pin_assign.1]an object is needed, not string"),
        (
            '{"display":{"pin_assign":{"1":{"pin_name":1}}}}',
            "[display.pin_assign.1.pin_name]a string is needed, not number",
        ),
        ('{"display":{"qr":{"correction":"L"}}}', "[display.qr.text]missing"),
        ('{"display":{"qr":{"text":"a","correction":"X"}}}', "[display.qr.correction]one of L, M, Q, H is needed"),
        ('{"display":{"qr":{"text":"a","size":2}}}', "[display.qr]only text, correction may be here"),
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


def test_what_is_finer_than_a_microsecond_is_cut_as_the_vendors_encoder_does() -> None:
    found = commands('[{"pwm0":{"io":4,"freq":50,"pulse":0.0015}},{"pwm1":{"pulse":1.001}}]')

    # 1.001 * 1000 is 1000.9999999999999 in every language.
    assert found == [StartPwm(0, 4), SetPwmFrequency(0, 50), SetPwmPulse(0, 1), SetPwmPulse(1, 1000)]


def test_good_fields_beside_a_bad_one_are_carried_out() -> None:
    findings = text.decode('[{"pwm0":{"io":4,"freq":0,"pulse":1,"colour":1}}]')

    assert [command for _, command in findings.wishes] == [StartPwm(0, 4), SetPwmPulse(0, 1000)]
    assert findings.warnings == ["[pwm0.freq]Value 0 is less than minimum 1"]


def test_names_beside_those_of_pins_are_passed_over() -> None:
    found = commands('[{"display":{"pin_assign":{"led":1,"3":{"module_name":"LED","pin_name":"anode"}}}}]')

    assert found == [NamePin(3, "LED anode")]


def test_an_echo_is_measured_with_the_defaults_of_the_schema() -> None:
    found = commands('[{"measure":{"echo":{"io_pulse":1,"io_echo":1,"pulse_width":0.011}}}]')

    assert found == [MeasureEcho(pulse_pin=1, echo_pin=1, is_positive=True, pulse_us=11, timeout_us=1_000_000)]


def test_a_logic_analyzer_without_a_trigger_begins_at_any_change() -> None:
    found = commands('[{"logic_analyzer":{"io":[2],"interval":0.1,"duration":10}}]')

    assert found == [StartLogicAnalyzer(pin=2, interval_us=100, duration_us=10_000)]


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


def test_bad_commands_count_as_good_ones_do() -> None:
    findings = text.decode("[" + ",".join(["{}"] * (COMMANDS_PER_MESSAGE + 2)) + "]")

    assert len(findings.warnings) + findings.unsaid == COMMANDS_PER_MESSAGE + 1
    assert findings.error == "one message may hold 10000 commands; the rest was dropped"


def test_an_object_of_many_bad_keys_is_warned_of_in_few_words() -> None:
    findings = text.decode("[{" + ",".join(f'"k{number}":1' for number in range(80_000)) + "}]")

    (warning,) = findings.warnings
    assert warning.endswith(";[k49]unknown command;and 79950 more")
    assert len(warning) < 2_000


@pytest.mark.parametrize(
    ("payload", "warning"),
    [
        ("1,2,-1", "[uart0.data.2]Value -1 is less than minimum 0"),
        ("1.0,256.0", "[uart0.data.1]Value 256 is greater than maximum 255"),
        ("1.0,true", "[uart0.data.1]an integer is needed, not boolean"),
        ("1,2.5", "[uart0.data.1]an integer is needed, not 2.5"),
        ("1e300", "[uart0.data.0]Value of that size is greater than maximum 255"),
    ],
)
def test_the_first_element_that_is_no_byte_is_named(payload: str, warning: str) -> None:
    findings = text.decode(f'[{{"uart0":{{"data":[{payload}]}}}}]')

    assert findings.warnings == [warning]
