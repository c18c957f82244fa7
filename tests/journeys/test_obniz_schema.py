"""What this hub tells programs fits the schema of obniz.js, which drops everything else without a word."""

import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from msgspec import json

from hardwire.dialects.obniz.wire import answers
from hardwire.model.board.ble_central import NotifyRegistered, NotifyUnregistered
from hardwire.model.board.system import Batch
from hardwire.model.fact import Happening
from tests.dialects.obniz.vocabulary import HAPPENINGS
from tests.journeys.client import Client

EXAMPLES = 15

# The schema calls these two otherwise than the vendor's own binary codec does (obniz reference, section 3.22). A batch
# is what its happenings are.
LEFT_OUT: frozenset[type[Happening]] = frozenset({NotifyRegistered, NotifyUnregistered, Batch})

# The schema ends before the vendor's own codec and its boards do (obniz reference, section 3).
NUMBERED: Mapping[str, int] = {"io": 12, "ad": 12, "uart": 2}


def in_schema(told: dict[str, Any]) -> bool:  # Any: JSON
    """Whether the schema knows the number in the key."""
    return all(
        int(key.removeprefix(name)) < count
        for key in told
        for name, count in NUMBERED.items()
        if key.removeprefix(name).isdigit() and key.startswith(name)
    )


def told_objects() -> list[dict[str, Any]]:  # Any: JSON
    """Some JSON of every happening that there is, the same in every run."""
    objects: list[dict[str, Any]] = []  # Any: JSON
    for kind, strategy in HAPPENINGS.items():

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=[*HealthCheck],
        )
        @given(strategy)
        def draw(happening: Happening) -> None:
            told = answers.told(happening)
            if told is not None:
                objects.extend(json.decode(f"[{told}]"))

        if kind not in LEFT_OUT:
            draw()
    return [told for told in objects if in_schema(told)]


def test_all_that_boards_tell_fits_the_schema_of_obniz_js(client: Callable[[str], Client]) -> None:
    node = client("obniz-js")
    objects = told_objects()

    done = subprocess.run(
        [node.program, str(node.path("obniz/schema.js"))],
        input=json.encode([[told] for told in objects]),
        capture_output=True,
        env=node.env,
        timeout=120,
        check=True,
    )

    complaints = json.decode(done.stdout)
    assert len(complaints) == len(objects) > 200
    assert [pair for pair in zip(objects, complaints, strict=True) if pair[1] is not None][:10] == []
