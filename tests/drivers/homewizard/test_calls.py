"""Requests to a device that breaks off, or holds on to what it was sent."""

import asyncio
from base64 import b64encode
from hashlib import sha1

import aiohttp
import pytest

from hardwire.drivers.homewizard.calls import Upstream, calls_to

WITHIN_S = 10
# RFC 6455, section 1.3.
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


async def open_and_read_no_more(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take an upgrade, and nothing after it."""
    head = await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio's own transports can
    key = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
    accepted = b64encode(sha1(key.split(b":")[1].strip() + GUID, usedforsecurity=False).digest())
    lines = [b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: Upgrade"]
    writer.write(b"\r\n".join([*lines, b"Sec-WebSocket-Accept: " + accepted, b"", b""]))


async def say_without_end(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Say so much that no buffer holds it."""
    while True:
        await socket.send_str("x" * 100_000)


async def test_a_socket_whose_device_reads_nothing_is_left_all_the_same() -> None:
    ends = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await open_and_read_no_more(reader, writer)
        await ends.wait()
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async with (
        asyncio.timeout(WITHIN_S),
        calls_to(Upstream(origin=origin, answer_s=2)) as calls,
        calls.socket("/api/ws") as socket,
    ):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(say_without_end(socket), 0.5)

    assert socket.closed
    server.close()
    ends.set()
    await asyncio.sleep(0)
