"""The humidity and temperature sensor AM2320 (Aosong data sheet)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.answer import Answer
from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError

READ_REGISTERS = 0x03
MOST_REGISTERS = 10
LAST_REGISTER = 0x1F


class Am2320:
    """A sensor that answers as a Modbus device does. A real one leaves the transfer that wakes it unacknowledged."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._answer = Answer()

    def write(self, octets: bytes, now_us: int) -> None:
        """Wake up, or take the question for a row of registers."""
        match [*octets]:
            case [] | [0]:
                pass
            case [function, first, count] if function == READ_REGISTERS and 1 <= count <= MOST_REGISTERS:
                if first + count > LAST_REGISTER + 1:
                    raise NotAcknowledgedError
                row = bytes((function, count)) + self._registers(now_us)[first : first + count]
                self._answer.put(row + crc16(row).to_bytes(2, "little"))
            case _:
                raise NotAcknowledgedError

    def read(self, count: int, now_us: int) -> bytes:
        """Return the answer to the last question, once."""
        return self._answer.take(count)

    def _registers(self, now_us: int) -> bytes:
        humidity = round(room.humidity_percent(now_us, self._address) * 10)
        temperature = round(room.temperature_c(now_us, self._address) * 10)
        return (humidity.to_bytes(2, "big") + temperature.to_bytes(2, "big")).ljust(LAST_REGISTER + 1, b"\0")


def crc16(octets: bytes) -> int:
    """Return the check word of Modbus."""
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc
