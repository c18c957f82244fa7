"""The rules of RFC 6455 on the three dialects' own sockets, and what their documented clients may do nevertheless."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from ssl import create_default_context

import aiohttp
import pytest

from tests.journeys.hub import Hub
from tests.server.doors import BINARY, CLOSE, PING, PONG, TEXT, Dialled, framed

KEY = {"ezeAPIkey": "12345", "Authorization": "Bearer abcdefghijklmnopqrstuvwx"}
BROKEN = {
    "a reserved bit": (framed(0xC1, b"x"), 1002),
    "a reserved opcode": (framed(0x83, b"x"), 1002),
    "a text without a mask": (framed(TEXT, b"{}", is_masked=False), 1002),
    "a close code that is never sent": (framed(CLOSE, struct.pack("!H", 1006)), 1002),
    "no UTF-8": (framed(TEXT, b"\xff"), 1007),
    "longer than any dialect takes": (struct.pack("!BBQ", BINARY, 0xFF, 1 << 40), 1009),
}


class Opened:
    """A socket of a dialect."""

    def __init__(self, client: Dialled) -> None:
        self.client = client

    async def hear(self, kind: int) -> bytes:
        """Read on until a frame of a kind; the telemetry and pings before it are passed over."""
        while True:
            first, payload = await self.client.hear()
            if first == kind:
                return payload

    async def lives(self) -> bool:
        """Whether it still answers a ping."""
        self.client.frame(PING, b"still there?")
        return await self.hear(PONG) == b"still there?"


async def path_of(hub: Hub, dialect: str) -> str:
    """Where a dialect's demo device is spoken to."""
    if dialect == "obniz":
        return "/obniz/1234-5678/ws/1"
    if dialect == "homewizard":
        return "/api/ws"
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{hub.http}/v1/subscribe/ticket", headers=KEY) as answer,
    ):
        return "/ws/" + str((await answer.json())["ws"]).partition("/ws/")[2]


@asynccontextmanager
async def opened(hub: Hub, dialect: str, *lines: str) -> AsyncIterator[Opened]:
    """Open a dialect's socket, HomeWizard's over TLS."""
    path = await path_of(hub, dialect)
    connect = partial(asyncio.open_connection, "127.0.0.1")
    if dialect == "homewizard":
        streams = await connect(hub.tls_port, ssl=create_default_context(cafile=hub.ca))
    else:
        streams = await connect(hub.port)
    client = Dialled(*streams)
    try:
        await client.upgrade(path, *lines)
        socket = Opened(client)
        assert await socket.lives()
        yield socket
    finally:
        client.drop()
        # A transport is closed some turns of the loop after it was told to.
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("dialect", ["obniz", "homewizard", "ezeio"])
async def test_a_broken_rule_ends_one_socket_and_no_other(demo_hub: Hub, dialect: str, name: str) -> None:
    raw, code = BROKEN[name]
    async with opened(demo_hub, dialect) as good, opened(demo_hub, dialect) as bad:
        bad.client.send(raw)
        closed = await bad.client.hear_close()
        rest = await bad.client.hear_end()

        assert await good.lives()

    assert (closed[0], rest) == (code, b"")
    # How often the same is said is bounded: not each of these has a line of its own.
    assert "websocket rule broken" in demo_hub.logged


@pytest.mark.parametrize("dialect", ["obniz", "homewizard", "ezeio"])
async def test_a_goodbye_is_answered_and_control_frames_stand_between_parts(demo_hub: Hub, dialect: str) -> None:
    async with opened(demo_hub, dialect) as socket:
        socket.client.send(framed(0x01, b'[{"system"') + framed(PING, b"between"))
        pong = await socket.hear(PONG)
        socket.client.send(framed(CLOSE, struct.pack("!H", 1001) + b"bye"))
        closed = await socket.client.hear_close()
        rest = await socket.client.hear_end()

    assert (pong, closed[0], rest) == (b"between", 1001, b"")


async def test_ezeios_documented_clients_leave_their_pongs_unmasked_or_out(demo_hub: Hub) -> None:
    async with opened(demo_hub, "ezeio") as socket:
        pinged = await socket.hear(PING)
        socket.client.frame(PONG, pinged, is_masked=False)
        masked_again = await socket.lives()
        # Releases that are older answer some pings with nothing.
        await socket.hear(PING)

        assert (masked_again, await socket.lives()) == (True, True)
    assert pinged


@pytest.mark.parametrize("dialect", ["obniz", "homewizard"])
async def test_other_dialects_bear_no_unmasked_pong(demo_hub: Hub, dialect: str) -> None:
    async with opened(demo_hub, dialect) as socket:
        socket.client.frame(PONG, b"x", is_masked=False)

        closed = await socket.client.hear_close()

    assert closed[0] == 1002


async def test_obniz_agrees_to_the_sub_protocol_that_a_program_asks_for(demo_hub: Hub) -> None:
    streams = await asyncio.open_connection("127.0.0.1", demo_hub.port)
    client = Dialled(*streams)

    answer = await client.upgrade("/obniz/1234-5678/ws/1", "Sec-WebSocket-Protocol: obniz, other")
    client.drop()

    assert answer.headers["sec-websocket-protocol"] == "obniz"
    assert "sec-websocket-extensions" not in answer.headers


@pytest.mark.parametrize("dialect", ["homewizard", "ezeio"])
async def test_dialects_without_sub_protocols_agree_to_none(demo_hub: Hub, dialect: str) -> None:
    async with opened(demo_hub, dialect, "Sec-WebSocket-Protocol: chat") as socket:
        assert await socket.lives()
