"""The humidity and temperature sensor SHT31 (Sensirion data sheet SHT3x-DIS)."""

from enum import IntEnum

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.answer import Answer
from hardwire.drivers.simulated.board.parts.crc import checked
from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError

# Sections 4.3 to 4.5: the high byte says stretching or how often, the low byte how well.
SINGLE = {0x2C06, 0x2C0D, 0x2C10, 0x2400, 0x240B, 0x2416}
PERIODIC = {
    *(0x2032, 0x2024, 0x202F),
    *(0x2130, 0x2126, 0x212D),
    *(0x2236, 0x2220, 0x222B),
    *(0x2334, 0x2322, 0x2329),
    *(0x2737, 0x2721, 0x272A),
    0x2B32,  # accelerated response time
}


class Code(IntEnum):
    """The other commands."""

    FETCH = 0xE000
    STOP = 0x3093
    SOFT_RESET = 0x30A2
    HEATER_ON = 0x306D
    HEATER_OFF = 0x3066
    READ_STATUS = 0xF32D
    CLEAR_STATUS = 0x3041
    READ_SERIAL = 0x3780
    READ_SERIAL_STRETCHING = 0x3682


# Table 17.
ALERT_PENDING = 1 << 15
HEATER_IS_ON = 1 << 13
RESET_DETECTED = 1 << 4
COMMAND_FAILED = 1 << 1

HEATER_RISE_C = 3.0


class Sht31:
    """A sensor that is idle, or measures by itself."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._status = ALERT_PENDING | RESET_DETECTED
        self._answer = Answer()
        """What the next read gets."""
        self._is_periodic = False

    def write(self, octets: bytes, now_us: int) -> None:
        """Take a command of two bytes."""
        if len(octets) < 2:
            return
        self._status &= ~COMMAND_FAILED
        match int.from_bytes(octets[:2], "big"):
            case command if command in SINGLE:
                self._is_periodic = False
                self._answer.put(self._measured(now_us))
            case command if command in PERIODIC:
                self._is_periodic = True
            case Code.FETCH if self._is_periodic:
                self._answer.put(self._measured(now_us))
            case Code.STOP:
                self._is_periodic = False
            case Code.SOFT_RESET:
                self._is_periodic = False
                self._status = ALERT_PENDING | RESET_DETECTED
            case Code.HEATER_ON:
                self._status |= HEATER_IS_ON
            case Code.HEATER_OFF:
                self._status &= ~HEATER_IS_ON
            case Code.READ_STATUS:
                self._answer.put(checked(self._status))
            case Code.CLEAR_STATUS:
                self._status &= HEATER_IS_ON
            case Code.READ_SERIAL | Code.READ_SERIAL_STRETCHING:
                self._answer.put(checked(0x5348) + checked(self._address))
            case _:
                self._status |= COMMAND_FAILED
                raise NotAcknowledgedError

    def read(self, count: int, now_us: int) -> bytes:
        """Return what the last command was for, once; behind it the line stays high."""
        return self._answer.take(count)

    def _measured(self, now_us: int) -> bytes:
        rise_c = HEATER_RISE_C if self._status & HEATER_IS_ON else 0.0
        temperature = room.temperature_c(now_us, self._address) + rise_c
        humidity = room.humidity_percent(now_us, self._address) - 5 * rise_c
        # Section 4.13.
        return checked(round((temperature + 45) / 175 * 65_535)) + checked(round(humidity / 100 * 65_535))
