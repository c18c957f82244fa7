"""The program on the board, in both encodings and both directions."""

import pytest

from hardwire.model.board.plugin import (
    AnswerTransaction,
    CallPlugin,
    PluginCalled,
    PluginFailed,
    PluginFrameBegan,
    PluginFrameEnded,
    PluginReceived,
    ReloadPlugin,
    RunLua,
    SendToPlugin,
    TransactionAsked,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written


@pytest.mark.parametrize(
    ("command", "json", "frame"),
    [
        (SendToPlugin(b"\1\2\3"), '{"plugin":{"send":[1,2,3]}}', "0f0003010203"),
        (SendToPlugin(b""), '{"plugin":{"send":[]}}', "0f0000"),
        (RunLua("x=1"), '{"plugin":{"exec_lua":"x=1"}}', "0f0303783d31"),
        (ReloadPlugin(), '{"plugin":{"reload":true}}', "0f040101"),
        (
            CallPlugin(1, "return 'a'"),
            '{"plugin":{"call_request":{"id":1,"lua":"return \'a\'"}}}',
            "0f060e0000000172657475726e20276127",
        ),
        (
            CallPlugin(0xFFFF_FFFF, "はn"),
            '{"plugin":{"call_request":{"id":4294967295,"lua":"はn"}}}',
            "0f0608ffffffffe381af6e",
        ),
        (
            AnswerTransaction(9, True, "..."),
            '{"plugin":{"cloud_transaction_response":{"id":9,"success":true,"result":"..."}}}',
            "0f090800000009012e2e2e",
        ),
        (
            AnswerTransaction(9, False, ""),
            '{"plugin":{"cloud_transaction_response":{"id":9,"success":false,"result":""}}}',
            "0f09050000000900",
        ),
    ],
)
def test_a_command_is_written_in_both_encodings_and_read_from_both(command: Command, json: str, frame: str) -> None:
    assert written(command) == (json, frame)
    assert asked(json) == ([command], [])
    assert asked_in_frames(frame) == ([command], [])


def test_all_that_an_object_holds_is_carried_out_in_the_vendors_order() -> None:
    found = asked(
        '{"plugin":{"cloud_transaction_response":{"id":1,"success":true},"call_request":{"id":1,"lua":"a"},'
        '"reload":true,"exec_lua":"z","send":[1]}}'
    )

    assert found == (
        [SendToPlugin(b"\1"), RunLua("z"), ReloadPlugin(), CallPlugin(1, "a"), AnswerTransaction(1, True, "")],
        [],
    )


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"plugin":{"send":"abc"}}', "[plugin.send]an array of bytes is needed, not string"),
        ('{"plugin":{"exec_lua":5}}', "[plugin.exec_lua]a string is needed, not number"),
        ('{"plugin":{"reload":false}}', "[plugin.reload]only true means something here"),
        ('{"plugin":{"call_request":"a"}}', "[plugin.call_request]an object is needed, not string"),
        ('{"plugin":{"call_request":{"lua":"a"}}}', "[plugin.call_request.id]missing"),
        ('{"plugin":{"call_request":{"id":1}}}', "[plugin.call_request.lua]missing"),
        (
            '{"plugin":{"call_request":{"id":4294967296,"lua":"a"}}}',
            "[plugin.call_request.id]Value 4294967296 is greater than maximum 4294967295",
        ),
        (
            '{"plugin":{"cloud_transaction_response":{"id":1,"result":"a"}}}',
            "[plugin.cloud_transaction_response.success]missing",
        ),
        (
            '{"plugin":{"cloud_transaction_response":{"id":1,"success":1,"result":"a"}}}',
            "[plugin.cloud_transaction_response.success]a boolean is needed, not number",
        ),
        (
            '{"plugin":{"cloud_transaction_response":{"id":1,"success":true,"result":{}}}}',
            "[plugin.cloud_transaction_response.result]a string is needed, not object",
        ),
        ('{"plugin":{"run":1}}', "[plugin]unknown command"),
        ('{"plugin":null}', "[plugin]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


@pytest.mark.parametrize(
    ("frame", "warning"),
    [
        ("0f0301ff", "[plugin]function 3: the text is no UTF-8"),
        ("0f0400", "[plugin]function 4: only 1 means something here"),
        ("0f0603000000", "[plugin]function 6: at least 4 bytes are needed, not 3"),
        ("0f060500000001ff", "[plugin]function 6: the text is no UTF-8"),
        ("0f090400000001", "[plugin]function 9: at least 5 bytes are needed, not 4"),
        ("0f09060000000101ff", "[plugin]function 9: the text is no UTF-8"),
    ],
)
def test_a_frame_that_is_no_command_is_named(frame: str, warning: str) -> None:
    assert asked_in_frames(frame) == ([], [warning])


@pytest.mark.parametrize(
    ("happening", "json", "frame"),
    [
        (PluginReceived(b"\1\2\3"), '{"plugin":{"receive":[1,2,3]}}', "0f0103010203"),
        (PluginReceived(b""), '{"plugin":{"receive":[]}}', "0f0100"),
        (
            PluginFrameBegan(100, 10_000),
            '{"plugin":{"frame":{"start":{"id":100,"length":10000}}}}',
            "0f0206006400002710",
        ),
        (PluginFrameEnded(), '{"plugin":{"frame":{"end":{}}}}', "0f020101"),
        (PluginFailed('no "x"'), '{"plugin":{"error":{"message":"no \\"x\\""}}}', "0f05066e6f20227822"),
        (
            PluginCalled(1, "abc"),
            '{"plugin":{"call_response":{"id":1,"status":0,"result":"abc"}}}',
            "0f07080000000100616263",
        ),
        (
            PluginCalled(0xFF00_0001, "は", is_failed=True),
            '{"plugin":{"call_response":{"id":4278190081,"status":1,"result":"は"}}}',
            "0f0708ff00000101e381af",
        ),
        (
            TransactionAsked(9, b"\1\2"),
            '{"plugin":{"cloud_transaction_request":{"id":9,"data":[1,2]}}}',
            "0f0806000000090102",
        ),
    ],
)
def test_what_the_program_tells_is_written_in_both_encodings_and_read_from_both(
    happening: Happening, json: str, frame: str
) -> None:
    assert reported(happening) == (json, frame)
    assert told(json) == ([happening], [])
    assert told_in_frames(frame) == ([happening], [])


def test_a_large_id_of_a_frame_goes_as_text() -> None:
    json = '{"plugin":{"frame":{"start":{"id":256,"length":1}}}}'

    assert reported(PluginFrameBegan(256, 1)) == (json, None)
    assert told(json) == ([PluginFrameBegan(256, 1)], [])


def test_text_of_a_board_that_is_no_utf_8_is_told_as_far_as_it_can_be() -> None:
    found, _ = told_in_frames("0f0502ff61" + "0f0706 00000001 00 ff")

    assert found == [PluginFailed("\N{REPLACEMENT CHARACTER}a"), PluginCalled(1, "\N{REPLACEMENT CHARACTER}")]


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        (
            '{"plugin":{}}',
            "[plugin]one of receive, frame, error, call_response, cloud_transaction_request is needed",
        ),
        ('{"plugin":{"frame":{}}}', "[plugin.frame.end]missing"),
        ('{"plugin":{"frame":{"end":true}}}', "[plugin.frame.end]an object is needed, not boolean"),
        ('{"plugin":{"frame":{"start":{"id":1}}}}', "[plugin.frame.start.length]missing"),
        ('{"plugin":{"error":{}}}', "[plugin.error.message]missing"),
        ('{"plugin":{"call_response":{"id":1,"result":"a"}}}', "[plugin.call_response.status]missing"),
        ('{"plugin":{"cloud_transaction_request":{"id":1}}}', "[plugin.cloud_transaction_request.data]missing"),
    ],
)
def test_a_report_that_is_none_is_complained_about(value: str, trouble: str) -> None:
    assert told(value) == ([], [trouble])


@pytest.mark.parametrize(
    ("frame", "trouble"),
    [
        ("0f0200", "[plugin]function 2: 6 bytes are needed, not 0"),
        ("0f020100", "[plugin]function 2: 6 bytes are needed, not 1"),
        ("0f0206016400002710", "[plugin]function 2: 1 is no mark of a frame"),
        ("0f070400000001", "[plugin]function 7: at least 5 bytes are needed, not 4"),
        ("0f0803000000", "[plugin]function 8: at least 4 bytes are needed, not 3"),
    ],
)
def test_a_framed_report_that_is_none_is_complained_about(frame: str, trouble: str) -> None:
    assert told_in_frames(frame) == ([], [trouble])
