"""CAN, in both encodings and both directions."""

import pytest

from hardwire.model.board.can import CanMode, CanReceived, SendCan, StartCan, StopCan
from hardwire.model.command import Command
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written

START = '"mode":"normal","tx":0,"rx":1,"kbps":500,"filter_code":0,"filter_mask":0'
STARTED = StartCan(channel=0, mode=CanMode.NORMAL, tx=0, rx=1, rate_kbps=500, filter_code=0, filter_mask=0)
WITH_ALL_FLAGS = SendCan(
    channel=0,
    id=0xFFFF_FFFF,
    octets=b"\1\2",
    is_extended=True,
    is_remote=True,
    is_single_shot=True,
    is_self_received=True,
)


@pytest.mark.parametrize(
    ("value", "commands"),
    [
        (f'{{"canbus0":{{{START}}}}}', [STARTED]),
        ('{"canbus0":{"id":5,"data":[1,2]}}', [SendCan(channel=0, id=5, octets=b"\1\2")]),
        ('{"canbus1":{"id":0,"data":[],"rtr":true}}', [SendCan(channel=1, id=0, octets=b"", is_remote=True)]),
        ('{"canbus1":null}', [StopCan(1)]),
        (f'{{"canbus0":{{"id":5,"data":[],{START}}}}}', [STARTED, SendCan(channel=0, id=5, octets=b"")]),
    ],
)
def test_a_request_of_json_is_understood(value: str, commands: list[Command]) -> None:
    assert asked(value) == (commands, [])


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        (START.replace("normal", "loud"), "[canbus0.mode]one of normal, noack, listen is needed"),
        (START.replace('"tx":0,', ""), "[canbus0.tx]missing"),
        (START.replace('"rx":1', '"rx":null'), "[canbus0.rx]an integer is needed, not null"),
        (START.replace('"rx":1', '"rx":0'), "[canbus0.rx]pin 0 is tx already"),
        (START.replace("500", "0"), "[canbus0.kbps]Value 0 is less than minimum 1"),
        (START.replace("500", "1001"), "[canbus0.kbps]Value 1001 is greater than maximum 1000"),
        (START.replace('"filter_code":0', '"filter_code":-1'), "[canbus0.filter_code]Value -1 is less than minimum 0"),
        (
            START.replace('"filter_mask":0', '"filter_mask":4294967296'),
            "[canbus0.filter_mask]Value 4294967296 is greater than maximum 4294967295",
        ),
        ('"id":5', "[canbus0.data]missing"),
        ('"id":-1,"data":[]', "[canbus0.id]Value -1 is less than minimum 0"),
        ('"id":5,"data":[],"extended":1', "[canbus0.extended]a boolean is needed, not number"),
        ('"id":5,"data":[' + "1," * 1024 + "1]", "[canbus0.data]at most 1024 bytes are taken, not 1025"),
        ('"data":[1]', "[canbus0]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(fields: str, warning: str) -> None:
    assert asked(f'{{"canbus0":{{{fields}}}}}') == ([], [warning])


def test_there_are_two_buses_at_most() -> None:
    assert asked('{"canbus2":null}') == ([], ["[canbus2]unknown command"])


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [
        (STARTED, f'{{"canbus0":{{{START}}}}}', "12000e00000101f4000000000000000000"),
        (
            StartCan(
                channel=0,
                mode=CanMode.NO_ACK,
                tx=0,
                rx=1,
                rate_kbps=1000,
                filter_code=0xFFFF_FFFF,
                filter_mask=0xFFFF_FFFF,
            ),
            '{"canbus0":{"mode":"noack","tx":0,"rx":1,"kbps":1000,"filter_code":4294967295,"filter_mask":4294967295}}',
            "12000e00000103e840ffffffffffffffff",
        ),
        (
            StartCan(channel=1, mode=CanMode.LISTEN, tx=0, rx=1, rate_kbps=1, filter_code=0, filter_mask=0),
            '{"canbus1":{"mode":"listen","tx":0,"rx":1,"kbps":1,"filter_code":0,"filter_mask":0}}',
            "12000e0100010001800000000000000000",
        ),
        (
            SendCan(channel=0, id=5, octets=b"\1\2"),
            '{"canbus0":{"id":5,"data":[1,2],"extended":false,"rtr":false,"single_shot":false,"self_reception":false}}',
            "1202080000000000050102",
        ),
        (
            WITH_ALL_FLAGS,
            '{"canbus0":{"id":4294967295,"data":[1,2],"extended":true,"rtr":true,"single_shot":true,'
            '"self_reception":true}}',
            "12020800f0ffffffff0102",
        ),
        (StopCan(0), '{"canbus0":null}', "12010100"),
    ],
)
def test_a_command_is_written_in_both_encodings_and_read_from_both(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked(json) == ([command], [])
    assert asked_in_frames(frame) == ([command], [])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("120000", "[canbus]function 0: 14 bytes are needed, not 0"),
        ("12000e00000101f4200000000000000000", "[canbus]function 0: 32 is no mode"),
        ("12000e000001000000000000000000 0000", "[canbus]function 0: Value 0 is less than minimum 1"),
        ("120100", "[canbus]function 1: 1 bytes are needed, not 0"),
        ("1202050000000005", "[canbus]function 2: at least 6 bytes are needed, not 5"),
        ("12024407000000000005" + "00" * 1025, "[canbus]function 2: at most 1024 bytes are taken, not 1025"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


@pytest.mark.parametrize(
    ("received", "json", "frame"),
    [
        (
            CanReceived(channel=0, id=5, octets=b"\1", is_extended=True, is_remote=True),
            '{"canbus0":{"id":5,"extended":true,"rtr":true,"data":[1]}}',
            "12030700c00000000501",
        ),
        (
            CanReceived(channel=1, id=5, octets=b""),
            '{"canbus1":{"id":5,"extended":false,"rtr":false,"data":[]}}',
            "120306010000000005",
        ),
    ],
)
def test_what_arrives_is_told_in_both_encodings_and_understood(received: CanReceived, json: str, frame: str) -> None:
    assert reported(received) == (json, frame)
    assert told(json) == ([received], [])
    assert told_in_frames(frame) == ([received], [])


def test_a_report_that_is_none_is_complained_about() -> None:
    assert told('{"canbus0":{"data":[1]}}') == ([], ["[canbus0.id]missing"])
    assert told('{"canbus0":{"id":1}}') == ([], ["[canbus0.data]missing"])
    assert told_in_frames("12030100") == ([], ["[canbus]function 3: at least 6 bytes are needed, not 1"])
