"""What connections may cost: the `[limits]` table, and the bounds the server keeps."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

Carrier: TypeAlias = Literal["direct", "aiohttp"]
"""Who reads a client's frames: the hub's own reader, straight from the connection, or aiohttp's."""


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[limits]`: how much a client may take before it is held back, made to wait or cut."""

    connections: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    """How many connections the main listeners hold at once; 0 means as many as the open-files limit leaves room for."""
    connections_per_address: Annotated[int, Meta(ge=0, le=1_000_000)] = 1000
    """How many of them one address may hold; this machine's own programs are not counted. 0 means no limit."""
    unproven: Annotated[int, Meta(ge=16, le=100_000)] = 512
    """How many connections may be without a complete request; beyond it the oldest goes, of one address with many."""
    handshakes_per_s: Annotated[int, Meta(ge=1, le=100_000)] = 500
    """How many WebSockets may be opened in a second; who comes beyond it is told to come back (503, Retry-After)."""
    client_budget_bytes: Annotated[int, Meta(ge=65_536, le=1 << 30)] = 1 << 20
    """How much may lie unread for one client."""
    messages_per_s: Annotated[int, Meta(ge=10, le=1_000_000)] = 10_000
    """How many messages of one client are read in a second; beyond it the client is read more slowly."""


DEFAULT_LIMITS = Limits()
"""What holds where the owner says nothing."""
