"""The humidity and temperature sensor SHT20 (Sensirion data sheet SHT20)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.answer import Answer
from hardwire.drivers.simulated.board.parts.crc import checked
from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError

# Table 6, with and without holding the clock.
MEASURE_TEMPERATURE = (0xE3, 0xF3)
MEASURE_HUMIDITY = (0xE5, 0xF5)
WRITE_USER = 0xE6
READ_USER = 0xE7
SOFT_RESET = 0xFE

POWER_ON_USER = 0x3A
STATUS_BITS = 0x0003
IS_HUMIDITY = 0x0002
CRC_START = 0x00


class Sht20:
    """A sensor that measures when it is told to."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._user = POWER_ON_USER
        self._answer = Answer()

    def write(self, octets: bytes, now_us: int) -> None:
        """Take a command of one byte, with the user register behind its write command."""
        match [*octets]:
            case [command] if command in MEASURE_TEMPERATURE:
                raw = round((room.temperature_c(now_us, self._address) + 46.85) / 175.72 * 65_536)
                self._answer.put(checked(raw & ~STATUS_BITS, CRC_START))
            case [command] if command in MEASURE_HUMIDITY:
                raw = round((room.humidity_percent(now_us, self._address) + 6) / 125 * 65_536)
                self._answer.put(checked(raw & ~STATUS_BITS | IS_HUMIDITY, CRC_START))
            case [command, user] if command == WRITE_USER:
                self._user = user
            case [command] if command == READ_USER:
                self._answer.put(bytes((self._user,)))
            case [command] if command == SOFT_RESET:
                self._user = POWER_ON_USER
                self._answer.put(b"")
            case _:
                raise NotAcknowledgedError

    def read(self, count: int, now_us: int) -> bytes:
        """Return what the last command was for, once."""
        return self._answer.take(count)
