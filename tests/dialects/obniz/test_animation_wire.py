"""Animations in both encodings: what they may hold, and how large they may be."""

from typing import Any

import pytest
from msgspec import json

from hardwire.dialects.obniz.wire import binary, requests, text
from hardwire.model.board.animation import AnimationStep, PauseAnimation, ResumeAnimation, StartAnimation
from hardwire.model.board.pin import DrivePin, Pull, ReadPin, SetPull
from hardwire.model.board.pwm import SetPwmFrequency, SetPwmPulse
from hardwire.model.command import Command

BLINK = StartAnimation(
    "blink",
    (
        AnimationStep(200_000, (DrivePin(0, True),)),
        AnimationStep(300_000, (DrivePin(0, False), SetPwmFrequency(1, 50), SetPwmPulse(1, 1500))),
    ),
    6,
)
BLINK_STATES: list[dict[str, Any]] = [  # Any: JSON
    {"duration": 200, "state": {"io0": True}},
    {"duration": 300, "state": [{"io0": False}, {"pwm1": {"pulse": 1.5, "freq": 50}}]},
]
# As the vendor's encoder makes it.
BLINK_FRAME = (
    "01003606626c696e6b0003000000060000000500030d40020002000100000015000493e00200020000030205010000003203030501000005dc"
)


def decoded(animation: Any) -> tuple[list[Command], list[str]]:  # Any: JSON
    findings = text.decode(json.encode([{"io": {"animation": animation}}]))
    return [command for _, command in findings.wishes], findings.warnings


def started(states: Any) -> tuple[list[Command], list[str]]:  # Any: JSON
    return decoded({"name": "b", "status": "loop", "states": states})


def test_an_animation_is_the_same_in_both_encodings() -> None:
    animation = {"name": "blink", "status": "loop", "repeat": 6, "states": BLINK_STATES}

    found, warnings = decoded(animation)
    framed = binary.decode(bytes.fromhex(BLINK_FRAME))

    assert (found, warnings) == ([BLINK], [])
    assert [command for _, command in framed.wishes] == [BLINK]
    assert requests.as_frame(BLINK) == bytes.fromhex(BLINK_FRAME)


def test_an_animation_is_kept_for_later_resumed_and_paused() -> None:
    found = [
        decoded({"name": "b", "status": "registrate", "states": [{"duration": 0, "state": {"io1": True}}]}),
        decoded({"name": "b", "status": "resume"}),
        decoded({"name": "b", "status": "pause"}),
    ]

    steps = (AnimationStep(0, (DrivePin(1, True),)),)
    assert found == [
        ([StartAnimation("b", steps, is_paused=True)], []),
        ([ResumeAnimation("b")], []),
        ([PauseAnimation("b")], []),
    ]


def test_several_keys_of_a_state_go_in_the_order_of_the_vendors_codec() -> None:
    found, _ = started(
        [{"duration": 1, "state": {"ad0": None, "pwm0": {"freq": 1}, "io10": {"pull_type": "float"}, "io2": "get"}}]
    )

    step = AnimationStep(1000, (ReadPin(2), SetPull(10, Pull.FLOAT), SetPwmFrequency(0, 1)))
    assert found == [StartAnimation("b", (step,))]


@pytest.mark.parametrize(
    ("animation", "warning"),
    [
        ({"name": "", "status": "pause"}, ".name]a string of 1 to 254 characters is needed, not 0"),
        ({"name": "b" * 255, "status": "pause"}, ".name]a string of 1 to 254 characters is needed, not 255"),
        ({"name": "é" * 200, "status": "pause"}, ".name]at most 254 bytes of UTF-8 are taken"),
        ({"name": "b", "status": "stop"}, ".status]one of loop, registrate, pause, resume is needed"),
        ({"name": "b", "status": "pause", "states": []}, "]only name, status may be here"),
        ({"name": "b", "status": "loop", "states": [], "x": 1}, "]only name, status, repeat, states may be here"),
        ({"name": "b", "status": "loop"}, ".states]missing"),
        ({"name": "b", "status": "loop", "states": []}, ".states]an array of one state or more is needed"),
        ({"name": "b", "status": "loop", "states": {}}, ".states]an array of one state or more is needed"),
        (
            {"name": "b", "status": "loop", "states": BLINK_STATES, "repeat": 0},
            ".repeat]Value 0 is less than minimum 1",
        ),
    ],
)
def test_a_bad_animation_is_named_by_its_path(animation: Any, warning: str) -> None:  # Any: JSON
    found, warnings = decoded(animation)

    assert (found, warnings) == ([], [f"[io.animation{warning}"])


