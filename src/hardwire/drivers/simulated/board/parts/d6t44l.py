"""The thermal sensor D6T-44L, 4 x 4 pixels (Omron user's manual A284)."""

from math import exp

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError
from hardwire.drivers.simulated.board.parts.registers import small_word

GET_DATA = b"\x4c"
SIDE = 4
PER_C = 10
PERSON_C = 8.0


class D6t44l:
    """A sensor before which a person walks to and fro."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._is_asked = False

    def write(self, octets: bytes, now_us: int) -> None:
        """Take its only command."""
        if octets != GET_DATA:
            raise NotAcknowledgedError
        self._is_asked = True

    def read(self, count: int, now_us: int) -> bytes:
        """Return its own temperature, that of each pixel, and the check byte of all that went over the wire."""
        if not self._is_asked:
            raise NotAcknowledgedError
        row = small_word(room.temperature_c(now_us, self._address) * PER_C)
        row += b"".join(small_word(_pixel_c(pixel, now_us) * PER_C) for pixel in range(SIDE * SIDE))
        wire = bytes((self._address << 1,)) + GET_DATA + bytes((self._address << 1 | 1,)) + row
        return (row + bytes((_pec(wire),))).ljust(count, b"\xff")[:count]


def _pixel_c(pixel: int, now_us: int) -> float:
    y, x = divmod(pixel, SIDE)
    distance = (x - 1.5 - 1.5 * room.swing(now_us, 15)) ** 2 + (y - 1.5) ** 2
    return room.temperature_c(now_us) + PERSON_C * exp(-distance / 2)


def _pec(octets: bytes) -> int:
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = (crc << 1) ^ 0x107 if crc & 0x80 else crc << 1
    return crc
