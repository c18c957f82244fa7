"""Bluetooth with obniz.py, which speaks of devices and services and not of HCI packets."""

from collections.abc import Callable

from tests.journeys.client import Client
from tests.journeys.hub import Hub

THERMOMETER, BELT, BEACON = "c4a0b1e00001", "c4a0b1e00002", "c4a0b1e00003"


def test_a_python_program_looks_for_devices_and_uses_one(demo_hub: Hub, client: Callable[[str], Client]) -> None:
    found = client("obniz-py").run("obniz/bluetooth.py", demo_hub.ws, "2222-2222")

    advertised, answered = "connectable_advertisemnt", "scan_response"
    assert found["devices"] == 5
    assert sorted(found["seen"]) == [
        [THERMOMETER, advertised, None, False],
        [THERMOMETER, answered, "Hardwire Thermo", False],
        [BELT, advertised, "Hardwire Heart", False],
        [BELT, answered, "Hardwire Heart", False],
        [BEACON, "non_connectable_advertising", None, True],
    ]
    assert found["link"] == ["connected", "disconnected"]
    assert found["services"][:4] == ["1800", "180a", "1809", "181a"]
    assert found["characteristics"] == [["2a6e", ["read", "notify"]], ["2a6f", ["read", "notify"]]]
    assert 19 < int.from_bytes(bytes(found["temperature"]), "little") / 100 < 24
    assert (found["descriptors"], found["description"]) == (["2902", "2901"], "Room temperature")
    assert found["notified"] == ["success", 2, 2]
    assert (found["written"], found["note"]) == ("success", [72, 105])
    assert (found["missing"], found["failed"]) == (None, 2)
    (error,) = found["errors"]
    assert "connect: device not found" in error
    assert ["advertises nothing" in one or "offers no services" in one for one in found["warnings"]] == [True, True]
