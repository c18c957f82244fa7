"""Where a request comes from, as its connection and its headers tell."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import HttpVersion11, web


def is_tls(request: web.BaseRequest) -> bool:
    """Say whether it came over TLS."""
    return request.transport is not None and request.transport.get_extra_info("sslcontext") is not None


def is_embedded(request: web.BaseRequest) -> bool:
    """Say whether the browser tells that a page of another origin asks, and nobody followed a link."""
    # A form that another site sends navigates too; a link only gets.
    is_link = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method in ("GET", "HEAD")
    # A site is all ports of a name: what listens at another one is somebody else.
    return request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and not is_link


def address_of(text: str | None) -> IPv4Address | IPv6Address | None:
    """Return an IP address without its zone; None for what is none."""
    try:
        return None if text is None else ip_address(text.partition("%")[0])
    except ValueError:
        return None


def host_of_old(request: web.BaseRequest) -> list[str]:
    """The address that was called, for HTTP/1.0, which knows no Host header: small devices still speak it."""
    if request.version >= HttpVersion11 or request.transport is None:
        return []
    address = request.transport.get_extra_info("sockname")
    return [f"[{address[0]}]:{address[1]}" if ":" in address[0] else f"{address[0]}:{address[1]}"]
