"""Which requests ask to become a WebSocket, and what keeps one from becoming it (RFC 6455, section 4.2.1)."""

import binascii

from aiohttp import HttpVersion11, hdrs, web

VERSION = "13"
KEY_BYTES = 16


def asks_upgrade(request: web.BaseRequest) -> bool:
    """Say whether a request asks to become a WebSocket. One of HTTP/1.0 cannot (RFC 9110, section 7.8)."""
    return (
        request.version >= HttpVersion11
        and request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
        and "upgrade" in _words(request, hdrs.CONNECTION)
    )


def flaw_of(request: web.BaseRequest) -> str | None:
    """Return why a request that asks for it cannot become a WebSocket, as words for its sender; None when it can."""
    headers = request.headers
    if request.method != hdrs.METH_GET:
        return "this WebSocket handshake is broken: it needs GET"
    if headers.getall(hdrs.SEC_WEBSOCKET_VERSION, []) != [VERSION]:
        return f"this WebSocket handshake is broken: it needs version {VERSION}"
    keys = headers.getall(hdrs.SEC_WEBSOCKET_KEY, [])
    if len(keys) != 1 or not _is_key(keys[0]):
        return f"this WebSocket handshake is broken: it needs a key of {KEY_BYTES} bytes"
    return None


def _words(request: web.BaseRequest, name: str) -> set[str]:
    """The words of a header's list, in lower case; it may stand in several lines."""
    return {word.strip().lower() for line in request.headers.getall(name, []) for word in line.split(",")}


def _is_key(text: str) -> bool:
    try:
        return len(binascii.a2b_base64(text, strict_mode=True)) == KEY_BYTES
    except ValueError:
        return False
