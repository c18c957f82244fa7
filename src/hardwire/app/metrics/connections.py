"""Connections and HTTP requests: who came, who was turned away, how requests were answered."""

from collections.abc import Iterable
from typing import Protocol

from hardwire.app.metrics.family import Family, counter, counters, gauge
from hardwire.server.figures import ServerFigures


class Ledger(Protocol):
    """Who stands connected (`server.admission.Connections`)."""

    refused: int
    dropped: int

    @property
    def standing(self) -> int:
        """How many connections there are."""
        ...

    @property
    def unproven(self) -> int:
        """How many of them have proven nothing yet."""
        ...


def families(ledger: Ledger, server: ServerFigures) -> Iterable[Family]:
    """Tell it."""
    yield gauge("hardwire_connections", "Connections that stand, the owner's own socket left out.", ledger.standing)
    yield gauge(
        "hardwire_connections_unproven",
        "Connections without a complete request, or without the credential that their dialect asks for.",
        ledger.unproven,
    )
    yield counters(
        "hardwire_connections_opened_total",
        "Connections that were let in.",
        ("transport",),
        {(transport,): n for transport, n in server.opened.items()},
    )
    yield counter(
        "hardwire_connections_refused_total", "Connections that were told to come back later.", ledger.refused
    )
    yield counter(
        "hardwire_connections_dropped_total",
        "Connections that had to go before they had proven themselves: too slow, or too many.",
        ledger.dropped,
    )
    yield counters(
        "hardwire_http_requests_total",
        "Requests that were answered, by dialect (none: nobody's path) and class of the status; no WebSockets.",
        ("dialect", "status"),
        {(dialect, f"{digit}xx"): n for (dialect, digit), n in server.answered.items()},
    )
