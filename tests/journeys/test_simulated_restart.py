"""A simulated house whose hub is killed: what its clients were answered still holds, and no register has fallen."""

import http.client
import json
import ssl
import time
from pathlib import Path
from typing import Any

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

CONFIG = """
[devices.grid]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0c", v1 = true }

[devices.battery]
driver = "simulated"
kind = "battery"
meter = "grid"
homewizard = { serial = "5c2faf0a0b0d", product = "HWE-BAT" }

[devices.kettle]
driver = "simulated"
kind = "socket"
homewizard = { serial = "5c2faf0a0b0e", product = "HWE-SKT", v1 = true }
"""
SOCKET = "energysocket-0a0b0e.local"
WITHIN_S = 20.0


def over_v1(hub: Hub, method: str, path: str, body: object = None, host: str = SOCKET) -> Any:  # Any: JSON
    """Ask a v1 device on the main listener; None while it has nothing to say."""
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=WITHIN_S)
    return _answered(connection, method, path, body, {"Host": host})


def over_v2(hub: Hub, method: str, path: str, token: str, body: object = None) -> Any:  # Any: JSON
    """Ask the meter."""
    context = ssl.create_default_context(cafile=hub.ca)
    connection = http.client.HTTPSConnection("127.0.0.1", hub.tls_port, timeout=WITHIN_S, context=context)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return _answered(connection, method, path, body, {"X-Api-Version": "2", **headers})


def _answered(
    connection: http.client.HTTPConnection, method: str, path: str, body: object, headers: dict[str, str]
) -> Any:  # Any: JSON
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        return json.loads(text) if answer.status == 200 else None
    finally:
        connection.close()


def told(hub: Hub) -> dict[str, dict[str, Any]]:  # Any: JSON
    """Return what each device shows, once all of them are there."""
    end = time.monotonic() + WITHIN_S
    while True:
        devices = {device["id"]: device for device in json.loads(hub.cli("device", "list", "--json"))}
        values = {id: {name: shown["value"] for name, shown in one["values"].items()} for id, one in devices.items()}
        is_there = all(devices[id]["is_fresh"] for id in ("grid", "battery", "kettle"))
        if is_there and values["grid"].get("batteries_count") == 1 and "energy_import_kwh" in values["kettle"]:
            return values
        assert time.monotonic() < end, "the devices are there"
        time.sleep(0.1)


def test_what_was_answered_holds_after_a_kill(make_hub: StartHub, tmp_path: Path) -> None:
    data = tmp_path / "data"
    hub = make_hub(demo=False, config=CONFIG, data=data)
    first = told(hub)
    hub.cli("press", "5c2faf0a0b0c")
    token = over_v2(hub, "POST", "/api/user", "", {"name": "local/owner"})["token"]

    batteries = over_v2(hub, "PUT", "/api/batteries", token, {"mode": "to_full"})
    state = over_v1(hub, "PUT", "/api/v1/state", {"power_on": False, "brightness": 64})
    hub.kill()
    hub = make_hub(demo=False, config=CONFIG, data=data)
    again = told(hub)

    assert (batteries["mode"], state) == ("to_full", {"power_on": False, "brightness": 64})
    held = over_v1(hub, "GET", "/api/v1/state")
    assert held == {"power_on": False, "switch_lock": False, "brightness": 64}
    assert over_v2(hub, "GET", "/api/batteries", token)["mode"] == "to_full"
    for id, name in (("battery", "energy_import_kwh"), ("battery", "energy_export_kwh"), ("battery", "cycles")):
        assert again[id][name] >= first[id][name]
    for name in ("energy_import_kwh", "energy_export_kwh"):
        assert again["grid"][name] >= first["grid"][name]
        assert again["kettle"][name] >= first["kettle"][name]
    assert first["battery"]["energy_import_kwh"] < 402, "no more than a battery of this size has done"
    hub.stop()


def test_a_device_that_was_removed_begins_anew(make_hub: StartHub, tmp_path: Path) -> None:
    hub = make_hub(demo=False, data=tmp_path / "data")
    table = ("driver=simulated", "kind=socket", "homewizard.serial=5c2faf0a0b0f", "homewizard.product=HWE-SKT")
    shown = []

    for _ in range(2):
        hub.cli("device", "add", "kettle", *table)
        end = time.monotonic() + WITHIN_S
        while "power_on" not in (values := json.loads(hub.cli("device", "show", "kettle", "--json"))["values"]):
            assert time.monotonic() < end, "the socket is there"
            time.sleep(0.1)
        shown.append(values["power_on"]["value"])
        hub.cli("send", "kettle", '{"power_on": false}')
        hub.cli("device", "remove", "kettle")

    assert shown == [True, True]
    hub.stop()
