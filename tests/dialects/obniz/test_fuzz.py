"""Both codecs under whatever a stranger sends: they always answer, and never with nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from hardwire.dialects.obniz.wire import answers, binary, reports, text
from hardwire.dialects.obniz.wire.families import FRAMED_REPORTS, FUNCTIONS, KEYS, REPORTS
from hardwire.dialects.obniz.wire.family import Findings

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["get", "input", "output", "float", "push-pull3v", "1234-5678", "loop", "finish", "am", "none"])
)
FIELDS = st.sampled_from(
    [
        "direction",
        "value",
        "stream",
        "output_type",
        "pull_type",
        "wait",
        "reset",
        "ping",
        "key",
        "clear",
        "text",
        "raw",
        "color_depth",
        "pin_assign",
        "to",
        "data",
        "0",
        "animation",
        "name",
        "status",
        "states",
        "duration",
        "state",
        "repeat",
        "io0",
        "io",
        "freq",
        "pulse",
        "modulate",
        "symbol_length",
        "interval",
        "trigger",
        "samples",
        "echo",
        "io_pulse",
        "io_echo",
        "pulse_width",
        "qr",
        "queue_mode",
        "warning",
        "error",
        "message",
        "pong",
        "timing",
        "edge",
    ]
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(sorted(KEYS)) | st.text(max_size=6), VALUES, max_size=3) | VALUES
FRAMES = st.builds(
    lambda kind, payload: bytes((kind >> 8, kind & 0xFF, len(payload))) + payload,
    st.sampled_from(sorted(FUNCTIONS)) | st.integers(0, 0xFFFF),
    st.binary(max_size=30),
)
REPORT_FRAMES = st.builds(
    lambda kind, payload: bytes((kind >> 8, kind & 0xFF, len(payload))) + payload,
    st.sampled_from(sorted(FRAMED_REPORTS)) | st.integers(0, 0x7FFF),
    st.binary(max_size=30),
)


def assert_is_told(findings: Findings) -> None:
    """What was not understood reads as JSON that obniz clients know."""
    for told in answers.not_understood(findings):
        trouble = json.decode(told)["debug"]
        assert [*trouble] in (["warning"], ["error"])
        assert trouble.popitem()[1]["message"]


@settings(max_examples=400, deadline=None)
@given(st.lists(OBJECTS, max_size=4))
def test_any_json_array_can_be_read(objects: list[object]) -> None:
    findings = text.decode(json.encode(objects))

    assert findings.error == ""
    assert_is_told(findings)


@settings(max_examples=100, deadline=None)
@given(st.text().filter(lambda key: key not in KEYS), VALUES)
def test_every_unknown_family_is_complained_about(key: str, value: object) -> None:
    findings = text.decode(json.encode([{key: value}]))

    assert (findings.wishes, len(findings.warnings)) == ([], 1)
    assert_is_told(findings)


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text(alphabet='[]{}",:0123io get-'))
def test_any_text_is_survived(message: str) -> None:
    findings = text.decode(message)

    assert_is_told(findings)


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAMES, max_size=6))
def test_every_frame_is_carried_out_or_complained_about(message: list[bytes]) -> None:
    findings = binary.decode(b"".join(message))

    assert findings.error or len(findings.wishes) + len(findings.warnings) == len(message)
    assert_is_told(findings)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_survived(message: bytes) -> None:
    findings = binary.decode(message)

    assert_is_told(findings)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(sorted(REPORTS)) | st.text(max_size=6), VALUES, max_size=3), max_size=4)
)
def test_whatever_a_board_tells_in_json_is_understood_or_complained_about(objects: list[dict[str, object]]) -> None:
    told = reports.read(json.encode(objects).decode())

    assert len(told.happenings) + len(told.troubles) >= sum(map(len, objects))


@settings(max_examples=300, deadline=None)
@given(st.lists(REPORT_FRAMES, max_size=6))
def test_every_frame_of_a_board_is_understood_or_complained_about(message: list[bytes]) -> None:
    told = reports.read(b"".join(message))

    assert len(told.happenings) + len(told.troubles) >= len(message)


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text(alphabet='[]{}",:0123io get-') | st.binary(max_size=200))
def test_anything_that_a_board_may_send_is_survived(message: str | bytes) -> None:
    told = reports.read(message)

    assert all(told.troubles)
