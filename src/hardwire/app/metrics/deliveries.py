"""Clients and what is sent to them: how many, how much, how late, who does not keep up."""

from collections.abc import Iterable

from hardwire.app.metrics.family import Family, counter, counters, gauge, gauges, histogram
from hardwire.server.sockets.clients import Clients
from hardwire.server.sockets.flusher import Flusher


def families(clients: Clients, flusher: Flusher) -> Iterable[Family]:
    """Tell it; one pass over the open sockets."""
    traffic = clients.traffic()
    yield gauges(
        "hardwire_websockets",
        "Open WebSockets.",
        ("dialect", "transport"),
        {(dialect, _transport(is_tls=is_tls)): n for (dialect, is_tls), n in traffic.standing.items()},
    )
    for name, meaning, values in (
        ("hardwire_websockets_opened_total", "WebSockets that were opened.", traffic.opened),
        ("hardwire_messages_received_total", "Messages that clients have sent by WebSocket.", traffic.received),
        ("hardwire_messages_sent_total", "Messages that were written to clients by WebSocket.", traffic.sent),
    ):
        yield counters(name, meaning, ("dialect",), {(dialect,): n for dialect, n in values.items()})
    yield counter("hardwire_deliveries_total", "Frames that were written to all WebSockets.", flusher.frames)
    yield counter("hardwire_delivered_bytes_total", "How long these frames were, in bytes.", flusher.bytes)
    yield histogram(
        "hardwire_delivery_wait_seconds",
        "How long the first frame of each flush has waited until all of that flush was written.",
        flusher.waits,
    )
    yield gauge("hardwire_clients_behind", "Clients that do not read as fast as they are sent to.", flusher.behind)
    yield counter(
        "hardwire_messages_dropped_total",
        "Messages that newer ones took the place of, since their clients were behind.",
        flusher.dropped,
    )
    yield counter("hardwire_clients_too_slow_total", "Clients that were closed because they did not read.", flusher.cut)


def _transport(*, is_tls: bool) -> str:
    return "tls" if is_tls else "plain"
