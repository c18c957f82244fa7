"""Pins that wires join, by obniz.js: what is driven on one side is read on the other."""

from collections.abc import Callable

import pytest

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub

Find = Callable[[str], Client]
WIRED = """
[devices.wired]
driver = "simulated"
kind = "board"
bench = "empty"
nets = [["io0", "io8"], ["io2", "io9"]]
obniz = { id = "2345-6789", open = true }
"""


@pytest.mark.parametrize("mode", ["text", "binary"])
def test_what_a_program_drives_it_reads_at_the_other_end_of_the_wire(
    make_hub: StartHub, client: Find, mode: str
) -> None:
    hub = make_hub(demo=False, config=WIRED)

    found = client("obniz-js").run("obniz/wires.js", hub.ws, mode, "2345-6789")

    assert found["duty"] == pytest.approx(0.25, abs=0.001)
    assert found["burst"] == pytest.approx([0.5, 0, 0.5, 0], abs=0.05)
    assert found["edges"] == [index % 2 == 1 for index in range(21)]
    assert found["wire"] == [{"edge": False, "timing": 0}]
    assert found["steps"] == 20
    assert found["complaints"] == []
    (complaint,) = found["fight"]
    assert "io0" in complaint
    assert "too heavily" in complaint
