"""Programs that send more than their board can carry out: held back, bounded in memory, harmless once they are gone."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse
from msgspec import json

from tests.journeys.hub import Hub

WAIT_S = 60
BOARD = "/obniz/2222-2222/ws/1"


def resident_kib(pid: int) -> int:
    """How much memory a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


async def ping(program: ClientWebSocketResponse) -> float:
    """Return how long an answer takes. Unit: s."""
    began = time.monotonic()
    await program.send_str('[{"system":{"ping":{"key":[7]}}}]')
    while not any("system" in told for told in await hear(program)):
        pass
    return time.monotonic() - began


async def hear(program: ClientWebSocketResponse) -> list[Any]:  # Any: JSON
    """Return what one message says."""
    told = json.decode(await program.receive_str(timeout=WAIT_S))
    assert isinstance(told, list)
    return told


@pytest.fixture
async def session() -> Any:  # Any: pytest's own way of typing a generator of fixtures
    """A client of HTTP."""
    async with ClientSession(timeout=ClientTimeout(WAIT_S)) as client:
        yield client


async def test_a_program_that_sends_faster_than_its_board_works_is_held_back(
    demo_hub: Hub, session: ClientSession
) -> None:
    async with session.ws_connect(demo_hub.http + BOARD) as flooder:
        await hear(flooder)
        await ping(flooder)
        before_kib = resident_kib(demo_hub.pid)
        await flooder.send_str('[{"system":{"wait":2000}}]')
        text = '[{"display":{"text":"' + "x" * 1_000 + '"}}]'
        sent = 0

        async def flood() -> None:
            nonlocal sent
            for _ in range(20_000):
                await flooder.send_str(text)
                sent += 1
            await flooder.send_str('[{"system":{"ping":{"key":[9]}}}]')

        flooding = asyncio.create_task(flood())
        await asyncio.sleep(1.5)
        # The board is held by its wait, so the hub reads no more: what is sent stays with the program.
        held_at, held_kib = sent, resident_kib(demo_hub.pid)
        async with session.ws_connect(f"{demo_hub.http}/obniz/1111-1111/ws/1") as neighbour:
            await hear(neighbour)
            neighbour_s = await ping(neighbour)
        await asyncio.wait_for(flooding, WAIT_S)
        while not any("pong" in str(told) for told in await hear(flooder)):
            pass

    assert held_at < 20_000
    assert held_kib - before_kib < 16 * 1024
    assert neighbour_s < 1


async def test_a_program_that_queues_hours_of_waiting_lets_others_in_and_leaves_a_minute(
    demo_hub: Hub, session: ClientSession
) -> None:
    hours = "[" + ",".join(['{"system":{"wait":65000}}'] * 2_000) + ',{"io9":true}]'
    async with ClientSession(timeout=ClientTimeout(WAIT_S)) as of_the_hog:
        hog = await of_the_hog.ws_connect(demo_hub.http + BOARD)
        await hear(hog)
        await hog.send_str('[{"io9":false},{"system":{"wait":3000}}]')
        await hog.send_str(hours)
        await asyncio.sleep(0.5)
    # Its connection is gone with its session.

    async with session.ws_connect(demo_hub.http + BOARD) as other:
        await hear(other)
        answered_s = await ping(other)
        await other.send_str('[{"io9":"get"}]')
        told = await hear(other)

    # Waits of 65 s are all beyond the minute that may be left behind; what they were to hold back has been carried out.
    assert answered_s < 20
    assert told == [{"io9": True}]


async def test_a_script_that_leaves_at_once_has_its_pauses_kept(demo_hub: Hub, session: ClientSession) -> None:
    async with session.ws_connect(demo_hub.http + BOARD) as watcher:
        await hear(watcher)
        await watcher.send_str('[{"io8":{"direction":"input","stream":true}},{"io8":{"pull_type":"pull-down"}}]')
        await ping(watcher)
        async with session.ws_connect(demo_hub.http + BOARD) as script:
            await hear(script)
            on, off = '{"io8":{"pull_type":"pull-up5v"}}', '{"io8":{"pull_type":"pull-down"}}'
            await script.send_str(f'[{on},{{"system":{{"wait":700}}}},{off}]')
        assert await hear(watcher) == [{"io8": True}]
        began = time.monotonic()
        fell = await hear(watcher)
        took_s = time.monotonic() - began

    assert fell == [{"io8": False}]
    assert took_s > 0.5
