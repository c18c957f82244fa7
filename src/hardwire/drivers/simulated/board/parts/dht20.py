"""The humidity and temperature sensor DHT20 (Aosong data sheet)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.crc import crc8
from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError

# Section 7.4.
MEASURE = bytes((0xAC, 0x33, 0x00))
READ_STATUS = b"\x71"
IDLE_AND_CALIBRATED = 0x18
SPAN = 1 << 20


class Dht20:
    """A sensor that measures when it is told to, and keeps what it found."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._found = bytes(5)

    def write(self, octets: bytes, now_us: int) -> None:
        """Take the command to measure, or to read the status."""
        if octets == MEASURE:
            humidity = round(room.humidity_percent(now_us, self._address) / 100 * SPAN)
            temperature = round((room.temperature_c(now_us, self._address) + 50) / 200 * SPAN)
            self._found = (humidity << 20 | temperature).to_bytes(5, "big")
        elif octets != READ_STATUS:
            raise NotAcknowledgedError

    def read(self, count: int, now_us: int) -> bytes:
        """Return the status, 20 bits of humidity, 20 of temperature, and the check byte."""
        row = bytes((IDLE_AND_CALIBRATED,)) + self._found
        return (row + bytes((crc8(row),))).ljust(count, b"\xff")[:count]
