"""The documented PHP client against the hub: lazy, silent, with pongs that break the rules, in each of its versions."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from bench.soak.php_client import VERSIONS, PhpClient
from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

KEY_ID = "12345"
KEY = "abcdefghijklmnopqrstuvwx"
BEARER = {"ezeAPIkey": KEY_ID, "Authorization": f"Bearer {KEY}"}


async def ticket(hub: Hub) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{hub.http}/v1/subscribe/ticket", headers=BEARER) as answer,
    ):
        found: str = (await answer.json())["ws"]
        return found


def read_on(client: PhpClient) -> list[str | None]:
    """Read until it was pinged twice and a message came after that."""
    read = [client.receive()]
    while client.pings < 2:
        read.append(client.receive())
    client.close()
    return read


@pytest.mark.slow
async def test_every_version_of_the_documented_client_keeps_its_stream(demo_hub: Hub) -> None:
    clients = [PhpClient(await ticket(demo_hub), habits) for habits in VERSIONS]

    read = await asyncio.gather(*(asyncio.to_thread(read_on, client) for client in clients))

    assert all(None not in messages for messages in read)
    assert [client.handshakes for client in clients] == [["HTTP/1.1 101 Switching Protocols"]] * len(VERSIONS)


async def test_a_client_that_opens_its_address_again_reads_the_end_of_the_connection(demo_hub: Hub) -> None:
    url = await ticket(demo_hub)
    first = PhpClient(url, VERSIONS[0])
    await asyncio.to_thread(first.receive)

    for habits in VERSIONS:
        with pytest.raises(ConnectionError, match="403"):
            await asyncio.to_thread(PhpClient(url, habits).receive)

    first.close()


@pytest.mark.parametrize(("name", "script"), [("digest", "stale_client.py"), ("php", "php_stale.php")])
def test_clients_come_again_by_themselves_with_a_new_nonce_when_the_hub_has_restarted(
    make_hub: StartHub, demo_hub: Hub, client: Callable[[str], Client], name: str, script: str
) -> None:
    restarted = make_hub()

    told = client(name).run(f"ezeio/{script}", demo_hub.http, restarted.http, KEY_ID, KEY)

    for first, second, *challenges in told.values():
        assert (first, second) == (200, 200)
        assert [challenge.endswith("stale=true") for challenge in challenges] == [True]
