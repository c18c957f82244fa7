"""What an owner and others do to a real hub stands in its audit log: by whom, from where, in order, for good."""

import asyncio
import json
import ssl
from pathlib import Path
from typing import Any

import aiohttp

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

CONFIG = """
[groups.plant]
name = "Water plant"

[devices.plug]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0c" }
"""
NAME = {"Host": "p1meter-0a0b0c.local"}
Line = dict[str, Any]  # Any: JSON


def lines(hub: Hub, *options: str) -> list[Line]:
    """What `hardwire audit` tells."""
    found: list[Line] = json.loads(hub.cli("audit", "--json", "--limit", "1000", *options))
    return found


def told(hub: Hub, *options: str) -> list[tuple[str, str, str]]:
    """Who did what to what."""
    return [(line["actor"], line["action"], line["subject"]) for line in lines(hub, *options)]


def made(hub: Hub, *words: str) -> dict[str, str]:
    """Have the owner make a key; returns its id and text."""
    return dict(line.split(maxsplit=1) for line in hub.cli("key", "create", *words).splitlines())


def test_what_the_owner_does_by_command_is_told_in_order(make_hub: StartHub, tmp_path: Path) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    key = made(hub, "ezeio", "--name", "dashboard", "--group", "plant")
    renewed = made(hub, "ezeio", "--name", "dashboard", "--group", "plant")
    hub.cli("key", "revoke", renewed["id"])
    hub.cli("group", "add", "pumps", "--parent", "plant")
    hub.cli("group", "remove", "pumps")
    hub.cli("device", "add", "bench", "driver=simulated", "kind=meter")
    hub.cli("device", "remove", "bench")
    hub.cli("press", "5c2faf0a0b0c")
    hub.cli("backup", str(tmp_path / "copy"))
    refused = hub.cli_run("key", "revoke", "nobody")

    everything = told(hub)
    hub.stop()
    after = told(hub)
    revoked = hub.cli_run("key", "revoke", "admin")
    offline = told(hub, "--action", "key.revoked")

    assert refused.returncode == 1
    assert everything == [
        ("hub", "group.saved", "plant"),
        ("hub", "hub.started", ""),
        ("hub", "key.issued", "admin"),
        ("owner", "key.issued", key["id"]),
        ("owner", "key.revoked", key["id"]),
        ("owner", "key.issued", renewed["id"]),
        ("owner", "key.revoked", renewed["id"]),
        ("owner", "group.saved", "pumps"),
        ("owner", "group.removed", "pumps"),
        ("owner", "device.added", "bench"),
        ("owner", "device.removed", "bench"),
        ("owner", "button.pressed", "plug"),
        ("owner", "backup.made", str(tmp_path / "copy")),
    ]
    assert after == [*everything, ("hub", "hub.stopped", "")]
    assert revoked.returncode == 0
    assert offline[-1] == ("owner", "key.revoked", "admin")


async def test_what_others_do_is_told_with_their_credential_and_their_address(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    tls = ssl.create_default_context(cafile=hub.ca)
    admin = await asyncio.to_thread(made, hub, "admin", "--name", "integrator")
    bearer = {"Authorization": f"Bearer {admin['key']}"}

    async with aiohttp.ClientSession() as session:
        form = {"token": admin["key"]}
        async with session.post(f"{hub.http}/login", data=form, allow_redirects=False) as answer:
            assert answer.status == 303
        async with session.post(f"{hub.http}/hub/v1/devices/plug/press", headers=bearer) as answer:
            assert answer.status == 200
        async with session.post(f"{hub.https}/api/user", json={"name": "local/a"}, headers=NAME, ssl=tls) as answer:
            token = (await answer.json())["token"]
        headers = {**NAME, "Authorization": f"Bearer {token}"}
        async with session.delete(f"{hub.https}/api/user", headers=headers, ssl=tls) as answer:
            assert answer.status == 204
        async with session.get(f"{hub.http}/hub/v1/audit?action=button", headers=bearer) as answer:
            (pressed,) = await answer.json()

    everything = await asyncio.to_thread(lines, hub, "--since", "1h")
    mine = [line for line in everything if line["peer"]]
    assert [(line["actor"], line["action"]) for line in mine] == [
        (admin["id"], "console.login"),
        (admin["id"], "button.pressed"),
        ("", "key.issued"),
        ("", "key.revoked"),
    ]
    assert {line["peer"] for line in mine} == {"127.0.0.1"}
    assert pressed == mine[1]
    assert mine[2]["detail"] == "homewizard 'local/a' for plug"
    assert token not in json.dumps(everything)


def test_a_backup_that_is_put_back_into_a_running_hub_is_told_by_the_next_life(
    make_hub: StartHub, tmp_path: Path
) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    hub.cli("backup", str(tmp_path / "copy"))
    made(hub, "obniz", "--device", "plug")

    hub.cli("restore", str(tmp_path / "copy"), "--yes")

    newest = lines(hub)[-2:]
    assert [(line["actor"], line["action"]) for line in newest] == [
        ("owner", "backup.restored"),
        ("hub", "hub.started"),
    ]
    assert "before-restore-" in newest[0]["detail"]
    assert ("owner", "key.issued") not in [(line["actor"], line["action"]) for line in lines(hub)]


def test_a_table_is_printed_for_people(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)

    printed = hub.cli("audit", "--action", "hub")

    head, line = printed.splitlines()
    assert head.split() == ["NO", "AT", "WHO", "WHAT", "TO", "DETAIL", "FROM"]
    assert "hub.started" in line
