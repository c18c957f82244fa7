"""Readers of HomeWizard meters over TLS: authorizes, subscribes, and times each measurement that comes.

    python -m bench.loads.tls_readers PORT CA.PEM TOKEN READERS SERIAL...

READERS sockets for each serial, each verified against the CA and by the name in the certificate. Prints `connected N`.
Takes `read SECONDS` and prints `read FRAMES P50_MS P99_MS MAX_MS`, the time from the stamp in `power_w` to the return
of the read that brought it. One thread: in a rush, the last frame's time holds the reading of those before it.
"""

import json
import select
import socket
import ssl
import sys
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic, monotonic_ns

from bench.processes import lift_file_limit

STAMP = b'"power_w":'
AHEAD_S = 0.2


def main(port: int, ca: str, token: str, readers: int, serials: Sequence[str]) -> None:
    """Connect, then obey the lines of standard input."""
    lift_file_limit()
    context = ssl.create_default_context(cafile=ca)
    context.hostname_checks_common_name = True
    held: dict[int, ssl.SSLSocket] = {}
    poller = select.epoll()
    for serial in serials:
        for _ in range(readers):
            connection = subscribed(context, port, serial, token)
            held[connection.fileno()] = connection
            poller.register(connection, select.EPOLLIN)
    print("connected", len(held), flush=True)
    for line in sys.stdin:
        delays_us = sorted(read(poller, held, float(line.split()[1])))
        half, most = delays_us[len(delays_us) // 2], delays_us[int(len(delays_us) * 0.99)]
        shown = " ".join(f"{delay_us / 1000:.3f}" for delay_us in (half, most, delays_us[-1]))
        print("read", len(delays_us), shown, flush=True)


def subscribed(context: ssl.SSLContext, port: int, serial: str, token: str) -> ssl.SSLSocket:
    """Return a socket that has subscribed to the measurements of a meter."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection = context.wrap_socket(plain, server_hostname=f"appliance/p1dongle/{serial}")
    connection.sendall(
        b"GET /api/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    send(connection, {"type": "authorization", "data": token})
    wait_for(connection, b'{"type":"authorized"}')
    send(connection, {"type": "subscribe", "data": "measurement"})
    wait_for(connection, STAMP)
    connection.setblocking(False)
    return connection


def send(connection: ssl.SSLSocket, message: object) -> None:
    """Send one short text frame; its mask is zero, which leaves the text as it is."""
    text = json.dumps(message).encode()
    connection.sendall(bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text)


def wait_for(connection: ssl.SSLSocket, word: bytes) -> None:
    """Read until a word has come."""
    seen = b""
    while word not in seen:
        got = connection.recv(16384)
        if not got:
            raise SystemExit(f"lost: {seen[-200:]!r}")
        seen += got


def read(poller: select.epoll, held: dict[int, ssl.SSLSocket], lasts_s: float) -> list[int]:
    """Read for that long; return how long each measurement was under way, in microseconds."""
    delays_us: list[int] = []
    halves: dict[int, bytes] = {}
    begin_us = monotonic_ns() // 1000
    end = monotonic() + lasts_s
    while monotonic() < end:
        for number, _ in poller.poll(AHEAD_S):
            seen = halves.pop(number, b"")
            with suppress(ssl.SSLWantReadError):
                while True:
                    got = held[number].recv(16384)
                    now_us = monotonic_ns() // 1000
                    if not got:
                        raise SystemExit("lost: a socket was closed")
                    seen += got
            at = seen.find(STAMP)
            comma = seen.find(b",", at)
            if at < 0 or comma < 0:
                halves[number] = seen
                continue
            stamp_us = int(seen[at + len(STAMP) : comma])
            # What was told before has waited for this call.
            if stamp_us >= begin_us:
                delays_us.append(now_us - stamp_us)
    return delays_us


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:])
