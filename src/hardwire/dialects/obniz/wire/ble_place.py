"""How the place of a value stands in both encodings: the address of a device, then the UUIDs down to a descriptor."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, text

# The fields of words that name a place, from the device down; what is the board's own has no address.
DEVICE = ("address",)
SERVICE = (*DEVICE, "service")
CHARACTERISTIC = (*SERVICE, "characteristic")
DESCRIPTOR = (*CHARACTERISTIC, "descriptor")
OWN_SERVICE = SERVICE[1:]
OWN_CHARACTERISTIC = CHARACTERISTIC[1:]
OWN_DESCRIPTOR = DESCRIPTOR[1:]

KEYS: Mapping[str, str] = {
    "address": "address",
    "service": "service_uuid",
    "characteristic": "characteristic_uuid",
    "descriptor": "descriptor_uuid",
}
"""What each of them is called in JSON (obniz reference, section 3.22)."""

_ADDRESS_BYTES = 6
_UUID_BYTES = 16
_UUID_FIELD_BYTES = 2 + _UUID_BYTES
_HEX = frozenset("0123456789abcdef")


def address(value: Any, field: str) -> str:  # Any: JSON
    """Return an address in lower case.

    Raises:
        Misfit: it has not 12 hexadecimal digits.
    """
    digits = text(value, field).lower()
    if len(digits) != 2 * _ADDRESS_BYTES or not _HEX.issuperset(digits):
        raise Misfit("an address has 12 hexadecimal digits", field)
    return digits


def uuid(value: Any, field: str) -> str:  # Any: JSON
    """Return a UUID in lower case and without dashes, so that one spelling stands for each.

    Raises:
        Misfit: it has not 4 to 32 hexadecimal digits, two for each byte.
    """
    digits = text(value, field).lower().replace("-", "")
    # The vendor's schema counts characters and lets a half byte pass; no Bluetooth device has such a UUID.
    if not 4 <= len(digits) <= 2 * _UUID_BYTES or len(digits) % 2 or not _HEX.issuperset(digits):
        raise Misfit("a UUID has 4, 8 or 32 hexadecimal digits, with or without dashes", field)
    return digits


def place(value: Any, names: Sequence[str], within: str) -> list[str]:  # Any: JSON
    """Return what an object says of these fields; `within` is where it stands in the command.

    Raises:
        Misfit: it is no object, or one of them is missing or wrong.
    """
    fields = fields_of(value, within)
    return [
        (address if name == "address" else uuid)(needed(fields, KEYS[name], within), f"{within}.{KEYS[name]}")
        for name in names
    ]


def written_place(word: Struct, names: Sequence[str]) -> dict[str, Any]:  # Any: JSON
    """Return these fields of a word as a JSON object."""
    return {KEYS[name]: getattr(word, name) for name in names}


def framed_place(word: Struct, names: Sequence[str]) -> bytes:
    """Return these fields of a word as bytes; empty texts become zeros."""
    return b"".join(
        framed_address(getattr(word, name)) if name == "address" else framed_uuid(getattr(word, name)) for name in names
    )


def framed_address(digits: str) -> bytes:
    """Return an address as 6 bytes, the last first (obniz reference, section 6.3)."""
    return bytes.fromhex(digits)[::-1].ljust(_ADDRESS_BYTES, b"\0")


def framed_uuid(digits: str) -> bytes:
    """Return a UUID as 18 bytes: how many it has, then they, the last first (obniz reference, section 6.3)."""
    octets = bytes.fromhex(digits)[::-1]
    return len(octets).to_bytes(2) + octets.ljust(_UUID_BYTES, b"\0")


def cut_place(payload: bytes, names: Sequence[str]) -> tuple[list[str], bytes]:
    """Return what the bytes say of these fields, and the rest behind them; a UUID of no bytes is empty.

    Raises:
        Misfit: there are too few bytes, or a UUID has too many.
    """
    found: list[str] = []
    position = 0
    for name in names:
        size_bytes = _ADDRESS_BYTES if name == "address" else _UUID_FIELD_BYTES
        octets = payload[position : position + size_bytes]
        position += size_bytes
        if len(octets) < size_bytes:
            raise Misfit(f"{position} bytes are needed, not {len(payload)}")
        if name != "address":
            length = int.from_bytes(octets[:2])
            if length > _UUID_BYTES:
                raise Misfit(f"a UUID has at most {_UUID_BYTES} bytes, not {length}")
            octets = octets[2 : 2 + length]
        found.append(octets[::-1].hex())
    return found, payload[position:]


def cut_whole_place(payload: bytes, names: Sequence[str]) -> tuple[list[str], bytes]:
    """Return the same where every one of the fields has to be there.

    Raises:
        Misfit: as `cut_place`, or one of them is empty.
    """
    found, rest = cut_place(payload, names)
    if "" in found:
        raise Misfit(f"the {names[found.index('')]} is missing")
    return found, rest
