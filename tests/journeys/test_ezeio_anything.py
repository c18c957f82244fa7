"""Anything is a unit: the how-to followed line by line, its devices streamed by an ordinary key, a restart."""

import asyncio
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from tests.journeys.client import ROOT, Client
from tests.journeys.hub import HARDWIRE, Hub, environment, running_hub

PAGE = ROOT / "docs" / "howto" / "stream-and-log-anything.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
# The hub is started by the test, with the page's own file and on ports of its own.
NOT_HERE = ("hardwire serve", "hardwire key")
Json = dict[str, Any]  # Any: JSON


def blocks(language: str) -> list[str]:
    """Return the page's code blocks of a language."""
    return [text for word, text in BLOCK.findall(PAGE.read_text("utf-8")) if word == language]


def make_key(hub: Hub) -> tuple[str, str]:
    """Have the owner make a key as the page does; return its number and its text."""
    (command,) = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("hardwire key")]
    printed = hub.cli(*shlex.split(command)[1:])
    number, key = (re.search(rf"^{word}\s+(\S+)$", printed, re.MULTILINE) for word in ("id", "key"))
    assert number is not None
    assert key is not None
    return number[1], key[1]


def followed(hub: Hub, number: str, key: str) -> str:
    """Run the page's commands; return all that they print."""
    (hub.folder / "stream.py").write_text(blocks("python")[0], "utf-8")
    lines = [line for block in blocks("sh") for line in block.splitlines() if not line.startswith(NOT_HERE)]
    script = "\n".join(lines).replace("KEYID", number).replace("KEY", key).replace(":8080", f":{hub.port}")
    # The shell functions stand for what a reader has in his path; Ctrl-C ends the stream.
    prelude = (
        f'hardwire() {{ "{HARDWIRE}" "$@"; }}\n'
        f'python() {{ timeout -s INT 3 "{sys.executable}" "$@" 2>/dev/null || true; }}\n'
        'curl() { command curl -sSf "$@"; echo; }\n'
    )
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", prelude + script],
        cwd=hub.folder,
        env=environment({"HARDWIRE_DATA": str(hub.data)}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


async def streamed(hub: Hub, number: str, key: str) -> tuple[Json, list[Json]]:
    """Return a ticket, and what came until the meter and the board had told of their fast logs."""
    headers = {"ezeAPIkey": number, "Authorization": f"Bearer {key}"}
    rows: list[Json] = []
    async with asyncio.timeout(20), aiohttp.ClientSession(headers=headers) as session:
        async with session.get(f"{hub.http}/v1/subscribe/ticket") as answer:
            ticket: Json = await answer.json()
        async with session.ws_connect(ticket["ws"]) as stream:
            while not {"DEV-001", "DEV-003"} <= {row["serial"] for row in rows if row["type"] == "LOGDATA"}:
                rows.append((await stream.receive_json())["data"])
    return ticket, rows


async def test_a_meter_and_a_board_are_streamed_and_logged_and_keep_their_serials(
    tmp_path: Path, client: Callable[[str], Client]
) -> None:
    client("curl")
    config = blocks("toml")[0].replace("log_interval_s = 5", "log_interval_s = 1")
    with running_hub(tmp_path / "first", demo=False, config=config) as hub:
        number, key = make_key(hub)
        printed = followed(hub, number, key)
        ticket, rows = await streamed(hub, number, key)
    # The same devices in another order, and before them a new one.
    tables = ['[devices.attic]\ndriver = "simulated"\nkind = "socket"\n', *reversed(config.split("\n\n"))]
    data = tmp_path / "first" / "data"
    with running_hub(tmp_path / "second", demo=False, config="\n".join(tables), data=data) as hub:
        again, _ = await streamed(hub, number, key)

    systems = {system["serial"]: system for system in ticket["systems"]}
    names = {"DEV-001": "Grid meter", "DEV-002": "grid.gas", "DEV-003": "bench", "DEV-004": "hall"}
    assert {serial: system["name"] for serial, system in systems.items()} == names
    fields = {field["name"]: field for field in systems["DEV-003"]["fields"]}
    assert (fields["ad0"]["fieldno"], fields["ad0"]["unit"], fields["ad0"]["loginterval"]) == ("1", "V", "1")
    assert "io0" not in fields
    for row in rows:
        assert {number for field in row["fields"] for number in field} <= {
            field["fieldno"] for field in systems[row["serial"]]["fields"]
        }
    after = {system["serial"]: system for system in again["systems"]}
    assert {serial: system["name"] for serial, system in after.items()} == {**names, "DEV-005": "attic"}
    assert all(after[serial]["fields"] == system["fields"] for serial, system in systems.items())
    # What the page's own commands printed.
    messages = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    streamed_times = [one["data"]["time"] for one in messages if one.get("data", {}).get("serial") == "DEV-001"]
    assert len(streamed_times) == len(set(streamed_times)) >= 2
    logged = next(one["rows"] for one in messages if "rows" in one)
    # A call ends with the second before it.
    assert {row["time"] for row in logged} >= set(streamed_times[:-1])
    assert "DEV-004" in printed
