"""The answer that turns a request into a WebSocket."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha1

from aiohttp import web

# RFC 6455, section 1.3: what shows that the answer was made for a WebSocket.
KEY_SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# Versions are for the owner's eyes.
SERVER = "Hardwire"


def switching(request: web.BaseRequest, protocol: str | None, headers: Mapping[str, str]) -> web.StreamResponse:
    """Return the answer to a handshake that was found whole, to be prepared; no extension is agreed to.

    `protocol` is the sub-protocol to agree to; the connection is closed when the handler returns the answer.
    """
    key = request.headers["Sec-WebSocket-Key"].strip().encode()
    answer = web.StreamResponse(
        status=101,
        headers={
            **headers,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Accept": b64encode(sha1(key + KEY_SUFFIX, usedforsecurity=False).digest()).decode(),
            **({} if protocol is None else {"Sec-WebSocket-Protocol": protocol}),
            "Server": SERVER,
        },
    )
    answer.force_close()
    return answer