@pytest.mark.parametrize(
    ("state", "warning"),
    [
        (7, "]an object is needed, not number"),
        ({"state": []}, ".duration]missing"),
        ({"duration": 60_001, "state": []}, ".duration]Value 60001 is greater than maximum 60000"),
        ({"duration": 1, "state": [], "x": 1}, "]only duration, state may be here"),
        ({"duration": 1}, ".state]missing"),
        ({"duration": 1, "state": None}, ".state]an object or an array of objects is needed, not null"),
        ({"duration": 1, "state": []}, ".state]a command of io or pwm is needed"),
        ({"duration": 1, "state": [{}]}, ".state]a command of io or pwm is needed"),
        ({"duration": 1, "state": [7]}, ".state.0]an object is needed, not number"),
        ({"duration": 1, "state": {"system": {"reset": True}}}, ".state]a command of io or pwm is needed"),
        ({"duration": 1, "state": [{"io0": True}, {"io0": 7}]}, ".state.1.io0]unknown command"),
        (
            {"duration": 1, "state": [{"io0": True}, {"pwm0": {"freq": 0}}]},
            ".state.1.pwm0.freq]Value 0 is less than minimum 1",
        ),
    ],
)
def test_a_bad_state_is_named_by_its_path(state: Any, warning: str) -> None:  # Any: JSON
    found, warnings = started([{"duration": 1, "state": {"io0": True}}, state])

    assert (found, warnings) == ([], [f"[io.animation.states.1{warning}"])


def test_an_animation_whose_frame_would_be_too_large_is_refused_in_both_encodings() -> None:
    # 8 bytes of name and kind, 8 of the state, 5 each.
    largest = AnimationStep(0, (DrivePin(0, True),) * 196)
    larger = AnimationStep(0, (DrivePin(0, True),) * 197)
    frame = requests.as_frame(StartAnimation("b", (largest,))) or b""

    fits, _ = started([{"duration": 0, "state": [{"io0": True}] * 196}])
    found, warnings = started([{"duration": 0, "state": [{"io0": True}] * 197}])
    framed = binary.decode(b"\x01\x00\x43\xe9" + bytes(1001))

    assert fits == [StartAnimation("b", (largest,))]
    assert len(frame) == 4 + 996
    assert (found, warnings) == ([], ["[io.animation]an animation takes at most 1000 bytes of frames, not 1001"])
    assert framed.warnings == ["[io]function 0: an animation takes at most 1000 bytes of frames, not 1001"]
    assert requests.as_frame(StartAnimation("b", (larger,))) is None


@pytest.mark.parametrize(
    ("payload", "warning"),
    [
        ("", "a name with a zero behind it is needed"),
        ("0100", "a name with a zero behind it is needed"),
        ("036200", "a name with a zero behind it is needed"),
        ("026262", "a name with a zero behind it is needed"),
        ("02ff00", "the name is no UTF-8"),
        ("026200", "the animation is cut off"),
        ("0262000100000000", "one state or more is needed"),
        ("0262000300000000", "Value 0 is less than minimum 1"),
        ("0262000100000000 000000", "the animation is cut off"),
        ("0262000100000000 00000005 00000001 02000200", "the animation is cut off"),
        ("0262000100000000 00000000 00000001", "a command of io or pwm is needed"),
        ("0262000100000000 00000005 00000001 0004020001", "only commands of io and pwm may be here"),
        ("0262000100000000 00000004 00000001 02010200", "the frame at byte 0 is cut off"),
        ("0262000100000000 00000005 00000001 0203020001", "1 is no output type"),
    ],
)
def test_a_bad_frame_of_an_animation_is_named(payload: str, warning: str) -> None:
    octets = bytes.fromhex(payload)

    findings = binary.decode(bytes((1, 0, len(octets))) + octets)

    assert (findings.wishes, findings.warnings) == ([], [f"[io]function 0: {warning}"])


def test_an_animation_for_an_old_firmware_has_no_kind() -> None:
    # As the vendor's encoder makes it below 2.0.0.
    still = binary.decode(bytes.fromhex("01001906626c696e6b000000000a0000000002000200010200020100"))
    moving = binary.decode(bytes.fromhex("01001406626c696e6b000000000500030d400200020001"))

    assert [command for _, command in still.wishes + moving.wishes] == [
        StartAnimation("blink", (AnimationStep(0, (DrivePin(0, True), DrivePin(1, False))),)),
        StartAnimation("blink", (AnimationStep(200_000, (DrivePin(0, True),)),)),
    ]


@pytest.mark.parametrize("payload", ["", "00", "0100", "03626200ff", "026262"])
def test_a_bad_name_is_neither_paused_nor_resumed(payload: str) -> None:
    octets = bytes.fromhex(payload)

    findings = binary.decode(bytes((1, 1, len(octets))) + octets + bytes((1, 2, len(octets))) + octets)

    assert findings.warnings == [f"[io]function {each}: a name with a zero behind it is needed" for each in (1, 2)]


@pytest.mark.parametrize(
    "states",
    [
        ",".join(['{"duration":1,"state":{"io0":true}}'] * 20_000 + ["1"]),
        '{"duration":1,"state":[' + ",".join(['{"io0":true}'] * 50_000 + ["1"]) + "]}",
    ],
)
def test_an_animation_that_is_far_too_long_is_not_read_to_its_end(states: str) -> None:
    findings = text.decode(f'[{{"io":{{"animation":{{"name":"a","status":"loop","states":[{states}]}}}}}}]')

    assert findings.warnings == ["[io.animation]an animation takes at most 1000 bytes of frames"]
