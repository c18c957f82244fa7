"""Files on the board, in both encodings and both directions."""

import pytest

from hardwire.model.board.storage import FileRead, ReadFile, SaveFile
from hardwire.model.command import Command
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [
        (
            SaveFile("launch_img", b"\1\2"),
            '{"storage":{"save":{"fileName":"launch_img","data":[1,2]}}}',
            "11000d0a6c61756e63685f696d670102",
        ),
        (SaveFile("はa", b""), '{"storage":{"save":{"fileName":"はa","data":[]}}}', "11000504e381af61"),
        (SaveFile("", b"\1\2"), '{"storage":{"save":{"fileName":"","data":[1,2]}}}', "110003000102"),
        (
            ReadFile("launch_img"),
            '{"storage":{"read":{"fileName":"launch_img"}}}',
            "11010b0a6c61756e63685f696d67",
        ),
    ],
)
def test_a_command_is_written_in_both_encodings_and_read_from_both(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked(json) == ([command], [])
    assert asked_in_frames(frame) == ([command], [])


def test_a_file_is_saved_before_it_is_read() -> None:
    found = asked('{"storage":{"read":{"fileName":"a"},"save":{"fileName":"a","data":[1]}}}')

    assert found == ([SaveFile("a", b"\1"), ReadFile("a")], [])


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"storage":{"save":"a"}}', "[storage.save]an object is needed, not string"),
        ('{"storage":{"save":{"data":[1]}}}', "[storage.save.fileName]missing"),
        ('{"storage":{"save":{"fileName":"a"}}}', "[storage.save.data]missing"),
        ('{"storage":{"save":{"fileName":1,"data":[1]}}}', "[storage.save.fileName]a string is needed, not number"),
        (
            '{"storage":{"save":{"fileName":"' + "は" * 86 + '","data":[1]}}}',
            "[storage.save.fileName]at most 255 bytes of UTF-8 are taken",
        ),
        ('{"storage":{"read":{}}}', "[storage.read.fileName]missing"),
        ('{"storage":{"read":[1]}}', "[storage.read]an object is needed, not array"),
        ('{"storage":null}', "[storage]unknown command"),
        ('{"storage":{}}', "[storage]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("110000", "[storage]function 0: a name with its length before it is needed"),
        ("1100020261", "[storage]function 0: a name with its length before it is needed"),
        ("11000201ff", "[storage]function 0: the text is no UTF-8"),
        ("110100", "[storage]function 1: a name with its length before it is needed"),
        ("1101030161ff", "[storage]function 1: 1 bytes too many stand behind the name"),
        ("11010201ff", "[storage]function 1: the text is no UTF-8"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


def test_a_file_is_told_in_both_encodings_and_its_name_in_frames_alone() -> None:
    read = FileRead("ab", b"\1\2")

    assert reported(read) == ('{"storage":{"read":[1,2]}}', "1101050261620102")
    assert told('{"storage":{"read":[1,2]}}') == ([FileRead("", b"\1\2")], [])
    assert told_in_frames("1101050261620102") == ([read], [])


def test_a_name_that_is_no_utf_8_does_not_hide_the_file() -> None:
    assert told_in_frames("11010301ff07") == ([FileRead("\N{REPLACEMENT CHARACTER}", b"\7")], [])


def test_a_report_that_is_none_is_complained_about() -> None:
    assert told('{"storage":{}}') == ([], ["[storage.read]missing"])
    assert told('{"storage":{"read":"a"}}') == ([], ["[storage.read]an array of bytes is needed, not string"])
    assert told_in_frames("1101020961") == (
        [],
        ["[storage]function 1: a name with its length before it is needed"],
    )
