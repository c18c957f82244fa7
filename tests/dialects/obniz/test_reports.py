"""What boards tell, read in both encodings."""

import pytest

from hardwire.dialects.obniz.wire import answers, reports, requests
from hardwire.model.board.analog import AnalogValue
from hardwire.model.board.animation import AnimationFinished
from hardwire.model.board.display import DisplayShown, ReadDisplay
from hardwire.model.board.pin import PinFailed, PinLevel, PinOwner, PinTaken, PinWarned
from hardwire.model.board.switch import SwitchMoved, SwitchPosition
from hardwire.model.board.system import (
    Batch,
    BoardFailed,
    BoardWarned,
    Pong,
    Stamp,
    SupplyLow,
    Timestamped,
    Wait,
)
from hardwire.model.fact import Happening


@pytest.mark.parametrize(
    ("message", "trouble"),
    [
        ("[", "this is no JSON: Input data was truncated"),
        ("[" * 100_000, "this JSON is nested too deeply"),
        ("{}", "an array of objects is needed, not object"),
        ("[7]", "[0]an object is needed, not number"),
        ('[{"bogus":1}]', "[bogus]unknown"),
        ('[{"io40":true}]', "[io40]unknown"),
        ('[{"io1":1}]', "[io1]an object is needed, not number"),
        ('[{"io1":{}}]', "[io1]a level, a warning or an error is needed"),
        ('[{"io1":{"error":{}}}]', "[io1.error.message]missing"),
        ('[{"ad1":5.5}]', "[ad1]Value 5.5 is greater than maximum 5.0"),
        ('[{"ad1":null}]', "[ad1]a number is needed, not null"),
        ('[{"switch":{"state":"bogus"}}]', "[switch.state]one of none, push, left, right is needed"),
        ('[{"switch":"push"}]', "[switch]an object is needed, not string"),
        ('[{"debug":{}}]', "[debug]a warning or an error is needed"),
        ('[{"debug":{"warning":"low"}}]', "[debug.warning]an object is needed, not string"),
        ('[{"debug":{"error":{"message":7}}}]', "[debug.error.message]a string is needed, not number"),
        ('[{"system":{}}]', "[system]a pong or a timestamp is needed"),
        ('[{"system":{"pong":{}}}]', "[system.pong.key]missing"),
        ('[{"system":{"timestamp":-1}}]', "[system.timestamp]Value -1 is less than minimum 0"),
        ('[{"io":{}}]', "[io.animation]missing"),
        (
            '[{"io":{"animation":{"name":"b","status":"loop"}}}]',
            "[io.animation.status]one of finish is needed",
        ),
        ('[{"measure":{"echo":{}}}]', "[measure.echo]an array of edges is needed, not object"),
        ('[{"measure":{"echo":[' + "1," * 255 + "1]}}]", "[measure.echo]at most 255 edges are taken, not 256"),
        (
            '[{"io":{"animation":{"name":"' + "b" * 255 + '","status":"finish"}}}]',
            "[io.animation.name]a string of 1 to 254 characters is needed, not 255",
        ),
        ('[{"measure":{"echo":[{"edge":true}]}}]', "[measure.echo.0.timing]missing"),
        ('[{"measure":{"echo":[{"edge":1,"timing":1}]}}]', "[measure.echo.0.edge]a boolean is needed, not number"),
        ('[{"logic_analyzer":{"data":[2]}}]', "[logic_analyzer.data.0]Value 2 is greater than maximum 1"),
    ],
)
def test_text_that_tells_nothing_is_named_and_the_rest_is_understood(message: str, trouble: str) -> None:
    told = reports.read(message.removesuffix("]") + ',{"io2":true}]' if message.startswith("[{") else message)

    assert told.troubles == [trouble]
    assert told.happenings == ([PinLevel(2, True)] if message.startswith("[{") else [])


@pytest.mark.parametrize(
    ("sent", "trouble"),
    [
        ("100000", "[module 16]unknown function 0"),
        ("020000", "[io]unknown function 0"),
        ("020100", "[io]function 1: 2 bytes are needed, not 0"),
        ("020103000102", "[io]function 1: 2 bytes are needed, not 3"),
        ("02ff0400050005", "[io]function 255: 5 is no error of a pin"),
        ("02ff0400f00005", "[io]function 255: 240 is no error of a pin"),
        ("02ff0600f000050309", "[io]function 255: 240 is no error of a pin"),
        ("02ff0600f000050903", "[io]function 255: 240 is no error of a pin"),
        ("070200", "[ad]function 2: three bytes for each value are needed, not 0 in all"),
        ("0702020001", "[ad]function 2: three bytes for each value are needed, not 2 in all"),
        ("09000104", "[switch]function 0: 4 is no position"),
        ("0008080000000000000001", "[system]function 8: at least 16 bytes are needed, not 8"),
        ("00090101", "[system]function 9: 3 bytes are needed, not 1"),
        ("0014020101", "[system]function 20: 8 bytes are needed, not 2"),
        ("0103020001", "[io]function 3: a name with a zero behind it is needed"),
        ("0103050002620000", "[io]function 3: a name with a zero behind it is needed"),
        ("0c0000", "[measure]function 0: a number of edges is needed"),
        ("0c00020101", "[measure]function 0: 5 bytes are needed, not 1"),
    ],
)
def test_a_frame_that_tells_nothing_is_named_and_the_rest_is_understood(sent: str, trouble: str) -> None:
    told = reports.read(bytes.fromhex(sent + "0201020201"))

    assert (told.happenings, told.troubles) == ([PinLevel(2, True)], [trouble])


