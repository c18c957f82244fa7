"""Idle TLS clients: opens N WebSockets over TLS, says so, and holds them until its input ends.

python -m bench.loads.tls_load PORT CLIENTS
"""

import socket
import ssl
import sys

from bench.processes import lift_file_limit

REQUEST = (
    b"GET /bench/0 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def main(port: int, clients: int) -> None:
    """Hold the clients."""
    lift_file_limit()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Loopback, and only the server's memory is looked at.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    held: list[ssl.SSLSocket] = []
    for _ in range(clients):
        connection = context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30))
        connection.sendall(REQUEST)
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            got = connection.recv(4096)
            if not got:
                raise SystemExit("lost: refused")
            answer += got
        held.append(connection)
    print("connected", len(held), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
