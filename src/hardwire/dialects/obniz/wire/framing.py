"""The frames of the binary encoding: module, function, payload, one after the other in a message."""

from collections.abc import Iterator


class BadFrameError(Exception):
    """The bytes are no frames from here on; what came before is valid."""


def frames(message: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (module, function, payload) of each frame.

    Raises:
        BadFrameError: a reserved bit is set, the length type is unknown, or the message ends too early.

    Source: obniz reference, section 6.1.
    """
    position, end = 0, len(message)
    while position < end:
        if position + 3 > end:
            raise BadFrameError(f"the frame at byte {position} is cut off")
        module, function, head = message[position : position + 3]
        if module & 0x80:
            raise BadFrameError(f"the frame at byte {position} has the reserved bit set")
        start = position + 3
        size_bytes, length_type = head & 0x3F, head >> 6
        if length_type:
            if length_type == 3:
                # The vendor's decoder would take it for type 2; nothing ever encodes it.
                raise BadFrameError(f"the frame at byte {position} has an unknown length type")
            more = 1 if length_type == 1 else 3
            size_bytes = size_bytes << (8 * more) | int.from_bytes(message[start : start + more])
            start += more
        position_after = start + size_bytes
        if position_after > end:
            raise BadFrameError(f"the frame at byte {position} is cut off")
        yield module, function, message[start:position_after]
        position = position_after


def frame(module: int, function: int, payload: bytes = b"") -> bytes:
    """Return one frame (obniz reference, section 6.1).

    Raises:
        ValueError: the payload has 2^30 bytes or more.
    """
    size_bytes = len(payload)
    if size_bytes < 1 << 6:
        return bytes((module, function, size_bytes)) + payload
    if size_bytes < 1 << 14:
        return bytes((module, function)) + (1 << 14 | size_bytes).to_bytes(2) + payload
    if size_bytes < 1 << 30:
        return bytes((module, function)) + (2 << 30 | size_bytes).to_bytes(4) + payload
    raise ValueError("a frame holds less than 2^30 bytes")
