"""One HTTP request as a dialect sees it, already past the hub's gate."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address

from msgspec import Struct

from hardwire.model.access import Caller


class Request(Struct, frozen=True, kw_only=True):
    """What was asked, from where, and which device's own address it came to."""

    method: str
    target: str
    """The raw request target, byte for byte as sent: Digest compares it."""
    path: str
    """The decoded path."""
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    """Header names in lower case."""
    body: bytes = b""
    peer: IPv4Address | IPv6Address | None = None
    """Who asks; None on the Unix socket."""
    origin: str = "http://localhost:8080"
    """The scheme and host that this request came to: what absolute URLs in the answer start with."""
    is_tls: bool = False
    is_upgrade: bool = False
    device: str | None = None
    """The device that SNI, Host or the listener names; None on the hub's own name."""
    caller: Caller | None = None
    """The owner, where the connection itself proves it (Unix socket)."""
    is_foreign: bool = False
    """A browser page of another origin sent it: only a token may let it in."""
