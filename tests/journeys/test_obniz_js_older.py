"""Programs that were written for an older obniz.js, and never moved: the last of version 1 and of version 3."""

from collections.abc import Callable

import pytest

from tests.journeys.client import Client
from tests.journeys.hub import Hub


@pytest.mark.parametrize("mode", ["binary", "text"])
@pytest.mark.parametrize("version", ["obniz-js-1", "obniz-js-3"])
def test_a_program_of_an_older_version_uses_everything_of_its_board(
    demo_hub: Hub, client: Callable[[str], Client], version: str, mode: str
) -> None:
    found = client(version).run("obniz/older.js", demo_hub.ws, mode, "2222-2222")

    assert (found["firmware"], found["pulledUp"], found["switch"]) == ("7.1.0", True, "none")
    assert found["wave"] in ([True, False, True], [False, True, False])
    assert 0 <= found["volts"] <= 5
    assert (found["uart"], found["spi"], found["eeprom"]) == ("Hello", [18, 152, 0, 255], [1, 2, 3])
    assert (found["samples"], len(found["echo"])) == (600, 2)
    assert found["named"].startswith("Hardwire ")
    assert found["message"] == [{"n": 1}, "2222-2222"]
    assert found["complaints"] == []
