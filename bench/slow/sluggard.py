"""A client that stops reading: a plain blocking socket with the smallest receive buffer that the kernel gives."""

import socket
import ssl

from msgspec import Struct

from bench.slow.tongue import Told, Tongue, handshake, masked

RECEIVE_BUFFER_BYTES = 4096
CLOSE = 0x88
TEXT = 0x81
WITHIN_S = 20.0


class Read(Struct):
    """What it got once it read again."""

    told: list[Told]
    code: int | None = None
    """The code of the close frame; None where none came."""
    reason: str = ""
    end: str = ""
    """How it ended: `closed`, `reset`, `last` (the message that it waited for came), `silence`."""


class Sluggard:
    """One client."""

    def __init__(self, tongue: Tongue) -> None:
        self._tongue = tongue
        self._rest = bytearray()
        self._socket: socket.socket

    def connect(self, port: int, tls: ssl.SSLContext | None) -> None:
        """Connect, read until everything is sent to it, then read no more."""
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        raw.settimeout(WITHIN_S)
        path = self._tongue.path()
        raw.connect(("127.0.0.1", port))
        self._socket = raw if tls is None else tls.wrap_socket(raw)
        self._socket.sendall(handshake(path))
        while b"\r\n\r\n" not in self._rest:
            self._fill()
        head, _, rest = bytes(self._rest).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        self._rest = bytearray(rest)
        first = list(self._tongue.first)
        while self._tongue.begun and self._tongue.begun not in self._frame()[1]:
            if first:
                self._socket.sendall(masked(first.pop(0)))

    def read_on(self, last: int) -> Read:
        """Read until the message numbered `last`, the close frame or the end."""
        got = Read([])
        try:
            while True:
                first, payload = self._frame()
                if first == CLOSE:
                    got.code, got.reason = int.from_bytes(payload[:2]), payload[2:].decode()
                    got.end = "closed"
                    return got
                told = self._tongue.read(payload) if first == TEXT else None
                if told is not None:
                    got.told.append(told)
                    if told.number == last:
                        got.end = "last"
                        return got
        except ConnectionError:
            got.end = "reset"
        except TimeoutError:
            got.end = "silence"
        return got

    def close(self) -> None:
        """Go."""
        self._socket.close()

    def _frame(self) -> tuple[int, bytes]:
        while len(self._rest) < 2:
            self._fill()
        length, start = self._rest[1], 2
        if length == 126:
            while len(self._rest) < 4:
                self._fill()
            length, start = int.from_bytes(self._rest[2:4]), 4
        while len(self._rest) < start + length:
            self._fill()
        first, payload = self._rest[0], bytes(self._rest[start : start + length])
        del self._rest[: start + length]
        return first, payload

    def _fill(self) -> None:
        piece = self._socket.recv(65_536)
        if not piece:
            raise ConnectionError("the hub ended the connection")
        self._rest += piece
