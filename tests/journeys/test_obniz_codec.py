"""Both encodings say the same: what obniz.js makes of JSON reads like that JSON."""

import subprocess
from collections.abc import Callable
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire import binary, text
from hardwire.model.command import Command
from tests.journeys.client import Client

OBJECTS: list[dict[str, Any]] = [  # Any: JSON
    *({f"io{pin}": value} for pin in (0, 7, 39) for value in (True, False, "get", None)),
    {"io1": {"direction": "input", "stream": True}},
    {"io1": {"direction": "input", "stream": False}},
    {"io1": {"direction": "input"}},
    {"io1": {"direction": "output", "value": True}},
    *({"io2": {"output_type": drive}} for drive in ("push-pull5v", "push-pull3v", "open-drain")),
    *({"io2": {"pull_type": pull}} for pull in ("pull-up5v", "pull-up3v", "pull-down", "float")),
    {"io3": {"pull_type": "float", "output_type": "open-drain", "value": False, "direction": "output"}},
    {"ad0": {"stream": True}},
    {"ad11": {"stream": False}},
    {"ad39": None},
    {"display": {"clear": True}},
    {"display": {"text": "Hello, はろー"}},
    {"display": {"text": "b", "clear": True}},
    {"display": {"raw": [1, 2, 255], "color_depth": 1}},
    {"display": {"raw": list(range(256)) * 4}},
    {"display": {"raw": [1, 2, 255, 0], "color_depth": 4}},
    {"display": {"raw": list(range(256)) * 128, "color_depth": 16}},
    {"display": {"pin_assign": {"0": {"module_name": "io", "pin_name": "output"}}}},
    {"display": {"pin_assign": {"2": {"module_name": "LED"}, "11": {}}}},
    {"switch": "get"},
    {"system": {"wait": 500}},
    {"system": {"reset": True}},
    {"system": {"reboot": True}},
    {"system": {"wait": 5, "reset": True, "reboot": True}},
    {"system": {"ping": {"key": [0, 0, 1, 162, 0, 169, 37, 139, 0, 0, 0, 2]}}},
    {"io": {"animation": {"name": "blink", "status": "pause"}}},
    {"io": {"animation": {"name": "blink", "status": "resume"}}},
]


def commands(findings: Any) -> list[Command]:  # Any: Findings, of either decoder
    """What was understood, without the keys, which the binary encoding has not."""
    assert (findings.warnings, findings.error) == ([], "")
    return [command for _, command in findings.wishes]


def test_what_obniz_js_encodes_is_what_the_json_says(client: Callable[[str], Client]) -> None:
    node = client("obniz-js")
    done = subprocess.run(
        [node.program, str(node.path("obniz/codec.js"))],
        input=json.encode(OBJECTS),
        capture_output=True,
        env=node.env,
        timeout=60,
        check=True,
    )
    encoded = json.decode(done.stdout)

    pairs = [
        (
            sent,
            None if frames is None else commands(binary.decode(bytes.fromhex(frames))),
            commands(text.decode(json.encode([sent]))),
        )
        for sent, frames in zip(OBJECTS, encoded, strict=True)
    ]

    assert [pair for pair in pairs if pair[1] != pair[2]] == []
