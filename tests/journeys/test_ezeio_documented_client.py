"""What the documented PHP client does to a socket, byte by byte: lazy, silent, with pongs that break the rules."""

import asyncio
import base64
import os
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

KEY_ID = "12345"
KEY = "abcdefghijklmnopqrstuvwx"
BEARER = {"ezeAPIkey": KEY_ID, "Authorization": f"Bearer {KEY}"}

TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A


class BareSocket:
    """A WebSocket client of nothing but a TCP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, url: str) -> "BareSocket":
        """Send a handshake as old clients do: no Origin, no extension, no subprotocol."""
        place = urlsplit(url)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {place.path} HTTP/1.1",
            f"host: {place.netloc}",
            "user-agent: websocket-client-php",
            "connection: Upgrade",
            "upgrade: websocket",
            f"sec-websocket-key: {key}",
            "sec-websocket-version: 13",
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        return cls(reader, writer)

    async def head(self) -> str:
        """Return the head of the answer to the handshake."""
        async with asyncio.timeout(10):
            return (await self.reader.readuntil(b"\r\n\r\n")).decode()

    async def frame(self) -> tuple[int, bytes]:
        """Return the next frame's first byte and payload; the hub's frames are never masked."""
        async with asyncio.timeout(10):
            first, length = await self.reader.readexactly(2)
            if length == 126:
                length = int.from_bytes(await self.reader.readexactly(2), "big")
            return first, await self.reader.readexactly(length)

    def pong(self, payload: bytes) -> None:
        """Answer a ping without a mask, which RFC 6455 forbids and version 1.6.3 does."""
        self.writer.write(bytes([PONG, len(payload)]) + payload)


async def ticket(hub: Hub) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{hub.http}/v1/subscribe/ticket", headers=BEARER) as answer,
    ):
        found: str = (await answer.json())["ws"]
        return found


@pytest.mark.slow
async def test_a_client_whose_pongs_have_no_mask_keeps_its_stream(demo_hub: Hub) -> None:
    socket = await BareSocket.connect(await ticket(demo_hub))
    head = await socket.head()
    frames: list[int] = []

    while frames.count(PING) < 3 or frames[-1] != TEXT:
        first, payload = await socket.frame()
        frames.append(first)
        if first == PING:
            socket.pong(payload)

    socket.writer.close()
    assert head.startswith("HTTP/1.1 101 ")
    assert "sec-websocket-extensions" not in head.lower()
    assert set(frames) == {TEXT, PING}


async def test_a_client_that_opens_its_address_again_reads_the_end_of_the_connection(demo_hub: Hub) -> None:
    url = await ticket(demo_hub)
    first = await BareSocket.connect(url)
    await first.head()

    again = await BareSocket.connect(url)
    head = await again.head()
    async with asyncio.timeout(10):
        rest = await again.reader.read()

    first.writer.close()
    again.writer.close()
    assert head.startswith("HTTP/1.1 403 ")
    assert "connection: close" in head.lower()
    assert rest.startswith(b'{"reqtime":')


@pytest.mark.parametrize(("name", "script"), [("digest", "stale_client.py"), ("php", "php_stale.php")])
def test_clients_come_again_by_themselves_with_a_new_nonce_when_the_hub_has_restarted(
    make_hub: StartHub, demo_hub: Hub, client: Callable[[str], Client], name: str, script: str
) -> None:
    restarted = make_hub()

    told = client(name).run(f"ezeio/{script}", demo_hub.http, restarted.http, KEY_ID, KEY)

    for first, second, *challenges in told.values():
        assert (first, second) == (200, 200)
        assert [challenge.endswith("stale=true") for challenge in challenges] == [True]
