"""How a client of each dialect begins, and what it reads of a message of the hose."""

import base64
import json
import re
import urllib.request
from collections.abc import Callable

from msgspec import Struct

SERIALS = {"meter": "5c2faf0a0b0c", "unit": "HOS-001", "board": "0000-0001"}


class Told(Struct, frozen=True):
    """A message's number and when it was published, in seconds of CLOCK_MONOTONIC."""

    number: int
    at: float


class Tongue(Struct, frozen=True):
    """One dialect."""

    device: str
    is_tls: bool
    path: Callable[[], str]
    """What is called: a ticket is used up by it."""
    first: tuple[str, ...]
    """What the client sends once the socket stands."""
    begun: bytes
    """What stands in the message after which it is sent everything; empty: it is from the first moment."""
    read: Callable[[bytes], Told | None]
    """Read a message; None for one that is not of the hose."""


def handshake(path: str) -> bytes:
    """Return the request for a WebSocket."""
    key = base64.b64encode(b"0123456789abcdef").decode()
    lines = (
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
    )
    return "\r\n".join([*lines, "", ""]).encode()


def masked(text: str) -> bytes:
    """Return a client's text frame of at most 125 bytes, with a mask that changes nothing."""
    payload = text.encode()
    assert len(payload) < 126
    return bytes((0x81, 0x80 | len(payload), 0, 0, 0, 0)) + payload


def homewizard(token: str) -> Tongue:
    """Return what reads measurements."""
    number = re.compile(rb'"power_w":(\d+)')
    stamp = re.compile(rb'"energy_import_kwh":([\d.]+)')

    def read(message: bytes) -> Told | None:
        found, at = number.search(message), stamp.search(message)
        return None if found is None or at is None else Told(int(found[1]), float(at[1]))

    authorization = json.dumps({"type": "authorization", "data": token})
    subscription = json.dumps({"type": "subscribe", "data": "measurement"})
    return Tongue("meter", True, lambda: "/api/ws", (authorization, subscription), b'"measurement"', read)


def ezeio(base: str, key_id: str, key: str) -> Tongue:
    """Return what reads LOGDATA."""
    values = re.compile(rb'"1":"?(\d+)"?.*?"2":"?([\d.]+)')

    def path() -> str:
        request = urllib.request.Request(
            f"{base}/v1/subscribe/ticket", headers={"ezeAPIkey": key_id, "Authorization": f"Bearer {key}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            url: str = json.load(answer)["ws"]
        return "/ws/" + url.rpartition("/")[2]

    def read(message: bytes) -> Told | None:
        found = values.search(message) if b"LOGDATA" in message else None
        return None if found is None else Told(int(found[1]), float(found[2]))

    return Tongue("unit", False, path, (), b"", read)


def obniz() -> Tongue:
    """Return what reads the bytes of a serial port."""

    def read(message: bytes) -> Told | None:
        start = message.find(b'"uart0"')
        if start < 0:
            return None
        octets = message[message.index(b"[", start) + 1 : start + 200].split(b",", 24)[:24]
        text = bytes(map(int, octets)).decode()
        return Told(int(text[:8]), float(text[8:]))

    return Tongue("board", False, lambda: f"/obniz/{SERIALS['board']}/ws/1", (), b'"ready"', read)
