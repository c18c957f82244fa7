"""The documented PHP client on paper: its WebSocket library's habits, version by version, good ones and bad ones.

Source: ezeio reference, section 1.6. It is a plain blocking program, as the original is.
"""

import base64
import os
import socket
import ssl
from urllib.parse import urlsplit

from msgspec import Struct

SILENCE_S = 5.0
"""Its socket's time limit, for connecting too."""

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class SilenceError(Exception):
    """Nothing came within the time limit."""


class Habits(Struct, frozen=True):
    """What a version of the library does."""

    version: str
    leaves_in_silence: bool
    """It closes the connection after 5 s of silence; the others throw and stay."""
    masks_pongs: bool
    """Else it copies the mask flag of the frame that it got, which RFC 6455 forbids."""
    answers_empty_pings: bool = False


VERSIONS = (
    Habits("1.4.1", leaves_in_silence=False, masks_pongs=True),
    Habits("1.5.2", leaves_in_silence=True, masks_pongs=True),
    Habits("1.5.8", leaves_in_silence=False, masks_pongs=True),
    Habits("1.6.3", leaves_in_silence=False, masks_pongs=False, answers_empty_pings=True),
)


class PhpClient:
    """A client of one address: it connects at the first `receive`, and again whenever it has lost its connection."""

    def __init__(self, url: str, habits: Habits, tls: ssl.SSLContext | None = None) -> None:
        self._url = url
        self._habits = habits
        self._tls = tls
        self._socket: socket.socket | None = None
        self.handshakes: list[str] = []
        """The status line of each handshake's answer."""
        self.pings = 0

    def receive(self) -> str | None:
        """Return the next text message; None when the server has closed.

        Raises:
            SilenceError: nothing came within the time limit.
            ConnectionError: the connection ended, or a handshake was refused.
        """
        if self._socket is None:
            self._connect()
        while True:
            opcode, payload = self._frame()
            match opcode:
                case 1:
                    return payload.decode()
                case 8:
                    self._send(CLOSE, payload, is_masked=True)
                    self.close()
                    return None
                case 9:
                    self.pings += 1
                    if payload or self._habits.answers_empty_pings:
                        self._send(PONG, payload, is_masked=self._habits.masks_pongs)

    def close(self) -> None:
        """Leave without a word."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connect(self) -> None:
        place = urlsplit(self._url)
        port = place.port or (443 if place.scheme == "wss" else 80)
        opened = socket.create_connection((place.hostname or "", port), SILENCE_S)
        if place.scheme == "wss":
            assert self._tls is not None, "a secure address needs a TLS context"
            opened = self._tls.wrap_socket(opened, server_hostname=place.hostname)
        self._socket = opened
        lines = (
            f"GET {place.path} HTTP/1.1",
            f"host: {place.netloc}",
            "user-agent: websocket-client-php",
            "connection: Upgrade",
            "upgrade: websocket",
            f"sec-websocket-key: {base64.b64encode(os.urandom(16)).decode()}",
            "sec-websocket-version: 13",
        )
        opened.sendall("\r\n".join((*lines, "", "")).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._read(1)
        status = head.split(b"\r\n", 1)[0].decode()
        self.handshakes.append(status)
        if " 101 " not in status:
            # Where the connection stays open it takes the body for frames; a hub that closes it ends this here.
            while opened.recv(4096):
                pass
            self.close()
            raise ConnectionError(status)

    def _frame(self) -> tuple[int, bytes]:
        first, second = self._read(2)
        length = second & 127
        if length >= 126:
            length = int.from_bytes(self._read(2 if length == 126 else 8), "big")
        return first & 15, self._read(length)

    def _read(self, length: int) -> bytes:
        assert self._socket is not None, "it was connected"
        read = b""
        while len(read) < length:
            try:
                part = self._socket.recv(length - len(read))
            except TimeoutError:
                if self._habits.leaves_in_silence:
                    self.close()
                raise SilenceError(f"nothing came for {SILENCE_S:.0f} s") from None
            if not part:
                self.close()
                raise ConnectionError("the connection ended")
            read += part
        return read

    def _send(self, opcode: int, payload: bytes, *, is_masked: bool) -> None:
        assert self._socket is not None, "it was connected"
        mask = os.urandom(4) if is_masked else b""
        body = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload)) if is_masked else payload
        self._socket.sendall(bytes([0x80 | opcode, len(payload) | (0x80 if is_masked else 0)]) + mask + body)
