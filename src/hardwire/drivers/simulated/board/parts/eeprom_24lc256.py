"""The EEPROM 24LC256: 32 KiB in pages of 64 bytes (Microchip data sheet 21203)."""

SIZE_BYTES = 32 * 1024
PAGE_BYTES = 64
ERASED = b"\xff"


class Eeprom24LC256:
    """A memory that keeps its bytes as long as the hub runs; a reset of the board leaves them."""

    def __init__(self) -> None:
        self._octets = bytearray(ERASED * SIZE_BYTES)
        self._at = 0

    def write(self, octets: bytes, now_us: int) -> None:
        """Set the address by two bytes and write what follows; past the end of a page it wraps to its begin."""
        if len(octets) < 2:
            return
        # The highest bit of the address is not looked at (section 5.0).
        at = int.from_bytes(octets[:2], "big") % SIZE_BYTES
        for octet in octets[2:]:
            self._octets[at] = octet
            at = at + 1 if (at + 1) % PAGE_BYTES else at + 1 - PAGE_BYTES
        self._at = at

    def read(self, count: int, now_us: int) -> bytes:
        """Read on from the current address; past the last byte comes the first."""
        found = bytes(self._octets[(self._at + index) % SIZE_BYTES] for index in range(count))
        self._at = (self._at + count) % SIZE_BYTES
        return found
