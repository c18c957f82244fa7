"""The owner sees who is connected and cuts one: by command, by the API, on the page."""

import asyncio
import json
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.journeys.hub import ANSWERED_WITHIN_S, HARDWIRE, Hub, environment, running_hub

BOARD = "/obniz/1234-5678/ws/1"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A demo hub that nobody else's clients call."""
    with running_hub(tmp_path_factory.mktemp("clients")) as hub:
        yield hub


@pytest.fixture
async def program(hub: Hub) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A program at a board."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{hub.http}{BOARD}?secret=1") as socket:
        await socket.receive(ANSWERED_WITHIN_S)
        yield socket


def listed(hub: Hub, *options: str) -> list[Any]:  # Any: JSON
    """Who is connected, as the command tells a program."""
    found: list[Any] = json.loads(hub.cli("clients", *options, "--json"))  # Any: JSON
    return found


async def test_a_client_is_listed_and_cut_by_command(hub: Hub, program: aiohttp.ClientWebSocketResponse) -> None:
    table = await asyncio.to_thread(hub.cli, "clients")
    (one,) = await asyncio.to_thread(listed, hub)
    slow = await asyncio.to_thread(listed, hub, "--slow")
    number = str(one["id"])

    cut = await asyncio.to_thread(hub.cli, "clients", "cut", number)
    closing = await program.receive(ANSWERED_WITHIN_S)

    assert table.splitlines()[1].split()[:4] == [number, "obniz", "127.0.0.1", "demo-board-1"]
    assert (one["dialect"], one["peer"], one["path"], one["device"]) == ("obniz", "127.0.0.1", BOARD, "demo-board-1")
    assert one["sent"] >= 1
    assert "secret" not in json.dumps(one)
    assert slow == []
    assert cut == f"cut client {number}: obniz from 127.0.0.1\n"
    assert (closing.data, closing.extra) == (1013, "cut by the hub's owner")
    assert 'reason="cut by the hub\'s owner"' in hub.logged


def test_a_wrong_number_is_a_sentence(hub: Hub) -> None:
    for number in ("1000", "x", "-1", "1" * 60):
        refused = hub.cli_run("clients", "cut", "--", number)

        assert refused.returncode == 1
        assert refused.stdout == ""
        assert "`hardwire clients` shows who is connected" in refused.stderr
        assert refused.stderr.count("\n") == 1


def test_options_that_would_be_lost_or_fight_are_refused(hub: Hub) -> None:
    before_cut = hub.cli_run("clients", "--slow", "cut", "1")
    both = hub.cli_run("clients", "--watch", "--json")

    assert (before_cut.returncode, both.returncode) == (2, 2)
    assert "options stand behind `cut`" in before_cut.stderr
    assert "--watch and --json exclude each other" in both.stderr


@pytest.mark.usefixtures("program")
async def test_the_list_is_watched_until_ctrl_c(hub: Hub) -> None:
    with subprocess.Popen(  # noqa: ASYNC220 (it starts at once; what is waited for is waited for beside the loop)
        [str(HARDWIRE), "clients", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment({"HARDWIRE_DATA": str(hub.data)}),
    ) as watching:
        assert watching.stdout is not None
        lines = [await asyncio.to_thread(watching.stdout.readline) for _ in range(4)]
        watching.send_signal(signal.SIGINT)
        _, errors = await asyncio.to_thread(watching.communicate, timeout=ANSWERED_WITHIN_S)

    assert [line.split()[:2] for line in lines[::2]] == [["ID", "DIALECT"]] * 2
    assert [line.split()[1] for line in lines[1::2]] == ["obniz"] * 2
    assert (watching.returncode, errors) == (0, "")


def test_no_hub_is_a_sentence(hub: Hub, tmp_path: Path) -> None:
    refused = hub.cli_run("clients", "--data", str(tmp_path))

    assert refused.returncode == 1
    assert "no hub runs on the data folder" in refused.stderr


async def test_a_ticket_in_use_is_not_shown(hub: Hub) -> None:
    key = {"ezeAPIkey": "12345", "Authorization": "Bearer abcdefghijklmnopqrstuvwx"}

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{hub.http}/v1/subscribe/ticket", headers=key) as issued:
            ticket = (await issued.json())["ws"]
        async with session.ws_connect(ticket):
            (told,) = await asyncio.to_thread(listed, hub)

    assert (told["path"], told["credential"]) == ("/ws/...", "12345")


async def test_a_client_is_cut_on_the_page_and_by_nobody_elses(
    hub: Hub, program: aiohttp.ClientWebSocketResponse
) -> None:
    async with aiohttp.ClientSession() as session:
        (one,) = await asyncio.to_thread(listed, hub)
        cut, foreign = f"{hub.http}/clients/{one['id']}/cut", {"Origin": "https://evil.example"}
        async with session.post(cut, headers=foreign) as refused:
            refused_status = refused.status
        async with session.get(f"{hub.http}/clients") as shown:
            page = await shown.text()
        async with session.post(cut, headers={"Origin": hub.http}, allow_redirects=False) as done:
            place = done.headers["Location"]

    closing = await program.receive(ANSWERED_WITHIN_S)
    assert refused_status == 403
    assert f'action="/clients/{one["id"]}/cut"' in page
    assert (done.status, place) == (303, "/clients")
    assert closing.data == 1013
