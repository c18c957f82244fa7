"""I2C, in both encodings and both directions."""

import pytest

from hardwire.model.board.i2c import (
    I2cFailed,
    I2cFault,
    I2cRead,
    I2cWarned,
    I2cWritten,
    ReadI2c,
    StartI2cMaster,
    StartI2cSlave,
    StopI2c,
    WriteI2c,
)
from hardwire.model.board.system import BoardFailed
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written

ONLY_7 = "only 7 means something here: an address above 127 has 10 bits anyway"


@pytest.mark.parametrize(
    ("value", "commands"),
    [
        ('{"i2c0":{"mode":"master","sda":2,"scl":3,"clock":400000}}', [StartI2cMaster(0, 2, 3, 400_000)]),
        (
            '{"i2c1":{"mode":"master","sda":2,"scl":3,"clock":1,"slave_address":5,"pull":"5v"}}',
            [StartI2cMaster(1, 2, 3, 1)],
        ),
        ('{"i2c0":{"mode":"slave","sda":2,"scl":3,"slave_address":5}}', [StartI2cSlave(0, 2, 3, 5)]),
        (
            '{"i2c0":{"mode":"slave","sda":2,"scl":3,"slave_address":1023,"slave_address_length":7}}',
            [StartI2cSlave(0, 2, 3, 1023, 10)],
        ),
        ('{"i2c0":{"address":80,"data":[0,16]}}', [WriteI2c(0, 80, b"\0\x10")]),
        ('{"i2c0":{"address":128,"data":[],"address_bits":7}}', [WriteI2c(0, 128, b"", 10)]),
        ('{"i2c0":{"address":80,"read":2}}', [ReadI2c(0, 80, 2)]),
        ('{"i2c0":{"address":1023,"read":1024,"address_bits":7.0}}', [ReadI2c(0, 1023, 1024, 10)]),
        ('{"i2c0":{"address":80,"read":2,"data":[1]}}', [WriteI2c(0, 80, b"\1"), ReadI2c(0, 80, 2)]),
        ('{"i2c0":null}', [StopI2c(0)]),
    ],
)
def test_a_request_of_json_is_understood(value: str, commands: list[Command]) -> None:
    assert asked(value) == (commands, [])


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"i2c0":{"mode":"peer","sda":2,"scl":3}}', "[i2c0.mode]one of master, slave is needed"),
        ('{"i2c0":{"mode":"master","scl":3,"clock":1}}', "[i2c0.sda]missing"),
        ('{"i2c0":{"mode":"master","sda":2,"scl":null,"clock":1}}', "[i2c0.scl]an integer is needed, not null"),
        ('{"i2c0":{"mode":"master","sda":2,"scl":2,"clock":1}}', "[i2c0.scl]pin 2 is sda already"),
        ('{"i2c0":{"mode":"master","sda":2,"scl":3}}', "[i2c0.clock]missing"),
        (
            '{"i2c0":{"mode":"master","sda":2,"scl":3,"clock":1000001}}',
            "[i2c0.clock]Value 1000001 is greater than maximum 1000000",
        ),
        ('{"i2c0":{"mode":"slave","sda":2,"scl":3}}', "[i2c0.slave_address]missing"),
        (
            '{"i2c0":{"mode":"slave","sda":2,"scl":3,"slave_address":1024}}',
            "[i2c0.slave_address]Value 1024 is greater than maximum 1023",
        ),
        (
            '{"i2c0":{"mode":"slave","sda":2,"scl":3,"slave_address":1,"slave_address_length":10}}',
            f"[i2c0.slave_address_length]{ONLY_7}",
        ),
        ('{"i2c0":{"data":[1]}}', "[i2c0.address]missing"),
        ('{"i2c0":{"address":-1,"data":[1]}}', "[i2c0.address]Value -1 is less than minimum 0"),
        ('{"i2c0":{"address":80,"data":[1],"address_bits":10}}', f"[i2c0.address_bits]{ONLY_7}"),
        ('{"i2c0":{"address":80,"read":1,"address_bits":"7"}}', f"[i2c0.address_bits]{ONLY_7}"),
        ('{"i2c0":{"address":80,"read":1025}}', "[i2c0.read]Value 1025 is greater than maximum 1024"),
        (
            '{"i2c0":{"address":80,"data":[' + "1," * 1024 + "1]}}",
            "[i2c0.data]at most 1024 bytes are taken, not 1025",
        ),
        ('{"i2c0":{"address":80}}', "[i2c0]unknown command"),
        ('{"i2c2":null}', "[i2c2]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [
        (
            StartI2cMaster(0, 2, 3, 400_000),
            '{"i2c0":{"mode":"master","sda":2,"scl":3,"clock":400000}}',
            "0600080000020300061a80",
        ),
        (
            StartI2cSlave(0, 2, 3, 5),
            '{"i2c0":{"mode":"slave","sda":2,"scl":3,"slave_address":5}}',
            "06000b0001020300000000070005",
        ),
        (
            StartI2cSlave(0, 2, 3, 1023, 10),
            '{"i2c0":{"mode":"slave","sda":2,"scl":3,"slave_address":1023}}',
            "06000b00010203000000000a03ff",
        ),
        (WriteI2c(0, 80, b"\1\2"), '{"i2c0":{"address":80,"data":[1,2]}}', "0602050000500102"),
        (WriteI2c(0, 128, b"\1\2", 10), '{"i2c0":{"address":128,"data":[1,2]}}', "0602050080800102"),
        (ReadI2c(1, 80, 2), '{"i2c1":{"address":80,"read":2}}', "06030701005000000002"),
        (ReadI2c(0, 800, 0, 10), '{"i2c0":{"address":800,"read":0}}', "06030700832000000000"),
        (StopI2c(0), '{"i2c0":null}', "06010100"),
    ],
)
def test_a_command_is_written_in_both_encodings_and_read_from_frames(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked_in_frames(frame) == ([command], [])


@pytest.mark.parametrize(
    ("frame", "command"),
    [
        ("060203008005", WriteI2c(0, 5, b"", 10)),
        ("060203000080", WriteI2c(0, 128, b"", 10)),
        ("06000b0001020300000000070080", StartI2cSlave(0, 2, 3, 128, 10)),
        ("06000b00010203000000000a0005", StartI2cSlave(0, 2, 3, 5, 10)),
    ],
)
def test_an_address_has_ten_bits_where_it_says_so_or_is_above_127(frame: str, command: Command) -> None:
    assert asked_in_frames(frame) == ([command], [])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("060000", "[i2c]function 0: at least 8 bytes are needed, not 0"),
        ("0600090000020300061a8000", "[i2c]function 0: 8 bytes are needed, not 9"),
        ("0600080002020300061a80", "[i2c]function 0: 2 is no mode"),
        ("0600080001020300000000", "[i2c]function 0: 11 bytes are needed, not 8"),
        ("06000b0001020300000000080005", "[i2c]function 0: 8 is no length of an address"),
        ("06000b0001020300000000070400", "[i2c]function 0: Value 1024 is greater than maximum 1023"),
        ("0600080000020200061a80", "[i2c]function 0: pin 2 is sda already"),
        ("060100", "[i2c]function 1: 1 bytes are needed, not 0"),
        ("0602020050", "[i2c]function 2: at least 3 bytes are needed, not 2"),
        ("060203008400", "[i2c]function 2: Value 1024 is greater than maximum 1023"),
        ("06024404000050" + "00" * 1025, "[i2c]function 2: at most 1024 bytes are taken, not 1025"),
        ("060306000050000002", "[i2c]function 3: 7 bytes are needed, not 6"),
        ("06030700005000000401", "[i2c]function 3: Value 1025 is greater than maximum 1024"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


@pytest.mark.parametrize(
    ("happening", "json", "frame"),
    [
        (I2cRead(0, 80, b"\x12"), '{"i2c0":{"mode":"master","address":80,"data":[18]}}', "06030400005012"),
        (I2cRead(1, 1023, b"\1"), '{"i2c1":{"mode":"master","address":1023,"data":[1]}}', "0603040103ff01"),
        (
            I2cWritten(0, 5, b"\1\2", is_fragmented=True),
            '{"i2c0":{"mode":"slave","address":5,"is_fragmented":true,"data":[1,2]}}',
            "060406000700050102",
        ),
        (
            I2cWritten(1, 133, b"\1", is_fragmented=True, address_bits=10),
            '{"i2c1":{"mode":"slave","address":133,"is_fragmented":true,"data":[1]}}',
            "060405010a008501",
        ),
        (
            I2cFailed(0, I2cFault.TIMEOUT, True, "reading error: timeout, perhaps nothing is connected"),
            '{"i2c0":{"error":{"message":"reading error: timeout, perhaps nothing is connected"}}}',
            "06ff03000703",
        ),
        (
            I2cFailed(0, I2cFault.FAILED, False, "writing error: failed"),
            '{"i2c0":{"error":{"message":"writing error: failed"}}}',
            "06ff0300ff02",
        ),
    ],
)
def test_what_a_bus_tells_is_written_in_both_encodings_and_read_from_both(
    happening: Happening, json: str, frame: str
) -> None:
    assert reported(happening) == (json, frame)
    assert told(json) == ([happening], [])
    assert told_in_frames(frame) == ([happening], [])


@pytest.mark.parametrize(
    ("happening", "json"),
    [
        (I2cRead(0, 80, b""), '{"i2c0":{"mode":"master","address":80,"data":[]}}'),
        (I2cWritten(0, 5, b""), '{"i2c0":{"mode":"slave","address":5,"is_fragmented":false,"data":[]}}'),
        (
            I2cFailed(1, I2cFault.TIMEOUT, True, "reading error. Communication Timeout."),
            '{"i2c1":{"error":{"message":"reading error. Communication Timeout."}}}',
        ),
        (I2cWarned(0, "low voltage"), '{"i2c0":{"warning":{"message":"low voltage"}}}'),
    ],
)
def test_what_a_frame_cannot_say_is_said_as_text_alone(happening: Happening, json: str) -> None:
    assert reported(happening) == (json, None)
    assert told(json) == ([happening], [])


@pytest.mark.parametrize(
    ("frame", "happening"),
    [
        ("06030400805001", I2cRead(0, 80, b"\1")),
        ("060405010780ff01", I2cWritten(1, 255, b"\1", True, 10)),
        ("06ff03000102", I2cFailed(0, I2cFault.FAILED, False, "writing error: failed")),
        (
            "06ff0401070309",
            I2cFailed(0, I2cFault.TIMEOUT, True, "reading error: timeout, perhaps nothing is connected"),
        ),
        ("06ff03000105", BoardFailed("i2c: function 5 failed with error 0, 1")),
        ("06ff0201 07", BoardFailed("i2c failed: 01 07")),
    ],
)
def test_a_report_in_other_frames_is_understood_too(frame: str, happening: Happening) -> None:
    assert told_in_frames(frame) == ([happening], [])


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        ('{"i2c0":1}', "[i2c0]an object is needed, not number"),
        ('{"i2c0":{"address":80,"data":[1]}}', "[i2c0.mode]missing"),
        ('{"i2c0":{"mode":"master","data":[1]}}', "[i2c0.address]missing"),
        ('{"i2c0":{"mode":"master","address":80}}', "[i2c0.data]missing"),
        ('{"i2c0":{"mode":"slave","address":80,"data":[1]}}', "[i2c0.is_fragmented]missing"),
        ('{"i2c0":{"error":"no"}}', "[i2c0.error]an object is needed, not string"),
        ('{"i2c0":{"warning":{}}}', "[i2c0.warning.message]missing"),
    ],
)
def test_a_report_that_is_none_is_complained_about(value: str, trouble: str) -> None:
    assert told(value) == ([], [trouble])


@pytest.mark.parametrize(
    ("frame", "trouble"),
    [
        ("060303000050", "[i2c]function 3: at least 4 bytes are needed, not 3"),
        ("06030400040001", "[i2c]function 3: Value 1024 is greater than maximum 1023"),
        ("06040400070005", "[i2c]function 4: at least 5 bytes are needed, not 4"),
        ("0604050009000501", "[i2c]function 4: 9 is no length of an address"),
    ],
)
def test_a_framed_report_that_is_none_is_complained_about(frame: str, trouble: str) -> None:
    assert told_in_frames(frame) == ([], [trouble])
