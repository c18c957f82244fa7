"""TCP connections of a board, in both encodings and both directions."""

import pytest

from hardwire.model.board.tcp import (
    CloseTcp,
    ConnectTcp,
    TcpAnswered,
    TcpConnected,
    TcpReceived,
    TcpResult,
    WriteTcp,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written


@pytest.mark.parametrize(
    ("value", "commands"),
    [
        ('{"tcp0":{"connect":{"port":80}}}', [ConnectTcp(0, 80, "obniz.io")]),
        (f'{{"tcp7":{{"connect":{{"port":65535,"domain":"{"a" * 30}"}}}}}}', [ConnectTcp(7, 65535, "a" * 30)]),
        ('{"tcp0":{"disconnect":false}}', [CloseTcp(0)]),
        (
            '{"tcp0":{"write":{"data":[1]},"disconnect":true,"connect":{"port":0,"domain":""}}}',
            [ConnectTcp(0, 0, ""), CloseTcp(0), WriteTcp(0, b"\1")],
        ),
    ],
)
def test_a_request_of_json_is_understood(value: str, commands: list[Command]) -> None:
    assert asked(value) == (commands, [])


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"tcp0":{"connect":80}}', "[tcp0.connect]an object is needed, not number"),
        ('{"tcp0":{"connect":{"domain":"a"}}}', "[tcp0.connect.port]missing"),
        ('{"tcp0":{"connect":{"port":65536}}}', "[tcp0.connect.port]Value 65536 is greater than maximum 65535"),
        ('{"tcp0":{"connect":{"port":80,"domain":null}}}', "[tcp0.connect.domain]a string is needed, not null"),
        (
            f'{{"tcp0":{{"connect":{{"port":80,"domain":"{"a" * 31}"}}}}}}',
            "[tcp0.connect.domain]a string of 0 to 30 characters is needed, not 31",
        ),
        ('{"tcp0":{"connect":{"port":80,"host":"a"}}}', "[tcp0.connect]only port, domain may be here"),
        ('{"tcp0":{"disconnect":1}}', "[tcp0.disconnect]a boolean is needed, not number"),
        ('{"tcp0":{"write":[1]}}', "[tcp0.write]an object is needed, not array"),
        ('{"tcp0":{"write":{}}}', "[tcp0.write.data]missing"),
        ('{"tcp0":{"write":{"data":[1],"end":true}}}', "[tcp0.write]only data may be here"),
        ('{"tcp0":null}', "[tcp0]unknown command"),
        ('{"tcp8":{"disconnect":true}}', "[tcp8]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [
        (
            ConnectTcp(0, 80, "example.test"),
            '{"tcp0":{"connect":{"port":80,"domain":"example.test"}}}',
            "0d000f0000506578616d706c652e74657374",
        ),
        (WriteTcp(7, b"GE"), '{"tcp7":{"write":{"data":[71,69]}}}', "0d0303074745"),
        (CloseTcp(0), '{"tcp0":{"disconnect":true}}', "0d010100"),
    ],
)
def test_a_command_is_written_in_both_encodings_and_read_from_both(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked(json) == ([command], [])
    assert asked_in_frames(frame) == ([command], [])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("0d00020000", "[tcp]function 0: at least 3 bytes are needed, not 2"),
        ("0d000400 0050ff", "[tcp]function 0: the text is no UTF-8"),
        ("0d0022000050" + "61" * 31, "[tcp]function 0: a string of 0 to 30 characters is needed, not 31"),
        ("0d0100", "[tcp]function 1: 1 bytes are needed, not 0"),
        ("0d0300", "[tcp]function 3: at least 1 bytes are needed, not 0"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


@pytest.mark.parametrize(
    ("happening", "json", "frame"),
    [
        (TcpConnected(1, True), '{"tcp1":{"connection":{"connected":true}}}', "0d02020100"),
        (TcpConnected(1, False), '{"tcp1":{"connection":{"connected":false}}}', "0d02020101"),
        (TcpAnswered(0, TcpResult.OK), '{"tcp0":{"connect":{"message":"ok","code":0}}}', "0d00020000"),
        (TcpAnswered(0, TcpResult.PORT_USED), '{"tcp0":{"connect":{"message":"Port Used","code":1}}}', "0d00020001"),
        (
            TcpAnswered(0, TcpResult.PORT_AREA_ERROR),
            '{"tcp0":{"connect":{"message":"Port Area Error","code":2}}}',
            "0d00020002",
        ),
        (
            TcpAnswered(0, TcpResult.LOOKUP_ERROR),
            '{"tcp0":{"connect":{"message":"Lookup Error","code":3}}}',
            "0d00020003",
        ),
        (TcpAnswered(0, TcpResult.ERROR), '{"tcp0":{"connect":{"message":"Error","code":4}}}', "0d00020004"),
        (TcpReceived(1, b"\2\3"), '{"tcp1":{"read":{"data":[2,3]}}}', "0d0403010203"),
        (TcpReceived(1, b""), '{"tcp1":{"read":{"data":[]}}}', "0d040101"),
    ],
)
def test_what_a_connection_tells_is_written_in_both_encodings_and_read_from_both(
    happening: Happening, json: str, frame: str
) -> None:
    assert reported(happening) == (json, frame)
    assert told(json) == ([happening], [])
    assert told_in_frames(frame) == ([happening], [])


def test_an_outcome_without_a_name_is_an_error() -> None:
    assert told('{"tcp0":{"connect":{"code":9}}}') == ([TcpAnswered(0, TcpResult.ERROR)], [])
    assert told_in_frames("0d00020009") == ([TcpAnswered(0, TcpResult.ERROR)], [])


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        ('{"tcp0":{}}', "[tcp0]one of connection, connect, read is needed"),
        ('{"tcp0":{"connection":{}}}', "[tcp0.connection.connected]missing"),
        ('{"tcp0":{"connect":{"message":"ok"}}}', "[tcp0.connect.code]missing"),
        ('{"tcp0":{"read":{}}}', "[tcp0.read.data]missing"),
    ],
)
def test_a_report_that_is_none_is_complained_about(value: str, trouble: str) -> None:
    assert told(value) == ([], [trouble])


@pytest.mark.parametrize(
    ("frame", "trouble"),
    [
        ("0d000101", "[tcp]function 0: 2 bytes are needed, not 1"),
        ("0d020101", "[tcp]function 2: 2 bytes are needed, not 1"),
        ("0d0400", "[tcp]function 4: at least 1 bytes are needed, not 0"),
    ],
)
def test_a_framed_report_that_is_none_is_complained_about(frame: str, trouble: str) -> None:
    assert told_in_frames(frame) == ([], [trouble])
