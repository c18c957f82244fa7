"""A front with real doors on loopback, and a client that sends exactly what it is told."""

import asyncio
import base64
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_address

from msgspec import Struct

from hardwire.server.limits import DEFAULT_LIMITS, Carrier, Limits
from hardwire.server.listeners import Listeners
from hardwire.server.network.names import Names
from hardwire.server.requests.front import Front
from hardwire.server.requests.gate import Gate
from hardwire.server.sockets.frames import frame_of
from hardwire.server.tls.authority import Authority
from hardwire.server.tls.certificates import Certificates
from tests.hub.premises import METER, Premises

WITHIN_S = 15
"""Generous: whatever is awaited takes milliseconds."""

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
MASK = b"\x11\x22\x33\x44"


class Answer(Struct):
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class Doors:
    """A hub behind a front; the plain port stands."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, carrier: Carrier = "direct") -> None:
        self.premises = Premises(frame=frame_of)
        self.hub = self.premises.hub
        self.dialect = self.premises.dialect
        self.premises.serve(METER)
        names = Names(self.hub, {"paper": self.dialect})
        gate = Gate(names.is_host)
        dialects = {"paper": self.dialect}
        self.front = Front(self.hub, self.premises.desk, gate, names, dialects, limits, carrier=carrier)
        self.listeners = Listeners(self.front)
        self.port = 0
        self.dialled: list[Dialled] = []

    async def dial(self, *, port: int = 0, tls: ssl.SSLContext | None = None, sni: str | None = None) -> "Dialled":
        """Connect."""
        streams = await asyncio.open_connection(
            "127.0.0.1", port or self.port, ssl=tls, server_hostname=sni if tls else None
        )
        self.dialled.append(Dialled(*streams))
        return self.dialled[-1]

    async def upgraded(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> "Dialled":
        """Connect and become a WebSocket."""
        client = await self.dial(port=port, tls=tls, sni="localhost")
        await client.upgrade()
        return client


class Dialled:
    """A connection whose bytes are the test's own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, raw: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(raw)

    def request(self, method: str, path: str, *lines: str, body: bytes = b"", host: str = "localhost") -> None:
        """Send a request."""
        head = [f"{method} {path} HTTP/1.1", f"Host: {host}", *lines]
        if body:
            head.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join([*head, "", ""]).encode() + body)

    async def answer(self, *, is_head: bool = False) -> Answer:
        """Read one answer."""
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), WITHIN_S)).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        length = 0 if is_head else int(headers.get("content-length", "0"))
        body = await asyncio.wait_for(self.reader.readexactly(length), WITHIN_S)
        return Answer(int(head[0].split()[1]), headers, body)

    async def upgrade(self, path: str = "/paper", *lines: str) -> Answer:
        """Become a WebSocket; further header lines go along."""
        key = base64.b64encode(b"0123456789abcdef").decode()
        self.request(
            "GET",
            path,
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            *lines,
        )
        answer = await self.answer()
        assert answer.status == 101, answer
        return answer

    def frame(self, first: int, payload: bytes, *, is_masked: bool = True) -> None:
        """Send a frame."""
        self.send(framed(first, payload, is_masked=is_masked))

    async def hear(self) -> tuple[int, bytes]:
        """Read one frame: its first byte and its payload."""
        async with asyncio.timeout(WITHIN_S):
            first, length = await self.reader.readexactly(2)
            if length == 126:
                (length,) = struct.unpack("!H", await self.reader.readexactly(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", await self.reader.readexactly(8))
            return first, await self.reader.readexactly(length)

    async def hear_close(self) -> tuple[int, str]:
        """Read on until the close frame: its code and its reason."""
        while True:
            first, payload = await self.hear()
            if first == CLOSE:
                return (struct.unpack("!H", payload[:2])[0] if payload else 1005), payload[2:].decode()

    async def hear_end(self) -> bytes:
        """Read what comes until the connection ends."""
        with suppress(ConnectionError):
            return await asyncio.wait_for(self.reader.read(), WITHIN_S)
        return b""

    def drop(self) -> None:
        """Go without a word."""
        self.writer.transport.abort()


def framed(first: int, payload: bytes, *, is_masked: bool = True) -> bytes:
    """A frame as a client sends it."""
    masked = 0x80 if is_masked else 0
    if len(payload) < 126:
        head = struct.pack("!BB", first, masked | len(payload))
    elif len(payload) < 65536:
        head = struct.pack("!BBH", first, masked | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, masked | 127, len(payload))
    if not is_masked:
        return head + payload
    return head + MASK + bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))


async def listen_tls(doors: Doors) -> tuple[int, ssl.SSLContext]:
    """Open a TLS port; returns it with what a client trusts."""
    authority = Authority.create(datetime.now(UTC))
    names = Names(doors.hub, {"paper": doors.dialect})
    certificates = Certificates(
        authority,
        now=lambda: datetime.now(UTC),
        names=names.is_appliance,
        default=names.default_appliance,
        hosts=names.hosts,
        addresses=lambda: [ip_address("127.0.0.1")],
    )
    port = await doors.listeners.listen("127.0.0.1", 0, tls=certificates.context())
    trusting = ssl.create_default_context(cadata=authority.pem)
    trusting.check_hostname = False
    return port, trusting


async def until(is_so: Callable[[], object]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(WITHIN_S):
        while not is_so():  # noqa: ASYNC110 (the hub has no event for a test)
            await asyncio.sleep(0.005)


@asynccontextmanager
async def open_doors(limits: Limits = DEFAULT_LIMITS, carrier: Carrier = "direct") -> AsyncIterator[Doors]:
    """Doors on a free port, closed at the end."""
    doors = Doors(limits, carrier)
    try:
        doors.port = await doors.listeners.listen("127.0.0.1", 0)
        yield doors
    finally:
        for client in doors.dialled:
            client.drop()
        await doors.listeners.close()
        doors.premises.close()
        # A transport is closed some turns of the loop after it was told to.
        await asyncio.sleep(0.01)
