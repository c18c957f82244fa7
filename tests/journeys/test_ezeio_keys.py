"""Groups and keys as their owner makes them by commands, and what programs then get by Digest."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

HOUSE = """
[groups.plant]
name = "Water plant"
number = 50

[devices.tank]
driver = "simulated"
kind = "unit"
group = "plant"
fields = [{ name = "level", log_interval_s = 2 }]
ezeio = { serial = "TNK-001" }

[devices.pump]
driver = "simulated"
kind = "unit"
group = "pumps"
fields = [{ name = "flow", log_interval_s = 2 }]
ezeio = { serial = "PMP-001" }
"""
LIMITED = HOUSE + "\n[ezeio]\ncalls_per_day = 4\n"
FindClient = Callable[[str], Client]
Call = dict[str, Any]  # Any: JSON


def make_key(hub: Hub, *options: str) -> tuple[str, str]:
    """Have the owner make a key; return its number and its text."""
    printed = dict(line.split(maxsplit=1) for line in hub.cli("key", "create", "ezeio", *options).splitlines())
    return printed["id"], printed["key"].strip()


def curl(client: FindClient, url: str, number: str, key: str) -> tuple[int, Call]:
    """Call with `curl --digest`; return status and body."""
    done = client("curl").call("-s", "--digest", "-u", f"{number}:{key}", "-w", "\n%{http_code}", url)
    body, _, status = done.stdout.rpartition("\n")
    found: Call = json.loads(body)
    return int(status), found


def requested(client: FindClient, hub: Hub, number: str, key: str, *paths: str) -> list[Call]:
    """Call with requests; return what came."""
    found: list[Call] = client("digest").run("ezeio/digest_calls.py", hub.http, number, key, *paths)
    return found


def test_a_tree_of_groups_and_the_privileges_of_keys_decide_who_reads_what(
    make_hub: StartHub, client: FindClient
) -> None:
    hub = make_hub(demo=False, config=HOUSE)
    # The pump's own group was made for it; now it gets its place in the tree.
    hub.cli("group", "change", "pumps", "--parent", "plant", "--no-account", "--name", "Pumps")
    hub.cli(
        "group", "add", "spare", "--parent", "pumps", "--no-account", "--name", "Spare parts", "--history-days", "7"
    )
    tree = hub.cli("group", "list")
    removed = hub.cli("group", "remove", "spare")
    wide = make_key(hub, "--name", "wide", "--group", "plant", "--inherit")
    narrow = make_key(hub, "--name", "narrow", "--group", "plant", "--function", "status, subscribe")
    below = make_key(hub, "--name", "below", "--group", "pumps", "--function", "subscribe")
    listed = hub.cli("key", "list")
    shown = hub.cli("key", "show", narrow[0])
    mistyped = hub.cli_run("key", "create", "ezeio", "--function", "staus")
    elsewhere = hub.cli_run("key", "create", "ezeio", "--device", "pump", "--group", "plant")
    in_use = hub.cli_run("group", "remove", "pumps")

    tickets = {
        name: curl(client, f"{hub.http}/v1/subscribe/ticket", *key)[1]
        for name, key in (("wide", wide), ("narrow", narrow), ("below", below))
    }
    status, _ = curl(client, f"{hub.http}/v1/status/TNK001", *narrow)
    control, refused = curl(client, f"{hub.http}/v1/control/TNK001/output%5B1%5D=1", *narrow)
    by_requests = requested(client, hub, *below, "/v1/subscribe/ticket?a=%5B12%5D", "/v1/status/PMP001")

    rows = {line.split()[0]: line for line in tree.splitlines()}
    assert "it is a key of the group pumps, as its devices are" in elsewhere.stderr
    assert rows["pumps"].startswith("  pumps")
    assert "of plant" in rows["pumps"]
    assert rows["spare"].startswith("    spare")
    assert "7 days" in rows["spare"]
    assert removed == "removed spare\n"
    assert {name: [one["serial"] for one in ticket["systems"]] for name, ticket in tickets.items()} == {
        "wide": ["TNK-001", "PMP-001"],
        "narrow": ["TNK-001"],
        "below": ["PMP-001"],
    }
    assert {ticket["account"]["id"] for ticket in tickets.values()} == {"50"}
    assert status == 200
    assert (control, refused["status"]) == (403, "The key has no privilege for control")
    assert [one["status"] for one in by_requests] == [200, 403]
    assert "group plant and subgroups" in listed
    assert "never" not in next(line for line in listed.splitlines() if "narrow" in line)
    assert "functions  subscribe, status" in shown
    assert "did you mean 'status'" in mistyped.stderr
    assert "devices: pump" in in_use.stderr


async def test_a_key_that_is_revoked_ends_its_socket_and_a_changed_tree_reaches_open_ones(
    make_hub: StartHub,
) -> None:
    hub = make_hub(demo=False, config=HOUSE)
    number, key = make_key(hub, "--group", "plant", "--inherit")
    headers = {"ezeAPIkey": number, "Authorization": f"Bearer {key}"}
    serials: set[str] = set()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{hub.http}/v1/subscribe/ticket", headers=headers) as answer:
            ticket = await answer.json()
        async with session.ws_connect(ticket["ws"]) as stream:
            await asyncio.to_thread(hub.cli, "group", "change", "pumps", "--parent", "plant")
            async with session.get(f"{ticket['api']}TNK001,PMP001", headers=headers) as answer:
                command = await answer.json()
            async with asyncio.timeout(30):
                while serials != {"TNK-001", "PMP-001"}:
                    message = json.loads((await stream.receive()).data)
                    serials.add(message["data"]["serial"])
            await asyncio.to_thread(hub.cli, "key", "revoke", number)
            async with asyncio.timeout(30):
                while (message := await stream.receive()).type is aiohttp.WSMsgType.TEXT:
                    pass

    assert [one["serial"] for one in ticket["systems"]] == ["TNK-001"]
    assert command["status"] == "OK"
    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1008)


def test_the_calls_of_a_day_are_counted_over_a_restart_and_sha_256_is_spoken_where_it_is_set(
    make_hub: StartHub, client: FindClient
) -> None:
    first = make_hub(demo=False, config=LIMITED)
    key = make_key(first, "--group", "plant", "--days", "0")
    before = requested(client, first, *key, "/v1/status/TNK001", "/v1/status/TNK001", "/v1/status/TNK001")
    first.stop()

    second = make_hub(demo=False, config=LIMITED + 'digest = "sha-256"\n', data=first.data)
    after = requested(client, second, *key, "/v1/status/TNK001", "/v1/status/TNK001")
    by_curl, _ = curl(client, f"{second.http}/v1/status/TNK001", *key)
    listed = second.cli("key", "list")
    second.stop()
    other = second.folder / "other.toml"
    other.write_text(HOUSE + '\n[ezeio]\nrealm = "elsewhere"\n')
    refused = second.cli_run("serve", "--config", str(other), "--port", "0", "--tls-port", "0")

    assert [one["status"] for one in before] == [200, 200, 200]
    assert [one["status"] for one in after] == [200, 429]
    assert [one["is_sha256"] for one in (*before, *after)] == [False, False, False, True, True]
    assert after[1]["body"]["status"].startswith("Too many calls: a key has 4 in 24 h")
    assert 86_000 < int(after[1]["retry_after"]) <= 86_400
    assert by_curl == 429
    assert "never" in next(line for line in listed.splitlines() if key[0] in line)
    assert refused.returncode == 1
    assert "'hardwire'" in refused.stderr
