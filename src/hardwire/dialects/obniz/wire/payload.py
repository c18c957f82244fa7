"""What payloads of frames hold beside single bytes: a rest of any length, UTF-8 text, 32-bit floating point numbers."""

import struct
from math import isfinite

from hardwire.dialects.obniz.wire.shape import Misfit


def at_least(payload: bytes, size_bytes: int) -> bytes:
    """Return a payload that has at least the size its function needs.

    Raises:
        Misfit: it is shorter.
    """
    if len(payload) < size_bytes:
        raise Misfit(f"at least {size_bytes} bytes are needed, not {len(payload)}")
    return payload


def at_most(octets: bytes, longest: int) -> bytes:
    """Return what a frame carries for a bus, which takes no more than that at once, as in JSON.

    Raises:
        Misfit: it is longer.
    """
    if len(octets) > longest:
        raise Misfit(f"at most {longest} bytes are taken, not {len(octets)}")
    return octets


def utf8(octets: bytes) -> str:
    """Return a program's text.

    Raises:
        Misfit: it is no UTF-8.
    """
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise Misfit("the text is no UTF-8") from None


def floats(*values: float) -> bytes | None:
    """Return numbers as 32-bit floating point, big-endian; None where one is too large for that."""
    try:
        return struct.pack(f">{len(values)}f", *values)
    except OverflowError:
        return None


def read_floats(payload: bytes, count: int) -> tuple[float, ...]:
    """Return as many numbers as a payload must hold.

    Raises:
        Misfit: it has another size, or one of them is no finite number.
    """
    if len(payload) != 4 * count:
        raise Misfit(f"{4 * count} bytes are needed, not {len(payload)}")
    values = struct.unpack(f">{count}f", payload)
    if not all(map(isfinite, values)):
        raise Misfit("a finite number is needed")
    return values
