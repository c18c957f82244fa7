"""A house of its own: any meter is a unit, its owner makes and revokes the key."""

import asyncio
from typing import Any

import aiohttp

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

CONFIG = """
[devices.grid]
driver = "simulated"
kind = "meter"
ezeio = { serial = "grd001", group = "home", log_interval_s = 2, note = "In the hall" }

[devices.tank]
driver = "simulated"
kind = "unit"
group = "neighbour"
fields = [{ name = "level", log_interval_s = 2 }]
ezeio = { serial = "TNK-001" }
"""


def make_key(hub: Hub, *options: str) -> tuple[str, dict[str, str]]:
    """Have the owner make a key; return its number and the headers that show it."""
    printed = dict(line.split(maxsplit=1) for line in hub.cli("key", "create", "ezeio", *options).splitlines())
    return printed["id"], {"ezeAPIkey": printed["id"], "Authorization": f"Bearer {printed['key']}"}


async def call(session: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> dict[str, Any]:  # Any: JSON
    async with session.get(url, headers=headers) as answer:
        found: dict[str, Any] = await answer.json()  # Any: JSON
        return found


async def test_a_meter_is_a_unit_that_the_hub_logs_for(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    _, headers = make_key(hub, "--group", "home", "--read-only")
    async with aiohttp.ClientSession() as session:
        ticket = await call(session, f"{hub.http}/v1/subscribe/ticket", headers)
        async with session.ws_connect(ticket["ws"]) as stream:
            buffered = (await stream.receive_json(timeout=30))["data"]
            command = await call(session, f"{ticket['api']}GRD001,TNK001", headers)
            unbuffered = (await stream.receive_json(timeout=30))["data"]

    # The gas meter behind it is a unit of its own.
    (system, gas) = ticket["systems"]
    assert (system["serial"], system["note"], ticket["account"]["id"]) == ("GRD-001", "In the hall", "1")
    assert (gas["serial"], len(gas["fields"])) == ("DEV-001", 1)
    assert {field["loginterval"] for field in system["fields"]} == {"2"}
    numbers = {field["fieldno"] for field in system["fields"]}
    assert {number for field in buffered["fields"] for number in field} <= numbers
    assert (buffered["type"], buffered["serial"], buffered["timeout"]) == ("LOGDATA", "GRD-001", 0)
    assert command["actions"] == ["Unbuffered updates: GRD-001", "Unknown system: TNK001"]
    assert 1700 < unbuffered["timeout"] <= 1800


async def test_a_revoked_key_loses_its_stream_at_once_and_its_calls(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    number, headers = make_key(hub, "--group", "home")
    async with aiohttp.ClientSession() as session:
        ticket = await call(session, f"{hub.http}/v1/subscribe/ticket", headers)
        async with session.ws_connect(ticket["ws"]) as stream:
            await asyncio.to_thread(hub.cli, "key", "revoke", number)
            message = await stream.receive(timeout=30)
            while message.type is aiohttp.WSMsgType.TEXT:
                message = await stream.receive(timeout=30)
        answer = await call(session, f"{hub.http}/v1/subscribe/ticket", headers)

    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1008)
    assert answer["status"] == "Wrong API key ID or key"


async def test_a_key_reaches_the_units_of_its_own_group_only(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    seen = {}
    async with aiohttp.ClientSession() as session:
        for group in ("home", "neighbour"):
            _, headers = make_key(hub, "--group", group)
            ticket = await call(session, f"{hub.http}/v1/subscribe/ticket", headers)
            seen[group] = [system["serial"] for system in ticket["systems"]]

    assert seen == {"home": ["GRD-001", "DEV-001"], "neighbour": ["TNK-001"]}