def test_broken_framing_loses_the_rest_only() -> None:
    told = reports.read(bytes.fromhex("020102020102"))

    assert (told.happenings, told.troubles) == ([PinLevel(2, True)], ["the frame at byte 5 is cut off"])


@pytest.mark.parametrize(
    ("sent", "happenings"),
    [
        ("02010400010100", [PinLevel(0, True), PinLevel(1, False)]),
        ("0202020001", [PinLevel(0, True)]),
        ("07020900820001480002014a", [AnalogValue(0, 2.502), AnalogValue(1, 1.65), AnalogValue(2, 3.3)]),
        ("00090300014a", [SupplyLow(3.3)]),
        ("0014045ff00000", [Timestamped(0x5FF00000, Stamp.SECONDS)]),
        ("0103050003616200", [AnimationFinished("ab")]),
        ("02ff0601f001050306", [PinTaken(5, PinOwner.PWM, PinOwner.SPI)]),
        ("02ff0401020105", [PinWarned(5, "the load is too heavy for the low level", False)]),
        ("02ff0401030105", [PinFailed(5, "the load is too heavy for the high level; the pin is an input now", True)]),
        ("02ff03010203", [BoardFailed("io: function 3 failed with error 1, 2")]),
        ("0aff03010203", [BoardFailed("logic_analyzer: function 3 failed with error 1, 2")]),
        ("08ff0401020304", [BoardFailed("display failed: 01 02 03 04")]),
        ("10ff00", [BoardFailed("module 16 failed: ")]),
    ],
)
def test_every_form_of_a_frame_is_read(sent: str, happenings: list[Happening]) -> None:
    told = reports.read(bytes.fromhex(sent))

    assert (told.happenings, told.troubles) == (happenings, [])


def test_several_keys_and_complaints_of_one_object_are_all_read() -> None:
    told = reports.read(
        '[{"io2":true,"ad0":3},{"io1":{"warning":{"message":"w"},"error":{"message":"e"}}},'
        '{"debug":{"warning":{"message":"w"},"error":{"message":"e"}}},'
        '{"system":{"pong":{"key":[1]},"timestamp":5}}]'
    )

    assert told.happenings == [
        PinLevel(2, True),
        AnalogValue(0, 3),
        PinWarned(1, "w"),
        PinFailed(1, "e"),
        BoardWarned("w"),
        BoardFailed("e"),
        Pong(b"\1", 0),
        Timestamped(5, Stamp.MILLISECONDS),
    ]
    assert told.troubles == []


def test_a_board_that_went_astray_fills_no_log() -> None:
    told = reports.read("[" + ",".join(["7"] * 1000) + "]")

    assert len(told.troubles) == reports.TROUBLES_PER_MESSAGE


def test_voltages_go_as_the_nearest_that_a_frame_can_say() -> None:
    voltages = [-1, 0, 1.2345, 3.2999, 3.301, 4.1, 4.123, 5.2]

    told = [reports.read(answers.framed(AnalogValue(0, voltage_v)) or b"").happenings for voltage_v in voltages]

    assert told == [[AnalogValue(0, each)] for each in (0, 0, 1.234, 3.3, 3.3, 4.1, 4.125, 5)]


def test_a_batch_goes_as_frames_only_when_all_of_it_can() -> None:
    whole = Batch((PinLevel(1, True), SwitchMoved(SwitchPosition.LEFT)))
    mixed = Batch((PinLevel(1, True), BoardWarned("w")))

    assert answers.framed(whole) == bytes.fromhex("020102010109000102")
    assert answers.framed(mixed) is None


def test_what_has_no_word_is_left_out() -> None:
    shown = DisplayShown(b"")

    assert (answers.told(shown), answers.framed(shown)) == (None, None)
    assert answers.told(Batch((shown, PinLevel(1, True)))) == '{"io1":true}'
    assert answers.told(Batch((shown,))) is None
    assert requests.as_text((ReadDisplay(), Wait(5))) == '[{"system":{"wait":5}}]'
    assert requests.as_frame(ReadDisplay()) is None
