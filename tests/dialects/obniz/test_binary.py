"""The binary encoding of requests."""

import pytest

from hardwire.dialects.obniz.wire import binary, requests
from hardwire.dialects.obniz.wire.family import COMMANDS_PER_MESSAGE
from hardwire.dialects.obniz.wire.framing import BadFrameError, frame, frames
from hardwire.model.board.analog import ReadAnalog
from hardwire.model.board.display import DrawPixels, NamePin, ShowText
from hardwire.model.board.measure import MeasureEcho
from hardwire.model.board.pin import Drive, DrivePin, Pull, SetDrive, SetPull, StreamPin
from hardwire.model.board.system import PingBoard
from hardwire.model.command import Command


@pytest.mark.parametrize(
    ("sent", "commands"),
    [
        ("02000200010200020100", [DrivePin(0, True), DrivePin(1, False)]),
        ("02010106", [StreamPin(6)]),
        ("07030100", [ReadAnalog(0)]),
        (
            "000814000001a200a9258c000001a200a9258b00000002",
            [PingBoard(bytes.fromhex("000001a200a9258b00000002"), 0x1A200A9258C)],
        ),
    ],
)
def test_the_vectors_of_the_reference_are_understood(sent: str, commands: list[Command]) -> None:
    findings = binary.decode(bytes.fromhex(sent))

    assert [command for _, command in findings.wishes] == commands
    assert (findings.warnings, findings.error) == ([], "")


@pytest.mark.parametrize(
    ("sent", "command"),
    [
        ("0203020000", SetDrive(0, Drive.PUSH_PULL_5V)),
        ("0203020002", SetDrive(0, Drive.PUSH_PULL_3V)),
        ("0203020003", SetDrive(0, Drive.OPEN_DRAIN)),
        ("0204020000", SetPull(0, Pull.FLOAT)),
        ("0204020001", SetPull(0, Pull.UP_3V)),
        ("0204020002", SetPull(0, Pull.DOWN)),
        ("0204020003", SetPull(0, Pull.UP_5V)),
        ("08050107", NamePin(7, "")),
        ("0805 0c 07 4c4544206c6f6e672d6e61".replace(" ", ""), NamePin(7, "LED long-")),
        ("0801 03 e381af".replace(" ", ""), ShowText("は")),
    ],
)
def test_every_choice_of_a_frame_has_its_word(sent: str, command: Command) -> None:
    findings = binary.decode(bytes.fromhex(sent))

    assert [command for _, command in findings.wishes] == [command]


@pytest.mark.parametrize("size_bytes", [0, 63, 64, 1024, 16383, 16384, 70_000])
def test_a_payload_of_any_length_is_framed_in_its_own_way(size_bytes: int) -> None:
    if size_bytes < 64:
        head = bytes((8, 3, size_bytes))
    elif size_bytes < 16384:
        head = bytes((8, 3)) + (0x4000 | size_bytes).to_bytes(2)
    else:
        head = bytes((8, 3)) + (0x8000_0000 | size_bytes).to_bytes(4)

    findings = binary.decode(head + bytes(size_bytes))

    assert findings.wishes == [("display", DrawPixels(bytes(size_bytes)))]
    assert requests.as_frame(DrawPixels(bytes(size_bytes))) == head + bytes(size_bytes)


