"""A virtual meter in a real hub: the how-to followed, read by a client that nobody here wrote, sources that go."""

import contextlib
import json
import re
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.fakes import telegrams
from tests.fakes.p1_port import TcpLine, meter_on
from tests.journeys.client import ROOT, Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import HARDWIRE, Hub, environment

PAGE = ROOT / "docs" / "howto" / "meter-with-an-offset.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
WITHIN_S = 30
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FindClient = Callable[[str], Client]
Shown = tuple[int, Any]  # Any: the JSON of an answer


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def shown(port: int, host: str = "") -> Shown:
    """Read a meter as a program does that knows nothing but an address: status and body of `/api/v1/data`."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/data", headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=WITHIN_S) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


def asked(hub: Hub, method: str, path: str, token: str = "", body: object = None) -> Shown:
    """Ask the default device by v2: status, and the JSON of the answer where it is any."""
    request = urllib.request.Request(
        hub.https + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )
    try:
        answer = urllib.request.urlopen(request, timeout=WITHIN_S, context=ssl.create_default_context(cafile=hub.ca))
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer:
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else None


def spoken_now() -> bytes:
    """Return a telegram of this second."""
    return telegrams.three_phases_with_gas(datetime.now(AMSTERDAM).replace(microsecond=0))


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def watts(port: int, host: str = "") -> int:
    """The power that a meter shows."""
    status, body = shown(port, host)
    assert status == 200, body
    power_w = body["active_power_w"]
    assert isinstance(power_w, int | float)
    return round(power_w)


def agrees(hub: Hub, port: int, wanted: Callable[[int, int], int]) -> bool:
    """Whether a computed meter shows what follows from its sources, which did not move meanwhile."""
    grid, heat_pump = watts(hub.port), watts(hub.port, "kwhmeter-0a0b0e.local")
    computed = watts(port)
    is_still = (grid, heat_pump) == (watts(hub.port), watts(hub.port, "kwhmeter-0a0b0e.local"))
    return is_still and computed == wanted(grid, heat_pump)


def test_the_how_to_gives_two_meters_that_a_client_reads_like_any_other(make_hub: StartHub, client: FindClient) -> None:
    library = client("homewizard")
    config = next(text for word, text in BLOCK.findall(PAGE.read_text("utf-8")) if word == "toml")
    without_pump, with_offset = free_ports(2)
    hub = make_hub(demo=False, config=config.replace("8081", str(without_pump)).replace("8082", str(with_offset)))
    until(lambda: shown(without_pump)[0] == shown(with_offset)[0] == 200, "both meters are there")

    until(lambda: agrees(hub, without_pump, lambda grid, heat_pump: grid - heat_pump), "without the heat pump")
    until(lambda: agrees(hub, with_offset, lambda grid, _: grid + 100), "a hundred watts more")
    without = library.run("homewizard/virtual.py", f"127.0.0.1:{without_pump}")
    offset = library.run("homewizard/virtual.py", f"127.0.0.1:{with_offset}")

    assert without["device"] == ["HWE-P1", "5c2faf0a0b0d"]
    assert offset["device"] == ["HWE-P1", "5c2faf0a0b0f"]
    measured = without["measurement"]
    assert sum(measured[f"power_l{phase}_w"] for phase in (1, 2, 3)) == pytest.approx(measured["power_w"], abs=3)
    assert [offset["measurement"][f"power_l{phase}_w"] for phase in (1, 2, 3)] == [None, None, None]
    for seen in (without, offset):
        assert seen["measurement"]["current_a"] is seen["measurement"]["current_l1_a"] is None
        assert seen["measurement"]["energy_import_kwh"] > 0
        assert seen["measurement"]["voltage_l1_v"] > 200
        assert seen["measurement"]["meter_model"]
        assert [meter[0] for meter in seen["external"]] == ["gas_meter"]


def test_v2_shows_it_too_with_everything_but_the_telegram(make_hub: StartHub) -> None:
    hub = make_hub(
        demo=False,
        config="""
            [devices.grid]
            driver = "simulated"
            kind = "meter"

            [devices.for_battery]
            driver = "computed"
            like = "grid"
            points = { power_w = "clamp(grid.power_w, 42 W, 42 W)" }
            homewizard = { serial = "5c2faf0a0b0d" }
        """,
    )
    hub.cli("press", "5c2faf0a0b0d")

    _, user = asked(hub, "POST", "/api/user", body={"name": "local/reader"})
    until(lambda: asked(hub, "GET", "/api/measurement", user["token"])[0] == 200, "the meter is there")
    _, measurement = asked(hub, "GET", "/api/measurement", user["token"])
    batteries, _ = asked(hub, "PUT", "/api/batteries", user["token"], body={"mode": "standby"})
    telegram, _ = asked(hub, "GET", "/api/telegram", user["token"])

    assert measurement["power_w"] == 42
    assert measurement["timestamp"]
    assert [meter["type"] for meter in measurement["external"]] == ["gas_meter"]
    assert (batteries, telegram) == (200, 503)


def test_a_source_that_is_removed_makes_its_meter_stale_and_its_return_mends_it(make_hub: StartHub) -> None:
    hub = make_hub(
        demo=False,
        config="""
            [devices.for_battery]
            driver = "computed"
            like = "grid"
            points = { power_w = "grid.power_w - charger.power_w" }
            homewizard = { serial = "5c2faf0a0b0d", v1 = true }

            [devices.grid]
            driver = "simulated"
            kind = "meter"
        """,
    )
    charger = ("device", "add", "charger", "driver=simulated", "kind=meter", "gas=false")

    before = shown(hub.port)
    hub.cli(*charger)
    until(lambda: shown(hub.port)[0] == 200, "live when its last source has come")
    hub.cli("device", "remove", "charger")
    until(lambda: shown(hub.port)[0] == 503, "stale when a source has gone")
    after = shown(hub.port)
    said = hub.cli("device", "show", "for_battery")
    hub.cli(*charger)
    until(lambda: shown(hub.port)[0] == 200, "live when the source is back")

    assert before[0] == 503
    assert after == (503, {"error": {"id": 901, "description": "no recent data"}})
    assert "there is no device 'charger'" in " ".join(said.split())


def test_a_meter_that_says_nothing_more_makes_what_is_computed_from_it_stale(make_hub: StartHub) -> None:
    line = TcpLine()
    hub = make_hub(demo=False)
    hub.cli(
        *("device", "add", "for_battery", "driver=computed", "like=grid", "homewizard.serial=5c2faf0a0b0d"),
        *("homewizard.v1=true", "points.power_w=grid.power_w - 'grid'.power_l1_w + 0.1 kW"),
    )

    with meter_on(line, spoken_now):
        hub.cli("device", "add", "grid", "driver=dsmr", f"port={line.address}", "stale_after_s=2")
        until(lambda: shown(hub.port)[0] == 200, "live with the first telegram")
        _, live = shown(hub.port)
    until(lambda: shown(hub.port)[0] == 503, "stale when telegrams stay away")
    said = hub.cli("device", "show", "for_battery")

    # 1193 W in all, 943 W of them on the first phase, and 0.1 kW more.
    assert live["active_power_w"] == 1193 - 943 + 100
    assert "active_power_l1_w" not in live
    assert live["total_gas_m3"] > 0
    assert "grid is silent" in " ".join(said.split())


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (
            'power_w = "grid.power_w - "',
            "devices.virtual.points.power_w: column 16: a number or a point such as grid.power_w is missing at the end",
        ),
        ('power_w = "grid.energy_import_kwh"', "`grid.energy_import_kwh` is in kWh, and W is wanted"),
        ('power_w = "grid.power_w + 1 kw"', "column 18: there is no unit 'kw'; did you mean 'kW'?"),
        ('power_w = "grid-2.power_w"', "stands in quotes: 'grid-2'.power_w"),
        ('power_w = "__import__(1)"', "there is no function '__import__'"),
        ('pwoer_w = "grid.power_w"', "did you mean 'power_w'?"),
        ("power_w = 5", "devices.virtual.points.power_w: write an expression in quotes"),
        ('power_w = { valeu = "grid.power_w" }', "devices.virtual.points.power_w: write an expression in quotes"),
        ("", "it is made from nothing"),
    ],
)
def test_a_mistyped_expression_keeps_the_hub_from_starting_and_is_told_with_its_place(
    tmp_path: Path, points: str, sentence: str
) -> None:
    config = tmp_path / "hardwire.toml"
    config.write_text(f'[devices.virtual]\ndriver = "computed"\n[devices.virtual.points]\n{points}\n', "utf-8")

    done = subprocess.run(
        [HARDWIRE, "serve", "--port", "0", "--tls-port", "0", "--config", config, "--data", tmp_path / "data"],
        capture_output=True,
        text=True,
        env=environment({"COLUMNS": "400"}),
        timeout=WITHIN_S,
        check=False,
    )

    assert done.returncode != 0
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
