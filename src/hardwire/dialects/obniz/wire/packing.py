"""Bits: one byte, 0 or 1, for each in the model; eight in a byte, the first in its highest bit, in frames."""

_TO_DIGITS = bytes.maketrans(b"\0\1", b"01")
_TO_BITS = bytes.maketrans(b"01", b"\0\1")


def packed(bits: bytes) -> bytes:
    """Return eight bits a byte; the last byte is filled with 0 (obniz reference, section 6.3)."""
    if not bits:
        return b""
    size_bytes = (len(bits) + 7) // 8
    return int(bits.translate(_TO_DIGITS).ljust(size_bytes * 8, b"0"), 2).to_bytes(size_bytes)


def unpacked(octets: bytes) -> bytes:
    """Return a byte for each bit."""
    if not octets:
        return b""
    return f"{int.from_bytes(octets):0{len(octets) * 8}b}".encode().translate(_TO_BITS)
