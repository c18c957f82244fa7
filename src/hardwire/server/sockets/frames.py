"""RFC 6455 frames as a server sends them: unmasked, unfragmented, uncompressed."""

import struct

TEXT = 0x81
BINARY = 0x82
CLOSE = 0x88
PING = 0x89
PONG = 0x8A
# Control frames carry at most 125 bytes, a close frame's reason 123 of them (RFC 6455, sections 5.5 and 5.5.1).
CONTROL_LIMIT_BYTES = 125
REASON_LIMIT_BYTES = 123


def frame_of(payload: str | bytes) -> bytes:
    """Return a text frame for `str`, a binary frame for `bytes`."""
    if isinstance(payload, str):
        return _framed(TEXT, payload.encode("utf-8"))
    return _framed(BINARY, payload)


def ping_frame(payload: bytes) -> bytes:
    """Return a ping; the payload is cut to 125 bytes."""
    return _framed(PING, payload[:CONTROL_LIMIT_BYTES])


def pong_frame(payload: bytes) -> bytes:
    """Return the answer to a ping: the same payload."""
    return _framed(PONG, payload[:CONTROL_LIMIT_BYTES])


def close_frame(code: int, reason: str = "") -> bytes:
    """Return a close frame; the reason is cut at 123 bytes, between characters. Code 1005 gives an empty one."""
    if code == 1005:
        return _framed(CLOSE, b"")
    cut = reason.encode("utf-8")[:REASON_LIMIT_BYTES].decode("utf-8", "ignore")
    return _framed(CLOSE, struct.pack("!H", code) + cut.encode("utf-8"))


def _framed(first: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 65536:
        return struct.pack("!BBH", first, 126, length) + payload
    return struct.pack("!BBQ", first, 127, length) + payload
