"""A household's programs find its devices by themselves: mDNS as others hear it, on loopback only."""

import contextlib
import json
import queue
import secrets
import ssl
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.app.ports import free_ports
from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub, environment

FindClient = Callable[[str], Client]
WITHIN_S = 30
BROWSE = "zeroconf/browse.py"
V1, V2 = "_hwenergy._tcp.local.", "_homewizard._tcp.local."


class Browser:
    """zeroconf's browser in a process of its own, and what it has said that was not asked for yet."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Client.path(BROWSE))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._kept: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._said.get(timeout=WITHIN_S) == {"change": "listening"}

    def hear(self, name: str, type: str, *, change: str = "", **text: str) -> dict[str, Any]:
        """Wait until it tells this of a service; what it tells of others is kept for later."""
        passed_over: list[dict[str, Any]] = []
        kept, self._kept = self._kept, passed_over
        with contextlib.suppress(queue.Empty):
            while True:
                one = kept.pop(0) if kept else self._said.get(timeout=WITHIN_S)
                if (
                    one["name"] == f"{name}.{type}"
                    and change in ("", one["change"])
                    and all(one.get("text", {}).get(key) == value for key, value in text.items())
                ):
                    passed_over += kept
                    return one
                passed_over.append(one)
        pytest.fail(f"{name} was not heard: {change or 'whatever'} {text}; what was: {passed_over}")

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=WITHIN_S)
        self._reader.join(WITHIN_S)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError):
            for line in self._process.stdout:
                self._said.put(json.loads(line))


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Somebody who listens."""
    browser = Browser()
    yield browser
    browser.close()


def serial() -> str:
    """A serial that no other hub on this machine announces."""
    return f"5c2f{secrets.token_hex(4)}"


def device(id: str, product: str, serial: str, **settings: object) -> str:
    """A device's table in the configuration file."""
    face = {"serial": serial, "product": product, **settings}
    shown = ", ".join(f"{key} = {json.dumps(value)}" for key, value in face.items())
    return f'[devices.{id}]\ndriver = "simulated"\nkind = "meter"\nhomewizard = {{ {shown} }}\n'


def put(hub: Hub, path: str, content: object, token: str, method: str = "PUT") -> Any:  # Any: JSON
    """Call v2 of the hub's default device."""
    request = urllib.request.Request(
        hub.https + path,
        json.dumps(content).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method=method,
    )
    context = ssl.create_default_context(cafile=str(hub.ca))
    with urllib.request.urlopen(request, timeout=WITHIN_S, context=context) as answer:
        return json.load(answer)


def test_a_browser_finds_each_device_at_its_listener_hears_what_changes_and_sees_it_go(
    make_hub: StartHub, browser: Browser
) -> None:
    grid, battery, socket, car = (serial() for _ in range(4))
    socket_port, battery_port, car_port = free_ports(3)
    hub = make_hub(
        demo=False,
        config="[hub]\ndiscovery = true\n"
        + device("grid", "HWE-P1", grid, v1=True)
        + device("battery", "HWE-BAT", battery, https=f"127.0.0.1:{battery_port}")
        + device("socket", "HWE-SKT", socket, v1=True, http=f"127.0.0.1:{socket_port}")
        # At the main listeners a client that connects by address would meet the grid in its place.
        + device("hidden", "HWE-KWH1", serial(), v1=True),
    )
    p1 = f"p1meter-{grid[-6:].upper()}"

    v1, v2 = browser.hear(p1, V1), browser.hear(p1, V2)
    of_battery = browser.hear(f"battery-{battery[-6:].upper()}", V2)
    of_socket = browser.hear(f"energysocket-{socket[-6:].upper()}", V1)

    assert v1["text"] == {
        "api_enabled": "1",
        "path": "/api/v1",
        "serial": grid,
        "product_name": "P1 Meter",
        "product_type": "HWE-P1",
    }
    assert v2["text"] == {
        "api_version": "2.3.0",
        "id": f"appliance/p1dongle/{grid}",
        "serial": grid,
        "product_name": "P1 Meter",
        "product_type": "HWE-P1",
    }
    assert (v1["port"], v2["port"]) == (hub.port, hub.tls_port)
    for found in (v1, v2):
        assert found["host"] == f"p1meter-{grid[-6:]}.local."
        assert found["addresses"] == found["resolved"] == ["127.0.0.1"]
    assert (of_battery["port"], of_battery["text"]["product_type"]) == (battery_port, "HWE-BAT")
    assert (of_socket["port"], of_socket["text"]["product_type"]) == (socket_port, "HWE-SKT")

    hub.cli("press", grid)
    token = put(hub, "/api/user", {"name": "local/discovery"}, "", "POST")["token"]
    put(hub, "/api/system", {"api_v1_enabled": False}, token)
    browser.hear(p1, V1, api_enabled="0")

    face = [f"homewizard.serial={car}", "homewizard.product=HWE-KWH1", f"homewizard.http=127.0.0.1:{car_port}"]
    hub.cli("device", "add", "car", "driver=simulated", "kind=meter", *face)
    kwh = f"kwhmeter-{car[-6:].upper()}"
    came = browser.hear(kwh, V1, change="added")
    hub.cli("device", "remove", "car")
    browser.hear(kwh, V1, change="removed")

    assert came["port"] == car_port
    hub.stop()
    for found in (v1, v2, of_battery, of_socket):
        browser.hear(found["name"].removesuffix(f".{found['type']}"), found["type"], change="removed")


def test_a_hub_on_loopback_announces_nothing_unless_it_is_told_to(make_hub: StartHub) -> None:
    hub = make_hub()

    loaded = [line for line in hub.logged.splitlines() if "announced" in line]

    assert loaded == []
    with open(f"/proc/{hub.pid}/maps") as maps:
        assert "zeroconf" not in maps.read()


def test_home_assistant_adds_a_meter_that_it_was_told_of(
    make_hub: StartHub, browser: Browser, client: FindClient
) -> None:
    home_assistant = client("home-assistant")
    grid = serial()
    hub = make_hub(demo=False, config="[hub]\ndiscovery = true\n" + device("grid", "HWE-P1", grid, v1=True))
    found = browser.hear(f"p1meter-{grid[-6:].upper()}", V1)

    seen = home_assistant.run(
        "homewizard/discovered.py", f"{found['addresses'][0]}:{found['port']}", json.dumps(found), timeout_s=120
    )

    assert seen == {
        "dialog": ["form", "discovery_confirm", None],
        "done": ["create_entry", "P1 Meter", None],
        "again": ["abort", "already_configured"],
        "entries": [[f"HWE-P1_{grid}", "loaded"]],
    }
    assert hub.is_running


@pytest.mark.parametrize("module", ["homewizard-energy-api", "@zandor300/homewizard-energy-api"])
def test_a_javascript_library_finds_every_device(make_hub: StartHub, client: FindClient, module: str) -> None:
    library = client("homewizard-js")
    grid, socket = serial(), serial()
    (port,) = free_ports(1)
    make_hub(
        demo=False,
        config="[hub]\ndiscovery = true\n"
        + device("grid", "HWE-P1", grid, v1=True)
        + device("socket", "HWE-SKT", socket, v1=True, http=f"127.0.0.1:{port}"),
    )

    found = library.run("homewizard/discovery.js", module, 2)

    assert {device["txt"]["serial"]: device["ip"] for device in found} == {grid: "127.0.0.1", socket: "127.0.0.1"}
    assert {device["hostname"] for device in found} == {
        f"p1meter-{grid[-6:]}.local",
        f"energysocket-{socket[-6:]}.local",
    }
