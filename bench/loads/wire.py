"""A small WebSocket client: shakes hands, gives each message to a callable, answers pings."""

import asyncio
import os
from collections.abc import Callable
from typing import cast

TEXT, CLOSE, PING, PONG = 0x81, 8, 9, 0x8A


def masked(first: int, payload: bytes) -> bytes:
    """Return a client's frame; its mask is zero, which leaves the payload as it is.

    `first` is the first byte: FIN and opcode. The payload has less than 64 KiB.
    """
    size = len(payload)
    head = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2, "big")
    return head + bytes(4) + payload


def split(buffer: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Return the whole server frames at the beginning of what came, as (opcode, payload), and what is left."""
    frames = []
    at, end = 0, len(buffer)
    while end - at >= 2:
        size, head = buffer[at + 1], 2
        if size == 126:
            size, head = int.from_bytes(buffer[at + 2 : at + 4], "big"), 4
        elif size == 127:
            size, head = int.from_bytes(buffer[at + 2 : at + 10], "big"), 10
        if end - at < head + size:
            break
        frames.append((buffer[at] & 15, buffer[at + head : at + head + size]))
        at += head + size
    return frames, buffer[at:]


class Line(asyncio.Protocol):
    """One connection. `lost` is told why it ended, unless it ended because of `close`."""

    def __init__(self, path: str, hear: Callable[["Line", bytes], None], lost: Callable[[str], None]) -> None:
        self.hear = hear
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._path = path
        self._lost = lost
        self._buffer = b""
        self._is_open = False
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's TLS transport is one in all but name.
        self._transport = cast(asyncio.WriteTransport, transport)
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self._end(f"{self._path}: {head[:200]!r}")
                return
            self._is_open, self._buffer = True, rest
            self.opened.set_result(None)
        frames, self._buffer = split(self._buffer)
        for opcode, payload in frames:
            if opcode == PING:
                self._write(masked(PONG, payload))
            elif opcode == CLOSE:
                self._end(f"{self._path}: closed with {payload!r}")
            else:
                self.hear(self, payload)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"{self._path}: the connection ended ({exc})")

    def send(self, text: str) -> None:
        """Send a text message."""
        self._write(masked(TEXT, text.encode()))

    def close(self) -> None:
        """Leave."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def _write(self, frame: bytes) -> None:
        if self._transport is not None:
            self._transport.write(frame)

    def _end(self, why: str) -> None:
        is_ours = self._transport is None
        self.close()
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(why))
        elif not is_ours:
            self._lost(why)


def key(number: int) -> list[int]:
    """Return the twelve bytes of an obniz ping that hold a number of up to 64 bits."""
    return [*number.to_bytes(8, "big"), *os.urandom(4)]
