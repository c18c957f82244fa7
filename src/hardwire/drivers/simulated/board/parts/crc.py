"""The check byte of Sensirion's and like sensors: polynomial 0x31 (x^8 + x^5 + x^4 + 1)."""


def crc8(octets: bytes, start: int = 0xFF) -> int:
    """Return the check byte; it begins with `start` and goes from the high bit down (SHT3x data sheet, table 19)."""
    crc = start
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = (crc << 1) ^ 0x131 if crc & 0x80 else crc << 1
    return crc


def checked(value: int, start: int = 0xFF) -> bytes:
    """Return a 16-bit value, high byte first, with its check byte behind it."""
    octets = value.to_bytes(2, "big")
    return octets + bytes((crc8(octets, start),))
