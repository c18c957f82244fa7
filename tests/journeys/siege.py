"""Two thousand hostile connections at once, of one kind: a program of its own, so that it takes nobody's time but its.

`python -m tests.journeys.siege KIND COUNT PORT TLS_PORT SECONDS` ends by itself and prints what became of them.
"""

import asyncio
import json
import resource
import ssl
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from typing import cast

import uvloop
from msgspec import Struct

KEY = "MDEyMzQ1Njc4OWFiY2RlZg=="
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
)
DRIP_S = 0.2
POUR_S = 0.01
COME_WITHIN_S = 10.0
STAND_S = 1.0


class Kind(Struct, frozen=True):
    """What a hostile connection says at first, and what it repeats."""

    first: bytes = b""
    again: bytes = b""
    every_s: float = DRIP_S
    port: str = "plain"
    """`plain`, `tls` (speaks TLS) or `raw` (the TLS port without speaking TLS)."""


def masked(first: int, payload: bytes = b"") -> bytes:
    """A short frame of a client, masked with zeros."""
    return bytes([first, 0x80 | len(payload)]) + bytes(4) + payload


KINDS: Mapping[str, Kind] = {
    "silent": Kind(),
    "half-head": Kind(b"GET /api/v1/data HTTP/1.1\r\nHost: local"),
    "dripping": Kind(b"GET /", b"a"),
    "stalled-hello": Kind(bytes.fromhex("1603010200010001fc0303") + b"x" * 40, port="raw"),
    "half-body": Kind(
        b"POST /obniz/1234-5678/api/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 5000\r\n\r\n[{",
        b" ",
    ),
    "unauthorized": Kind(
        HANDSHAKE.format(path="/api/ws").encode(), masked(0x81, b'{"type":"device"}'), port="tls", every_s=1.0
    ),
    "pouring": Kind(
        HANDSHAKE.format(path="/obniz/2222-2222/ws/1").encode(),
        (masked(0x89, b"x") + masked(0x81) + masked(0x01) + masked(0x80)) * 100,
        every_s=POUR_S,
    ),
}


class Besieger(asyncio.Protocol):
    """One hostile connection; it reads nothing but the beginning of what it is told."""

    def __init__(self, kind: Kind, heard: Counter[str], lost: Callable[[], None]) -> None:
        self._kind = kind
        self._heard = heard
        self._lost = lost
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say the first words."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._kind.first)
        if self._kind.again:
            asyncio.get_running_loop().call_later(self._kind.every_s, self._go_on)

    def data_received(self, data: bytes) -> None:
        """Count what the hub says first."""
        if data.startswith(b"HTTP/1.1 "):
            self._heard[data[9:12].decode()] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        """The hub has ended it."""
        self._transport = None
        self._lost()

    def _go_on(self) -> None:
        if self._transport is not None:
            if self._transport.get_write_buffer_size() < 1 << 20:
                self._transport.write(self._kind.again)
            asyncio.get_running_loop().call_later(self._kind.every_s, self._go_on)


async def besiege(kind: Kind, count: int, ports: Mapping[str, int], seconds: float) -> dict[str, int]:
    """Hold so many connections for so long; returns how many came to stand, were ended, and what was heard."""
    heard: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE

    def lost() -> None:
        heard["ended"] += 1

    async def come(number: int) -> None:
        try:
            await loop.create_connection(
                lambda: Besieger(kind, heard, lost),
                "127.0.0.1",
                ports[kind.port],
                # Half of them share the good clients' address, half come from another.
                local_addr=(f"127.0.0.{1 + number % 2}", 0),
                ssl=trusting if kind.port == "tls" else None,
            )
            heard["stood"] += 1
        except OSError:
            heard["ended"] += 1

    coming = [loop.create_task(come(number)) for number in range(count)]
    began_s = loop.time()
    await asyncio.wait(coming, timeout=COME_WITHIN_S)
    await asyncio.sleep(max(STAND_S, began_s + seconds - loop.time()))
    for task in coming:
        task.cancel()
    await asyncio.gather(*coming, return_exceptions=True)
    return dict(heard)


def main() -> None:
    """Run one siege as the command line says."""
    name, count, port, tls_port, seconds = sys.argv[1:]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    ports = {"plain": int(port), "tls": int(tls_port), "raw": int(tls_port)}
    uvloop.install()
    print(json.dumps(asyncio.run(besiege(KINDS[name], int(count), ports, float(seconds)))))


if __name__ == "__main__":
    main()
