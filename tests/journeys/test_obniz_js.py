"""obniz.js, as npm gives it, in its default (binary) and its text mode."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from msgspec import json

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

MODES = ("binary", "text")
Find = Callable[[str], Client]


def values(hub: Hub, board: str) -> Mapping[str, Any]:  # Any: whatever a point holds
    """The last values of a board's points, as the owner sees them."""
    shown = json.decode(hub.cli("device", "show", board, "--json", "--data", str(hub.data)))
    found = shown["values"]
    assert isinstance(found, dict)
    return {name: reading["value"] if isinstance(reading, dict) else reading for name, reading in found.items()}


@pytest.mark.parametrize("mode", MODES)
def test_a_program_uses_everything_of_its_board(demo_hub: Hub, client: Find, mode: str) -> None:
    found = client("obniz-js").run("obniz/board.js", demo_hub.ws, mode)

    assert (found["hw"], found["firmware"]) == ("obnizb1", "7.1.0")
    assert (found["pulledUp"], found["pulledDown"], found["firstLevel"]) == (True, False, [True])
    assert found["wave"] in ([True, False, True, False], [False, True, False, True])
    assert 0 <= found["once"] <= 5
    assert all(0 <= volts <= 5 for volts in found["streamed"])
    assert len(set(found["streamed"])) > 1
    assert found["switch"] == "none"
    assert found["pingMs"] < 2000
    assert found["heldMs"] >= 295
    assert found["button"] in (True, False)
    assert found["complaints"] == []


@pytest.mark.parametrize("mode", MODES)
def test_two_boards_talk_and_two_programs_share_one(demo_hub: Hub, client: Find, mode: str) -> None:
    found = client("obniz-js").run("obniz/pair.js", demo_hub.ws, mode)

    messages = [["pressed", "1111-1111"], [{"n": [1, 2.5, None, "ä"]}, "1111-1111"]]
    assert found["heard"] == messages
    assert found["alsoHeard"] == messages
    assert all(len(stream) == 3 for stream in found["streams"])
    assert found["strays"] == []
    assert found["complaints"] == []


@pytest.mark.parametrize("mode", MODES)
def test_the_board_is_reset_when_its_last_program_leaves(make_hub: StartHub, client: Find, mode: str) -> None:
    hub = make_hub()
    obniz = client("obniz-js")

    assert obniz.run("obniz/leave.js", hub.ws, mode, "stay") == []
    stayed = values(hub, "1111-1111")
    assert obniz.run("obniz/leave.js", hub.ws, mode, "reset") == []
    deadline = time.monotonic() + 5
    while values(hub, "1111-1111")["io9"] and time.monotonic() < deadline:
        time.sleep(0.1)
    left = values(hub, "1111-1111")

    assert (stayed["io9"], stayed["display_text"]) == (True, "left behind")
    assert (left["io9"], left["display_text"]) == (False, "")


@pytest.mark.parametrize("mode", MODES)
def test_a_rebooted_board_comes_back_with_its_program(demo_hub: Hub, client: Find, mode: str) -> None:
    found = client("obniz-js").run("obniz/reboot.js", demo_hub.ws, mode)

    assert found == ["connect", "close", "connect", False]


def test_commands_by_http_reach_the_board(demo_hub: Hub, client: Find) -> None:
    found = client("obniz-js").run("obniz/rest.js", demo_hub.ws, "text", demo_hub.http, "1234-5678")

    assert found == {
        "state": {"state": "online"},
        "posted": {"result": "ok"},
        "partly": {"result": "ok", "warnings": ["[nothing]unknown command"]},
    }


@pytest.mark.parametrize("mode", MODES)
def test_a_board_with_a_token_needs_it(make_hub: StartHub, client: Find, mode: str) -> None:
    hub = make_hub(config='[devices.bench]\ndriver = "simulated"\nkind = "board"\nobniz = { id = "2345-6789" }\n')
    obniz = client("obniz-js")
    before = obniz.run("obniz/refused.js", hub.ws, mode, "2345-6789", "-")
    token = hub.cli("key", "create", "obniz", "--device", "bench", "--data", str(hub.data)).split()[-1]

    after = obniz.run("obniz/refused.js", hub.ws, mode, "2345-6789", "-", "wrong", token)
    by_http = obniz.run("obniz/rest.js", hub.ws, mode, hub.http, "2345-6789", token)

    assert before == [True]
    assert after == [False, False, True]
    assert by_http["posted"] == {"result": "ok"}


def test_a_program_comes_over_tls_by_the_hubs_own_authority(demo_hub: Hub, client: Find) -> None:
    trusted = {"NODE_EXTRA_CA_CERTS": str(demo_hub.ca)}

    found = client("obniz-js").run("obniz/refused.js", demo_hub.wss, "binary", "2222-2222", "-", env=trusted)

    assert found == [True]


def test_an_unknown_board_is_not_online(demo_hub: Hub, client: Find) -> None:
    found = client("obniz-js").run("obniz/refused.js", demo_hub.ws, "text", "9999-9999", "-")

    assert found == [False]


def test_the_documented_curl_call_works(demo_hub: Hub, client: Find) -> None:
    done = client("curl").call(
        *("-sS", f"{demo_hub.http}/obniz/1111-1111/api/1", "-H", "Content-Type: application/json", "-X", "POST"),
        *("-d", '[{"display":{"clear":true, "text":"Works fine."}}]'),
    )

    assert done.stdout == '{"result":"ok"}'
    assert values(demo_hub, "1111-1111")["display_text"] == "Works fine."
