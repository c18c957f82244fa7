"""Boards of every kind by obniz.js: what the client finds on each is there and works."""

from collections.abc import Callable

import pytest

from hardwire.drivers.simulated.board.hardware import HARDWARE
from tests.journeys.client import Client
from tests.journeys.conftest import StartHub

Find = Callable[[str], Client]
IDS = {name: f"5000-{index:04}" for index, name in enumerate(HARDWARE)}
BOARD = """
[devices.{name}]
driver = "simulated"
kind = "board"
hardware = "{name}"
obniz = {{ id = "{id}", open = true }}
"""
BOARDS = "".join(BOARD.format(name=name, id=id) for name, id in IDS.items())


@pytest.mark.parametrize("mode", ["text", "binary"])
def test_what_a_program_finds_on_a_board_of_any_kind_works(make_hub: StartHub, client: Find, mode: str) -> None:
    hub = make_hub(demo=False, config=BOARDS)

    boards = client("obniz-js").run("obniz/hardware.js", hub.ws, mode, *IDS.values())

    for found, (name, hardware) in zip(boards, HARDWARE.items(), strict=True):
        assert found["hw"] == name
        assert (found["ios"], found["ads"]) == (len(hardware.pins), len(hardware.channels))
        assert found.get("level") is (True if hardware.pins else None)
        assert ("volts" in found) is bool(hardware.channels)
        size = [hardware.screen_width, hardware.screen_height]
        assert found.get("display") == (size if hardware.screen_width else None)
        assert ("switch" in found) is hardware.has_switch
        assert found.get("kept") == ([1, 2] if hardware.has_storage else None)
        assert ("networks" in found) is hardware.has_wifi
        assert found["complaints"] == []
