"""The board's own motion sensor, in both encodings and both directions."""

import pytest

from hardwire.model.board.motion import (
    AccelerationMeasured,
    MotionRecognized,
    Sense,
    SenseMode,
    SenseMotion,
    StopMotion,
    TemperatureMeasured,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written

ONCE = Sense(SenseMode.ONE_SHOT, 0.0)
HALF = Sense(SenseMode.SENSITIVE, 0.5)


@pytest.mark.parametrize(
    ("value", "command"),
    [
        (
            '{"motion":{"temperature":{"mode":"oneshot","sensitivity":1}}}',
            SenseMotion(temperature=Sense(SenseMode.ONE_SHOT, 1.0)),
        ),
        ('{"motion":{"acceleration":{"mode":"oneshot"},"colour":1}}', SenseMotion(acceleration=ONCE)),
    ],
)
def test_a_request_of_json_is_understood(value: str, command: Command) -> None:
    assert asked(value) == ([command], [])


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [
        (
            SenseMotion(temperature=ONCE, acceleration=HALF),
            '{"motion":{"temperature":{"mode":"oneshot","sensitivity":0.0},'
            '"acceleration":{"mode":"sensitive","sensitivity":0.5}}}',
            "130006010002320000",
        ),
        (
            SenseMotion(recognition=Sense(SenseMode.SENSITIVE, 0.29)),
            '{"motion":{"recognition":{"mode":"sensitive","sensitivity":0.29}}}',
            "13000600000000021d",
        ),
        (SenseMotion(), '{"motion":{}}', "130006000000000000"),
        (StopMotion(), '{"motion":null}', "130100"),
    ],
)
def test_a_command_is_written_in_both_encodings_and_read_from_both(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked(json) == ([command], [])
    assert asked_in_frames(frame) == ([command], [])


def test_a_value_told_once_has_no_sensitivity_in_frames() -> None:
    _, frame = written(SenseMotion(temperature=Sense(SenseMode.ONE_SHOT, 1.0)))

    assert frame == "130006010000000000"


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"motion":5}', "[motion]unknown command"),
        ('{"motion":{"colour":{}}}', "[motion]unknown command"),
        ('{"motion":{"temperature":null}}', "[motion.temperature]an object is needed, not null"),
        ('{"motion":{"temperature":{"sensitivity":1}}}', "[motion.temperature.mode]missing"),
        ('{"motion":{"temperature":{"mode":"often"}}}', "[motion.temperature.mode]one of oneshot, sensitive is needed"),
        (
            '{"motion":{"recognition":{"mode":"sensitive","sensitivity":1.01}}}',
            "[motion.recognition.sensitivity]Value 1.01 is greater than maximum 1",
        ),
        (
            '{"motion":{"recognition":{"mode":"sensitive","sensitivity":true}}}',
            "[motion.recognition.sensitivity]a number is needed, not boolean",
        ),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("130000", "[motion]function 0: 6 bytes are needed, not 0"),
        ("130006030000000000", "[motion]function 0: 3 is no mode"),
        ("130006026500000000", "[motion]function 0: Value 101 is greater than maximum 100"),
        ("13010100", "[motion]function 1: 0 bytes are needed, not 1"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


@pytest.mark.parametrize(
    ("happening", "json", "frame"),
    [
        (TemperatureMeasured(25.25), '{"motion":{"temperature":25.25}}', "13020441ca0000"),
        (
            AccelerationMeasured(1.0, 0.0, 90.0),
            '{"motion":{"acceleration":{"r":1.0,"t":0.0,"p":90.0}}}',
            "13030c3f8000000000000042b40000",
        ),
        (
            MotionRecognized(True, 0.85),
            '{"motion":{"recognition":{"motion":"moving","possibility":0.85}}}',
            "1304020155",
        ),
        (
            MotionRecognized(False, 1.0),
            '{"motion":{"recognition":{"motion":"none","possibility":1.0}}}',
            "1304020064",
        ),
    ],
)
def test_what_the_sensor_tells_is_written_in_both_encodings_and_read_from_both(
    happening: Happening, json: str, frame: str
) -> None:
    assert reported(happening) == (json, frame)
    assert told(json) == ([happening], [])
    assert told_in_frames(frame) == ([happening], [])


def test_several_values_may_come_together() -> None:
    found = told('{"motion":{"recognition":{"motion":"none","possibility":0},"temperature":20}}')

    assert found == ([TemperatureMeasured(20.0), MotionRecognized(False, 0.0)], [])


@pytest.mark.parametrize(
    ("happening", "json"),
    [
        (TemperatureMeasured(1e39), '{"motion":{"temperature":1e39}}'),
        (AccelerationMeasured(0.0, 0.0, -1e39), '{"motion":{"acceleration":{"r":0.0,"t":0.0,"p":-1e39}}}'),
    ],
)
def test_a_number_too_large_for_frames_goes_as_text(happening: Happening, json: str) -> None:
    assert reported(happening) == (json, None)


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        ('{"motion":{}}', "[motion]one of temperature, acceleration, recognition is needed"),
        ('{"motion":{"temperature":"hot"}}', "[motion.temperature]a number is needed, not string"),
        ('{"motion":{"acceleration":{"r":1,"t":2}}}', "[motion.acceleration.p]missing"),
        (
            '{"motion":{"recognition":{"motion":"x","possibility":0}}}',
            "[motion.recognition.motion]one of none, moving is needed",
        ),
        (
            '{"motion":{"recognition":{"motion":"none","possibility":2}}}',
            "[motion.recognition.possibility]Value 2 is greater than maximum 1",
        ),
    ],
)
def test_a_report_that_is_none_is_complained_about(value: str, trouble: str) -> None:
    assert told(value) == ([], [trouble])


@pytest.mark.parametrize(
    ("frame", "trouble"),
    [
        ("130200", "[motion]function 2: 4 bytes are needed, not 0"),
        ("1302047fc00000", "[motion]function 2: a finite number is needed"),
        ("1303047fc00000", "[motion]function 3: 12 bytes are needed, not 4"),
        ("13040102", "[motion]function 4: 2 bytes are needed, not 1"),
        ("1304020255", "[motion]function 4: Value 2 is greater than maximum 1"),
        ("1304020165", "[motion]function 4: Value 101 is greater than maximum 100"),
    ],
)
def test_a_framed_report_that_is_none_is_complained_about(frame: str, trouble: str) -> None:
    assert told_in_frames(frame) == ([], [trouble])
