"""Bluetooth with obniz.js, whose host stack works on the simulated controller: text, binary out, binary both ways."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.hub import Hub, running_hub

Find = Callable[[str], Client]

THERMOMETER, BELT, BEACON = "c4a0b1e00001", "c4a0b1e00002", "c4a0b1e00003"
NOTEBOOK = "8f5a00014a1c4d1e9c3b6d2f1e0b7a10"

CONFIG = """
[devices.both]
driver = "simulated"
kind = "board"
obniz = { id = "3333-3333", open = true, replies = "binary" }

[devices.newer]
driver = "simulated"
kind = "board"
hardware = "esp32c3"
obniz = { id = "4444-4444", open = true }

[devices.other]
driver = "simulated"
kind = "board"
hardware = "cc3235mod"
obniz = { id = "6666-6666", open = true }

[devices.old]
driver = "simulated"
kind = "board"
firmware = "3.0.0"
obniz = { id = "7777-7777", open = true }

[devices.mine]
driver = "simulated"
kind = "board"
bench = "empty"
obniz = { id = "5555-5555", open = true }

[[devices.mine.peripherals]]
name = "Lamp"
address = "d0:00:00:00:00:01"
rssi_dbm = -40
manufacturer = "ffff2a"

[[devices.mine.peripherals.services]]
uuid = "180d"
characteristics = [
  { uuid = "2a37", properties = ["notify"], value = "0048", every_s = 0.2 },
  { uuid = "2a38", text = "lamp" },
]
"""

WAYS = [("1234-5678", "text"), ("1234-5678", "binary"), ("3333-3333", "binary"), ("4444-4444", "binary")]
"""Board and mode: text both ways, binary out, binary both ways; and a board that scans in the extended form.

Two more boards are begun in another way: that of hardware `cc3235mod`, and that of firmware below 3.2.
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A demo hub with boards for every way."""
    with running_hub(tmp_path_factory.mktemp("ble-hub"), config=CONFIG) as one:
        yield one


def celsius(octets: list[int]) -> float:
    return int.from_bytes(bytes(octets), "little", signed=True) / 100


@pytest.mark.parametrize(("board", "mode"), WAYS)
def test_a_program_connects_reads_writes_and_hears(hub: Hub, client: Find, board: str, mode: str) -> None:
    found = client("obniz-js").run("obniz/ble.js", hub.ws, mode, board)

    assert found["seen"] == {
        THERMOMETER: ["Hardwire Thermo", ["1809", "181a"], "random"],
        BELT: ["Hardwire Heart", ["180d", "180f"], "random"],
        BEACON: [None, [], "random"],
    }
    assert set(found["services"]) == {"1800", "180a", "1809", "181a", "180f", NOTEBOOK}
    assert found["services"]["181a"][0] == ["2a6e", ["read", "notify"], ["2902", "2901"]]
    assert 20 <= celsius(found["read"]) <= 24
    assert found["description"] == "Room temperature"
    assert all(abs(celsius(told) - celsius(found["read"])) < 0.5 for told in found["temperatures"])
    assert all(told[0] == 0 and told[4] == 254 for told in found["measurements"])
    assert found["written"] is True
    assert found["silently"] == [1, 2, 3]
    assert found["kept"].startswith("Whatever is written here")
    assert found["departures"] >= 1
    assert found["complaints"] == []


@pytest.mark.parametrize(("board", "mode"), [WAYS[0], WAYS[3]])
def test_scans_find_what_they_look_for(hub: Hub, client: Find, board: str, mode: str) -> None:
    found = client("obniz-js").run("obniz/ble_scan.js", hub.ws, mode, board)

    assert found["found"] == {
        "name": [THERMOMETER],
        "prefix": [BELT],
        "uuid": [BELT],
        "address": [BEACON],
        "bytes": [BEACON],
        "nobody": [],
    }
    parts: Mapping[str, Any] = found["parts"]  # Any: what the parts tell
    assert (parts["tag"], parts["beacon"]) == ([True, False], [False, True])
    assert 20 <= parts["told"]["temperature"] <= 24
    assert parts["told"]["battery"] == 3
    assert (parts["place"]["major"], parts["place"]["minor"], parts["place"]["power"]) == (1, 2, -59)
    assert 40 <= len(found["heard"]) <= 80
    assert len({rssi for _, rssi in found["heard"]}) > 3
    assert found["late"] == 0
    assert found["complaints"] == []


@pytest.mark.parametrize(("board", "mode"), [("6666-6666", "text"), ("7777-7777", "binary"), ("3333-3333", "binary")])
def test_what_cannot_be_is_refused_as_a_real_peripheral_does(hub: Hub, client: Find, board: str, mode: str) -> None:
    found = client("obniz-js").run("obniz/ble_refused.js", hub.ws, mode, board)

    assert found["refused"] == {
        "read": [11, "ATT Error: errorCode=2(ECODE_READ_NOT_PERM)"],
        "write": [11, "ATT Error: errorCode=3(ECODE_WRITE_NOT_PERM)"],
        "control": [11, "ATT Error: errorCode=128(undefined)"],
        "pairing": "pairing sequence reject by remote peripheral. reason : Pairing Not Supported",
    }
    assert found["controlled"] is True
    assert found["phy"] == {"txPhy": "1m", "rxPhy": "1m"}
    assert found["hidden"] is None
    assert found["again"] == ["1800", "180a", "180d", "180f"]
    assert found["complaints"] == []


@pytest.mark.parametrize("mode", ["text", "binary"])
def test_a_peripheral_of_one_s_own_is_let_go_by_who_leaves(hub: Hub, client: Find, mode: str) -> None:
    found = client("obniz-js").run("obniz/ble_mine.js", hub.ws, mode, "5555-5555")

    assert (found["address"], found["uuids"], found["name"]) == ("d00000000001", ["180d"], "lamp")
    assert -46 <= found["rssi"] <= -34
    assert found["company"] == [255, 255, 42]
    assert found["values"] == 5 * [[0, 72]]
    assert 700 <= found["tookMs"] <= 5_000
    assert found["complaints"] == []
