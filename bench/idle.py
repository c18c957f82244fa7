"""Idle sockets over TLS: what one takes in the hub's memory."""

from collections.abc import Iterator

from bench.processes import python
from bench.row import Figure, Row

# The first handshakes load code and fill pools that the others share.
WARM_UP = 20


def idle_tls(clients: int) -> Iterator[Row]:
    """Open that many and look at the process."""
    with python("bench.hub", 1, clients + WARM_UP, "homewizard") as server:
        _, tls, _ = map(int, server.wait_line("port"))
        with python("bench.tls_load", tls, WARM_UP) as few:
            few.wait_line("connected")
            before_bytes = server.resident_bytes
            with python("bench.tls_load", tls, clients) as many:
                many.wait_line("connected")
                each_kb = (server.resident_bytes - before_bytes) / clients / 1024
    yield Row(
        work=f"idle WebSocket with one channel, TLS, {clients} of them",
        unit="KB resident each",
        hub=Figure.of([each_kb]),
        goal="<= 60 KB",
    )
