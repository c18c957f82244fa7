"""Clients that keep up: they count, check the order, and note how late each message is."""

import asyncio
import ssl
from time import monotonic
from typing import cast

from bench.slow.tongue import Tongue, handshake, masked

PONG_FRAME = bytes((0x8A, 0x80, 0, 0, 0, 0))
TEXT, CLOSE, PING = 0x81, 0x88, 0x89


class Reader(asyncio.Protocol):
    """One client."""

    def __init__(self, tongue: Tongue) -> None:
        self._tongue = tongue
        self._read = tongue.read
        self._rest = b""
        self._is_open = False
        self._first = list(tongue.first)
        self._transport: asyncio.Transport | None = None
        self.begun = asyncio.get_running_loop().create_future()
        """Done once it is sent everything."""
        self.next = 0
        """The number of the message that it waits for."""
        self.gaps = 0
        self.closed = ""
        self.delays_s: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are asyncio's in all but name.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(handshake(self._path))

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = self.closed or "the connection ended"
        if not self.begun.done():
            self.begun.set_exception(ConnectionError(self.closed))

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        at = 0
        if not self._is_open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._rest = data
                return
            self._is_open = data.startswith(b"HTTP/1.1 101")
            if not self._is_open:
                self.closed = data[:500].decode("latin-1")
            at = end + 4
            if not self._tongue.begun and self._is_open:
                self.begun.set_result(None)
        size = len(data)
        while size - at >= 2:
            length = data[at + 1]
            start = at + 2
            if length == 126:
                start += 2
                if size < start:
                    break
                length = (data[at + 2] << 8) | data[at + 3]
            if size - start < length:
                break
            self._hear(data[at], data[start : start + length])
            at = start + length
        self._rest = data[at:]

    async def connect(self, port: int, tls: ssl.SSLContext | None) -> None:
        """Connect, and begin."""
        loop = asyncio.get_running_loop()
        self._path = await loop.run_in_executor(None, self._tongue.path)
        await loop.create_connection(lambda: self, "127.0.0.1", port, ssl=tls, server_hostname="" if tls else None)
        await asyncio.wait_for(self.begun, 20)

    def expect(self) -> None:
        """Begin anew with the next burst."""
        self.next, self.gaps, self.delays_s = 0, 0, []

    def close(self) -> None:
        """Go."""
        if self._transport is not None:
            self._transport.abort()

    def _hear(self, first: int, payload: bytes) -> None:
        if first != TEXT:
            if first == CLOSE:
                self.closed = f"{int.from_bytes(payload[:2])} {payload[2:].decode()}"
            elif first == PING and self._transport is not None:
                self._transport.write(PONG_FRAME)
            return
        if not self.begun.done():
            self._begin(payload)
            return
        told = self._read(payload)
        if told is None:
            return
        if told.number != self.next:
            self.gaps += 1
        self.next = told.number + 1
        self.delays_s.append(monotonic() - told.at)

    def _begin(self, payload: bytes) -> None:
        """Say what is to be said, one message for each that is heard; then wait for the message that begins it all."""
        assert self._transport is not None
        if self._tongue.begun in payload:
            self.begun.set_result(None)
        elif self._first:
            self._transport.write(masked(self._first.pop(0)))
