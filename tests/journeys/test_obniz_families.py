"""Every family beyond pins, by the vendor's clients: obniz.js in three modes, obniz.py in text."""

from collections.abc import Callable

import pytest

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

Find = Callable[[str], Client]
ANSWERING_IN_FRAMES = """
[devices.bench]
driver = "simulated"
kind = "board"
obniz = { id = "2345-6789", replies = "binary" }
"""
# Sound needs 5.87 ms for two metres; the sensor begins its pulse 0.45 ms after it was asked.
THERE_AND_BACK_MS = pytest.approx(5.87, rel=0.01)


@pytest.mark.parametrize(("mode", "board"), [("text", "1234-5678"), ("binary", "1234-5678"), ("binary", "2345-6789")])
def test_a_program_uses_every_family(make_hub: StartHub, client: Find, mode: str, board: str) -> None:
    hub = make_hub(config=ANSWERING_IN_FRAMES)

    found = client("obniz-js").run("obniz/families.js", hub.ws, mode, board)

    assert (found["sampled"], found["high"]) == ([1000, 1000], [0.3, 0.3])
    # 50, 30, 50, 30, 50, 30 ms
    assert found["animationMs"] >= 235
    assert bytes(found["uart"]) == b"hello\x00\xff\n"
    assert (found["spi"], found["spiLong"]) == ([18, 152, 0, 255], 1024)
    assert (found["eeprom"], found["nobody"], found["slave"]) == ([1, 2, 3], "ObnizI2cError", [True])
    assert [edge["edge"] for edge in found["echo"]] == [True, False]
    assert found["echo"][1]["timing"] - found["echo"][0]["timing"] == THERE_AND_BACK_MS
    assert (found["stamps"], found["stampsRise"]) == (["number"] * 3, True)
    # Nothing but the transfer to an address where no part is.
    (complaint,) = found["complaints"]
    assert "i2c0" in complaint


def test_a_python_program_uses_every_family_that_it_has(demo_hub: Hub, client: Find) -> None:
    found = client("obniz-py").run("obniz/families.py", demo_hub.ws, "1111-1111")

    assert found["complaints"] == []
    assert (found["high"], found["uart"]) == (0.3, "hello")
    assert (found["spi"], found["eeprom"]) == ([18, 152], [7, 8, 9])
    assert found["echo"][1]["timing"] - found["echo"][0]["timing"] == THERE_AND_BACK_MS
    assert found["hc_sr04_mm"] == pytest.approx(1000, rel=0.01)
    for part in ("sht31", "bme280"):
        assert 10 < found[part]["temperature"] < 35
        assert 20 < found[part]["humidity"] < 80
    assert 950 < found["bme280"]["pressure"] < 1050
    assert isinstance(found["lm60"], float)
