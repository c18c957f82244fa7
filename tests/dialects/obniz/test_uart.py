"""Serial ports, in both encodings and both directions."""

import pytest

from hardwire.model.board.uart import (
    FlowControl,
    Parity,
    SetUartDirection,
    StartUart,
    StopBits,
    StopUart,
    UartReceived,
    WriteUart,
)
from hardwire.model.command import Command
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written

FULL = StartUart(
    channel=0,
    rx=0,
    tx=1,
    baud=5_000_000,
    stop=StopBits.ONE_AND_A_HALF,
    bits=5,
    parity=Parity.ODD,
    flow=FlowControl.RTS_CTS,
    rts=5,
    cts=6,
)


@pytest.mark.parametrize(
    ("value", "commands"),
    [
        ('{"uart0":{"tx":5,"rx":6,"baud":9600}}', [StartUart(channel=0, rx=6, tx=5, baud=9600)]),
        ('{"uart2":{"tx":40,"rx":0}}', [StartUart(channel=2, rx=0, tx=40)]),
        ('{"uart0":{"tx":5,"rx":null}}', [StartUart(channel=0, rx=None, tx=5)]),
        ('{"uart0":{"tx":5,"rx":6,"rts":null,"cts":7}}', [StartUart(channel=0, rx=6, tx=5, cts=7)]),
        ('{"uart0":{"tx":5,"rx":6,"stop":2.0}}', [StartUart(channel=0, rx=6, tx=5, stop=StopBits.TWO)]),
        (
            '{"uart0":{"rx":0,"tx":1,"baud":5000000,"stop":1.5,"bits":5,"parity":"odd",'
            '"flowcontrol":"rts-cts","rts":5,"cts":6}}',
            [FULL],
        ),
        ('{"uart0":{"data":[72,105]}}', [WriteUart(0, b"Hi")]),
        ('{"uart1":{"data":[]}}', [WriteUart(1, b"")]),
        ('{"uart0":{"de":7}}', [SetUartDirection(0, 7)]),
        ('{"uart0":null}', [StopUart(0)]),
        (
            '{"uart0":{"de":7,"data":[1],"tx":1,"rx":0}}',
            [StartUart(channel=0, rx=0, tx=1), WriteUart(0, b"\1"), SetUartDirection(0, 7)],
        ),
    ],
)
def test_a_request_of_json_is_understood(value: str, commands: list[Command]) -> None:
    assert asked(value) == (commands, [])


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"uart0":{"tx":5}}', "[uart0.rx]missing"),
        ('{"uart0":{"rx":5}}', "[uart0.tx]missing"),
        ('{"uart0":{"rx":null,"tx":null}}', "[uart0]at least one of rx, tx is needed"),
        ('{"uart0":{"rx":5,"tx":5}}', "[uart0.tx]pin 5 is rx already"),
        ('{"uart0":{"rx":5,"tx":6,"cts":6}}', "[uart0.cts]pin 6 is tx already"),
        ('{"uart0":{"rx":41,"tx":6}}', "[uart0.rx]Value 41 is greater than maximum 40"),
        ('{"uart0":{"rx":5,"tx":-1}}', "[uart0.tx]Value -1 is less than minimum 0"),
        ('{"uart0":{"rx":5,"tx":6,"baud":0}}', "[uart0.baud]Value 0 is less than minimum 1"),
        ('{"uart0":{"rx":5,"tx":6,"baud":5000001}}', "[uart0.baud]Value 5000001 is greater than maximum 5000000"),
        ('{"uart0":{"rx":5,"tx":6,"stop":3}}', "[uart0.stop]one of 1, 1.5, 2 is needed"),
        ('{"uart0":{"rx":5,"tx":6,"stop":true}}', "[uart0.stop]one of 1, 1.5, 2 is needed"),
        ('{"uart0":{"rx":5,"tx":6,"stop":[1]}}', "[uart0.stop]one of 1, 1.5, 2 is needed"),
        ('{"uart0":{"rx":5,"tx":6,"bits":4}}', "[uart0.bits]Value 4 is less than minimum 5"),
        ('{"uart0":{"rx":5,"tx":6,"bits":9}}', "[uart0.bits]Value 9 is greater than maximum 8"),
        ('{"uart0":{"rx":5,"tx":6,"parity":"mark"}}', "[uart0.parity]one of off, even, odd is needed"),
        ('{"uart0":{"rx":5,"tx":6,"flowcontrol":1}}', "[uart0.flowcontrol]one of off, rts, cts, rts-cts is needed"),
        ('{"uart0":{"data":"Hi"}}', "[uart0.data]an array of bytes is needed, not string"),
        ('{"uart0":{"de":null}}', "[uart0.de]an integer is needed, not null"),
        ('{"uart0":{}}', "[uart0]unknown command"),
        ('{"uart0":7}', "[uart0]unknown command"),
        ('{"uart3":null}', "[uart3]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


def test_of_a_bad_start_beside_bytes_the_bytes_are_sent() -> None:
    assert asked('{"uart0":{"tx":1,"data":[1]}}') == ([WriteUart(0, b"\1")], ["[uart0.rx]missing"])


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [
        (
            StartUart(channel=0, rx=0, tx=1),
            '{"uart0":{"rx":0,"tx":1,"baud":115200,"stop":1,"bits":8,"parity":"off","flowcontrol":"off"}}',
            "04000d0001000001c200010800000000",
        ),
        (
            FULL,
            '{"uart0":{"rx":0,"tx":1,"baud":5000000,"stop":1.5,"bits":5,"parity":"odd","flowcontrol":"rts-cts",'
            '"rts":5,"cts":6}}',
            "04000d000100004c4b40020503040506",
        ),
        (
            StartUart(channel=1, rx=None, tx=1, stop=StopBits.TWO, parity=Parity.EVEN, flow=FlowControl.CTS, cts=3),
            '{"uart1":{"rx":null,"tx":1,"baud":115200,"stop":2,"bits":8,"parity":"even","flowcontrol":"cts","cts":3}}',
            "04000d0101ff0001c200030802030003",
        ),
        (WriteUart(0, b"\1\2"), '{"uart0":{"data":[1,2]}}', "040203000102"),
        (SetUartDirection(0, 7), '{"uart0":{"de":7}}', "0404020007"),
        (StopUart(2), '{"uart2":null}', "04010102"),
    ],
)
def test_a_command_is_written_in_both_encodings_and_read_from_frames(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked_in_frames(frame) == ([command], [])


@pytest.mark.parametrize(
    ("flow", "rx", "lines", "rts", "cts"),
    [
        (0, 5, "0000", None, None),
        (2, 5, "0000", 0, None),
        (3, 5, "0000", None, 0),
        (4, 5, "0007", 0, 7),
        (4, 5, "0700", 7, 0),
        (4, 5, "0000", 0, None),
        (4, 0, "0000", None, None),
        (0, 5, "0708", 7, 8),
    ],
)
def test_0_is_pin_0_only_where_the_line_is_used_and_the_pin_is_free(
    flow: int, rx: int, lines: str, rts: int | None, cts: int | None
) -> None:
    (start,), warnings = asked_in_frames(f"04000d 00 01 {rx:02x} 0001c200 01 08 00 {flow:02x} {lines}")

    assert isinstance(start, StartUart)
    assert ((start.rts, start.cts), warnings) == ((rts, cts), [])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("040000", "[uart]function 0: 13 bytes are needed, not 0"),
        ("04000d000100000000000108000000 00", "[uart]function 0: Value 0 is less than minimum 1"),
        ("04000d0001000001c200000800000000", "[uart]function 0: 0 is no stop length"),
        ("04000d0001000001c200010801000000", "[uart]function 0: 1 is no parity"),
        ("04000d0001000001c200010800010000", "[uart]function 0: 1 is no flow control"),
        ("04000d0001290001c200010800000000", "[uart]function 0: Value 41 is greater than maximum 40"),
        ("04000d00ffff0001c200010800000000", "[uart]function 0: at least one of rx, tx is needed"),
        ("040100", "[uart]function 1: 1 bytes are needed, not 0"),
        ("040200", "[uart]function 2: at least 1 bytes are needed, not 0"),
        ("04040100", "[uart]function 4: 2 bytes are needed, not 1"),
        ("0404020029", "[uart]function 4: Value 41 is greater than maximum 40"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


def test_what_arrives_is_told_in_both_encodings_and_understood() -> None:
    received = UartReceived(1, b"\2\377")

    assert reported(received) == ('{"uart1":{"data":[2,255]}}', "0403030102ff")
    assert told('{"uart1":{"data":[2,255]}}') == ([received], [])
    assert told_in_frames("0403030102ff") == ([received], [])


def test_nothing_has_no_frame_since_the_vendors_decoder_drops_it() -> None:
    assert reported(UartReceived(0, b"")) == ('{"uart0":{"data":[]}}', None)


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        ('{"uart0":[1]}', "[uart0]an object is needed, not array"),
        ('{"uart0":{}}', "[uart0.data]missing"),
        ('{"uart0":{"data":[256]}}', "[uart0.data.0]Value 256 is greater than maximum 255"),
    ],
)
def test_a_report_that_is_none_is_complained_about(value: str, trouble: str) -> None:
    assert told(value) == ([], [trouble])


def test_a_framed_report_without_bytes_is_complained_about() -> None:
    assert told_in_frames("04030101") == ([], ["[uart]function 3: at least 2 bytes are needed, not 1"])
