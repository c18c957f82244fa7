"""Where the board is, in both encodings and both directions."""

import pytest

from hardwire.model.board.location import Located, StartLocation, StopLocation
from hardwire.model.command import Command
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [(StartLocation(), '{"location":{"start":{}}}', "140000"), (StopLocation(), '{"location":null}', "140100")],
)
def test_a_command_is_written_in_both_encodings_and_read_from_both(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked(json) == ([command], [])
    assert asked_in_frames(frame) == ([command], [])


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"location":{"start":true}}', "[location.start]an object is needed, not boolean"),
        ('{"location":{"start":null}}', "[location.start]an object is needed, not null"),
        ('{"location":{"start":{"every":1}}}', "[location.start]an empty object is needed"),
        ('{"location":{}}', "[location]unknown command"),
        ('{"location":5}', "[location]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("14000100", "[location]function 0: 0 bytes are needed, not 1"),
        ("14010100", "[location]function 1: 0 bytes are needed, not 1"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


def test_a_position_is_told_in_both_encodings_and_understood() -> None:
    located = Located(52.5, 13.25, 34.0, 2.5, 0.0)
    json = '{"location":{"latitude":52.5,"longitude":13.25,"altitude":34.0,"accuracy":2.5,"speed":0.0}}'
    frame = "1402144252000041540000420800004020000000000000"

    assert reported(located) == (json, frame)
    assert told(json) == ([located], [])
    assert told_in_frames(frame) == ([located], [])


def test_a_number_too_large_for_frames_goes_as_text() -> None:
    _, frame = reported(Located(0.0, 0.0, 1e39, 0.0, 0.0))

    assert frame is None


def test_a_report_that_is_none_is_complained_about() -> None:
    assert told('{"location":{"latitude":1}}') == ([], ["[location.longitude]missing"])
    assert told('{"location":{"latitude":"N"}}') == ([], ["[location.latitude]a number is needed, not string"])
    assert told_in_frames("14020141") == ([], ["[location]function 2: 20 bytes are needed, not 1"])
    assert told_in_frames("140214" + "7f800000" * 5) == ([], ["[location]function 2: a finite number is needed"])
