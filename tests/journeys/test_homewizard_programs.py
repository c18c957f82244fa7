"""A P1 meter as a household's programs meet it: Home Assistant, ioBroker's adapter and a JavaScript library."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from subprocess import Popen
from zoneinfo import ZoneInfo

import pytest

from tests.fakes import telegrams
from tests.fakes.p1_port import TcpLine, meter_on
from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub, running_hub

SERIAL = "5c2fafaabbcc"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FindClient = Callable[[str], Client]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A demo hub whose settings and users these journeys may change."""
    with running_hub(tmp_path_factory.mktemp("homewizard-programs")) as hub:
        yield hub


@contextmanager
def ended(process: "Popen[str]") -> Iterator["Popen[str]"]:
    """Let a client's script run, and end it in any case."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(word: str, process: "Popen[str]") -> None:
    """Wait until a client's script says that it is ready for what comes next."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if line != f"{word}\n":
        printed, complaints = process.communicate(timeout=60)
        pytest.fail(f"{line}{printed}{complaints}")


def go_on(process: "Popen[str]") -> None:
    """Tell a client's script that it may go on."""
    assert process.stdin is not None
    process.stdin.write("done\n")
    process.stdin.flush()


def test_home_assistant_adds_the_meter_uses_it_and_sees_it_go_and_come_back(
    make_hub: StartHub, client: FindClient
) -> None:
    home_assistant = client("home-assistant")
    is_speaking = True

    def spoken() -> bytes:
        now = datetime.now(AMSTERDAM).replace(microsecond=0)
        return telegrams.three_phases_with_gas(now) if is_speaking else b""

    line = TcpLine()
    with meter_on(line, spoken):
        house = make_hub(
            demo=False,
            config=f"""
                [devices.grid]
                driver = "dsmr"
                port = "{line.address}"
                timezone = "Europe/Amsterdam"
                stale_after_s = 3
                homewizard = {{ serial = "{SERIAL}", v1 = true }}
            """,
        )
        with ended(home_assistant.start("homewizard/home_assistant.py", house.http.removeprefix("http://"))) as process:
            wait_for("silence", process)
            is_speaking = False
            go_on(process)
            wait_for("speech", process)
            is_speaking = True
            printed, complaints = process.communicate("done\n", timeout=90)
            assert process.returncode == 0, complaints
    seen = json.loads(printed)

    assert seen["dialog"] == ["create_entry", "P1 Meter", None]
    assert seen["entries"] == [[f"HWE-P1_{SERIAL}", "loaded"]]
    states = seen["states"]
    assert len(states) >= 18
    assert "unavailable" not in states.values()
    assert (states["sensor.p1_meter_power"], states["sensor.p1_meter_energy_import"]) == ("1193", "13779.338")
    assert states["sensor.gas_meter_gas"] == "1234.567"
    assert (seen["turn_off"], seen["turn_on"], seen["identified"]) == ("off", "on", True)
    assert (seen["went"], seen["came"], seen["power"]) == (True, True, "1193")
