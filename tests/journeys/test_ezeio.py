"""Programs that nobody here wrote read the demo units: ticket, socket, command, on both ports."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from tests.journeys.client import Client
from tests.journeys.hub import Hub

KEY_ID = "12345"
KEY = "abcdefghijklmnopqrstuvwx"


def check(told: dict[str, Any], base: str) -> None:  # Any: JSON
    """See that a client's whole conversation went as the documentation says."""
    ticket = told["ticket"]
    assert list(ticket) == ["reqtime", "ws", "api", "account", "systems", "status", "exec_time"]
    assert ticket["status"] == "OK"
    assert ticket["ws"].startswith(base.replace("http", "ws", 1) + "/ws/wstkt")
    assert ticket["api"].startswith(base + "/v1/subscribe/wstkt")
    assert ticket["account"]["id"] == "123"
    assert [system["serial"] for system in ticket["systems"]] == ["ABC-123", "ABC-456"]

    for message in (told["first"], told["after"]):
        assert list(message) == ["channel", "data"]
        assert message["channel"] == "export:123"
        assert all(len(field) == 1 for field in message["data"]["fields"])

    command = told["command"]
    assert list(command) == ["reqtime", "actions", "status", "exec_time"]
    assert command["status"] == "OK"
    assert command["actions"] == ["Unbuffered updates: ABC-456", "Cancel updates: ABC-123"]

    after = told["after"]["data"]
    assert after["type"] == "STATUS" or 0 <= after["timeout"] <= 1800
    assert told["replay"] == 403


@pytest.mark.slow
@pytest.mark.parametrize("script", ["requests_client.py", "httpx_client.py", "aiohttp_client.py"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_python_client_goes_from_ticket_to_socket_to_command(
    demo_hub: Hub, client: Callable[[str], Client], script: str, scheme: str
) -> None:
    base = demo_hub.http if scheme == "http" else demo_hub.https
    ca = str(demo_hub.ca) if scheme == "https" else ""

    told = client("digest").run(f"ezeio/{script}", base, KEY_ID, KEY, ca, timeout_s=120)

    check(told, base)
    assert set(told.get("many", [200])) == {200}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_php_goes_the_same_way_and_pings_alone_keep_its_stream(
    demo_hub: Hub, client: Callable[[str], Client], scheme: str
) -> None:
    base = demo_hub.http if scheme == "http" else demo_hub.https
    ca = str(demo_hub.ca) if scheme == "https" else ""

    told = client("php").run("ezeio/php_client.php", base, KEY_ID, KEY, ca, timeout_s=120)

    check(told, base)
    assert told["cancelled"] == ["Cancel updates: ABC-456"]
    assert (told["back"], told["late"]) == (["Unbuffered updates: ABC-123"], "ABC-123")
    assert json.loads(told["rest"])["status"] == "The ticket is unknown, used or expired"
    assert set(told["many"]) == {200}
    assert told["wrong"][0] == 401
    assert told["wrong"][1]["status"] == "Wrong API key ID or key"


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_curl_goes_from_ticket_to_command_while_a_socket_reads(
    demo_hub: Hub, client: Callable[[str], Client], scheme: str
) -> None:
    base = demo_hub.http if scheme == "http" else demo_hub.https
    tls = ["--cacert", str(demo_hub.ca)] if scheme == "https" else []
    plain_base = demo_hub.http

    def curl(url: str) -> dict[str, Any]:  # Any: JSON
        done = client("curl").call("-sS", "--max-time", "5", "--digest", "-u", f"{KEY_ID}:{KEY}", *tls, url)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)  # Any: JSON
        return found

    ticket = curl(f"{base}/v1/subscribe/ticket")
    path = ticket["ws"].partition("/ws/")[2]
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{plain_base}/ws/{path}") as stream:
        first = await stream.receive_json(timeout=30)
        command = curl(f"{ticket['api']}ABC456,-ABC123")
        after = await stream.receive_json(timeout=30)
        while after["data"]["serial"] != "ABC-456":
            after = await stream.receive_json(timeout=30)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{plain_base}/ws/{path}")

    told = {"ticket": ticket, "first": first, "command": command, "after": after, "replay": refused.value.status}
    check(told, base)
