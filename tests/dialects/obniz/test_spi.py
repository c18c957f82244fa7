"""SPI, in both encodings and both directions."""

import pytest

from hardwire.model.board.spi import SpiRead, StartSpi, StopSpi, TransferSpi
from hardwire.model.command import Command
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written


@pytest.mark.parametrize(
    ("value", "commands"),
    [
        (
            '{"spi0":{"mode":"master","clock":1000000,"clk":0,"mosi":1,"miso":2}}',
            [StartSpi(channel=0, clock_hz=1_000_000, clk=0, mosi=1, miso=2)],
        ),
        ('{"spi1":{"mode":"master","clock":1,"mosi":0,"clk":null}}', [StartSpi(channel=1, clock_hz=1, mosi=0)]),
        (
            '{"spi0":{"mode":"master","clock":26000000,"miso":3,"cs":3,"drive":"3v"}}',
            [StartSpi(channel=0, clock_hz=26_000_000, miso=3, cs=3)],
        ),
        ('{"spi0":{"data":[18,152],"read":true}}', [TransferSpi(0, b"\x12\x98")]),
        ('{"spi0":{"data":[],"read":false}}', [TransferSpi(0, b"", False)]),
        ('{"spi1":null}', [StopSpi(1)]),
        (
            '{"spi0":{"data":[1],"read":true,"mode":"master","clock":5,"clk":0}}',
            [StartSpi(channel=0, clock_hz=5, clk=0), TransferSpi(0, b"\1")],
        ),
    ],
)
def test_a_request_of_json_is_understood(value: str, commands: list[Command]) -> None:
    assert asked(value) == (commands, [])


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"spi0":{"mode":"slave","clock":5,"clk":0}}', "[spi0.mode]one of master is needed"),
        ('{"spi0":{"mode":"master","clk":0}}', "[spi0.clock]missing"),
        ('{"spi0":{"mode":"master","clock":0,"clk":0}}', "[spi0.clock]Value 0 is less than minimum 1"),
        (
            '{"spi0":{"mode":"master","clock":26000001,"clk":0}}',
            "[spi0.clock]Value 26000001 is greater than maximum 26000000",
        ),
        ('{"spi0":{"mode":"master","clock":5,"cs":0}}', "[spi0]at least one of clk, mosi, miso is needed"),
        ('{"spi0":{"mode":"master","clock":5,"clk":1,"miso":1}}', "[spi0.miso]pin 1 is clk already"),
        ('{"spi0":{"mode":"master","clock":5,"clk":1,"cs":"2"}}', "[spi0.cs]an integer is needed, not string"),
        ('{"spi0":{"data":[1]}}', "[spi0.read]missing"),
        ('{"spi0":{"data":[1],"read":1}}', "[spi0.read]a boolean is needed, not number"),
        (
            '{"spi0":{"read":true,"data":[' + "1," * 1024 + "1]}}",
            "[spi0.data]at most 1024 bytes are taken, not 1025",
        ),
        ('{"spi0":{"clock":5,"clk":1}}', "[spi0]unknown command"),
        ('{"spi0":false}', "[spi0]unknown command"),
        ('{"spi2":null}', "[spi2]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [
        (
            StartSpi(channel=0, clock_hz=1000, clk=0),
            '{"spi0":{"mode":"master","clock":1000,"clk":0}}',
            "05000c000000ffffffff000003e8ff",
        ),
        (
            StartSpi(channel=1, clock_hz=1000, clk=0, mosi=1, miso=2, cs=9),
            '{"spi1":{"mode":"master","clock":1000,"clk":0,"mosi":1,"miso":2,"cs":9}}',
            "05000c0100000102ffff000003e809",
        ),
        (TransferSpi(0, b"\1\2"), '{"spi0":{"data":[1,2],"read":true}}', "050203000102"),
        (TransferSpi(0, b"\1", False), '{"spi0":{"data":[1],"read":false}}', "0503020001"),
        (StopSpi(1), '{"spi1":null}', "05010101"),
    ],
)
def test_a_command_is_written_in_both_encodings_and_read_from_frames(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked_in_frames(frame) == ([command], [])


def test_a_frame_of_obniz_js_before_4_ends_before_its_chip_select() -> None:
    assert asked_in_frames("05000b000000ffffffff000003e8") == ([StartSpi(channel=0, clock_hz=1000, clk=0)], [])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("050000", "[spi]function 0: 12 bytes are needed, not 0"),
        ("05000c000100ffffffff000003e8ff", "[spi]function 0: 1 is no mode"),
        ("05000c0000ffffffffff000003e8ff", "[spi]function 0: at least one of clk, mosi, miso is needed"),
        ("05000c000000ffffffff00000000ff", "[spi]function 0: Value 0 is less than minimum 1"),
        ("050100", "[spi]function 1: 1 bytes are needed, not 0"),
        ("050200", "[spi]function 2: at least 1 bytes are needed, not 0"),
        ("050300", "[spi]function 3: at least 1 bytes are needed, not 0"),
        ("05024402" + "00" * 1026, "[spi]function 2: at most 1024 bytes are taken, not 1025"),
        ("05034402" + "00" * 1026, "[spi]function 3: at most 1024 bytes are taken, not 1025"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


def test_what_was_read_is_told_in_both_encodings_and_understood() -> None:
    read = SpiRead(1, b"\2\3\4")

    assert reported(read) == ('{"spi1":{"data":[2,3,4]}}', "05020401020304")
    assert told('{"spi1":{"data":[2,3,4]}}') == ([read], [])
    assert told_in_frames("05020401020304") == ([read], [])


def test_nothing_read_has_no_frame_since_the_vendors_decoder_drops_it() -> None:
    assert reported(SpiRead(0, b"")) == ('{"spi0":{"data":[]}}', None)


def test_a_report_that_is_none_is_complained_about() -> None:
    assert told('{"spi0":{"read":[1]}}') == ([], ["[spi0.data]missing"])
    assert told_in_frames("05020101") == ([], ["[spi]function 2: at least 2 bytes are needed, not 1"])
