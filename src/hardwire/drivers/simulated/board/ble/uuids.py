"""Bluetooth UUIDs: 4 or 32 lower-case hex digits as programs write them, 2 or 16 bytes as packets hold them."""

import re

from hardwire.model.errors import BadValueError

_HEX = re.compile(r"[0-9a-f]{4}|[0-9a-f]{32}")

BASE_TAIL = "00001000800000805f9b34fb"
"""What a 16-bit UUID stands for ends in this (Bluetooth Core, volume 3, part B, section 2.5.1)."""


def uuid_of(text: str) -> str:
    """Return a UUID in its short form, whatever its case, dashes and length.

    Raises:
        BadValueError: it has neither 4 nor 32 hex digits.
    """
    digits = text.replace("-", "").lower()
    if not _HEX.fullmatch(digits):
        raise BadValueError(f"a UUID has 4 or 32 hex digits, not {text!r}")
    if digits.startswith("0000") and digits.endswith(BASE_TAIL):
        return digits[4:8]
    return digits


def uuid_octets(uuid: str) -> bytes:
    """Return the bytes of a UUID, the last digits first."""
    return bytes.fromhex(uuid)[::-1]


def uuid_from(octets: bytes) -> str | None:
    """Return the UUID that 2 or 16 bytes of a packet hold; None for any other number of bytes."""
    return uuid_of(octets[::-1].hex()) if len(octets) in (2, 16) else None