@pytest.mark.parametrize(
    ("sent", "warning"),
    [
        ("100000", "[module 16]unknown command: function 0"),
        ("7f0000", "[module 127]unknown command: function 0"),
        ("00ff00", "[system]unknown command: function 255"),
        ("00040101", "[system]function 4: 2 bytes are needed, not 1"),
        ("00080101", "[system]function 8: at least 8 bytes are needed, not 1"),
        ("010100", "[io]function 1: a name with a zero behind it is needed"),
        ("010103036200", "[io]function 1: a name with a zero behind it is needed"),
        ("010203026262", "[io]function 2: a name with a zero behind it is needed"),
        ("02010200 00".replace(" ", ""), "[io]function 1: 1 bytes are needed, not 2"),
        ("0203020001", "[io]function 3: 1 is no output type"),
        ("0204020004", "[io]function 4: 4 is no pull type"),
        ("080101ff", "[display]function 1: the text is no UTF-8"),
        ("080500", "[display]function 5: a pin is needed"),
        ("000a020000", "[system]function 10: Value 0 is less than minimum 1"),
        ("0012021234", "[system]function 18: 4 bytes are needed, not 2"),
        ("001509030000000000000000", "[system]function 21: 3 is no timestamp"),
        (
            "0016080020000000000000",
            "[system]function 22: Value 9007199254740992 is greater than maximum 9007199254740991",
        ),
        ("03020500 00000000".replace(" ", ""), "[pwm]function 2: Value 0 is less than minimum 1"),
        ("03040400000000", "[pwm]function 4: at least 5 bytes are needed, not 4"),
        ("0a000c020000000064000027100003", "[logic_analyzer]function 0: one pin is needed"),
        (
            "0a000c010000000000000027100003",
            "[logic_analyzer]function 0: an interval and a duration of at least 1 microsecond are needed",
        ),
        (
            "0a000c010000000001000000000003",
            "[logic_analyzer]function 0: an interval and a duration of at least 1 microsecond are needed",
        ),
        ("0c000d0101010000000b020300007530", "[measure]function 0: 1 is no kind of measurement"),
        ("0c000d0001010000000b020500007530", "[measure]function 0: Value 5 is greater than maximum 4"),
        ("0c000d00010100000000020300007530", "[measure]function 0: Value 0 is less than minimum 1"),
        ("080600", "[display]function 6: a colour depth of 1, 4 or 16 is needed"),
        ("08060102", "[display]function 6: a colour depth of 1, 4 or 16 is needed"),
    ],
)
def test_a_frame_that_is_no_command_is_named_and_skipped(sent: str, warning: str) -> None:
    findings = binary.decode(bytes.fromhex(sent) + bytes.fromhex("0200020001"))

    assert findings.wishes == [("io", DrivePin(0, True))]
    assert (findings.warnings, findings.error) == ([warning], "")


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ("02", "the frame at byte 5 is cut off"),
        ("0200", "the frame at byte 5 is cut off"),
        ("02000200", "the frame at byte 5 is cut off"),
        ("080340", "the frame at byte 5 is cut off"),
        ("08038000ff", "the frame at byte 5 is cut off"),
        ("800000", "the frame at byte 5 has the reserved bit set"),
        ("0803c000000000", "the frame at byte 5 has an unknown length type"),
    ],
)
def test_where_the_framing_breaks_only_the_rest_is_lost(sent: str, error: str) -> None:
    findings = binary.decode(bytes.fromhex("0200020001" + sent))

    assert findings.wishes == [("io", DrivePin(0, True))]
    assert (findings.warnings, findings.error) == ([], error)


@pytest.mark.parametrize("sent", [b'[{"io0":true}]', b'{"io0":true}', b"[]"])
def test_json_in_a_binary_frame_is_named_as_such(sent: bytes) -> None:
    findings = binary.decode(sent)

    assert findings.error == "this is JSON in a binary frame; JSON goes into a text frame"
    assert (findings.wishes, findings.warnings) == ([], [])


def test_bytes_of_a_label_that_are_no_utf_8_are_shown_as_such() -> None:
    findings = binary.decode(bytes.fromhex("0805030741ff"))

    assert findings.wishes == [("display", NamePin(7, "A\ufffd"))]


def test_an_echo_whose_edges_are_not_counted_takes_as_many_as_there_can_be() -> None:
    findings = binary.decode(bytes.fromhex("0c000d0001010000000b020000007530"))

    echo = MeasureEcho(pulse_pin=1, echo_pin=2, is_positive=True, pulse_us=11, edges=4, timeout_us=30_000)
    assert findings.wishes == [("measure", echo)]


def test_a_payload_of_a_gigabyte_is_no_frame() -> None:
    with pytest.raises(ValueError, match="less than"):
        frame(8, 3, _Endless())


class _Endless(bytes):
    """A payload that takes no memory."""

    def __len__(self) -> int:
        return 1 << 30


def test_an_empty_message_holds_nothing() -> None:
    assert list(frames(b"")) == []


def test_the_frames_before_a_break_are_given_out_first() -> None:
    given = frames(bytes.fromhex("0900000203"))

    first = next(given)

    assert first == (9, 0, b"")
    with pytest.raises(BadFrameError, match="byte 3"):
        next(given)


def test_one_message_holds_no_more_commands_than_the_hub_may_have_to_keep() -> None:
    findings = binary.decode(bytes.fromhex("090100") * (COMMANDS_PER_MESSAGE + 1))

    assert len(findings.wishes) == COMMANDS_PER_MESSAGE
    assert findings.error == "one message may hold 10000 commands; the rest was dropped"


@pytest.mark.parametrize("frame", ["010500", "7f0000", "020000"])
def test_bad_frames_count_as_good_ones_do(frame: str) -> None:
    findings = binary.decode(bytes.fromhex(frame) * (COMMANDS_PER_MESSAGE + 2))

    assert len(findings.warnings) + findings.unsaid == COMMANDS_PER_MESSAGE + 1
    assert findings.error == "one message may hold 10000 commands; the rest was dropped"
