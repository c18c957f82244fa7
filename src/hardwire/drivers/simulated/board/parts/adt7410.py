"""The temperature sensor ADT7410 (Analog Devices data sheet)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.registers import word

TEMPERATURE = (0x00, 0x01)
CONFIGURATION = 0x03
ID = 0x0B
RESET = 0x2F

IS_16_BIT = 0x80
PER_C = 128
FLAG_BITS = 0x0007

# Table 6: the limits in 1/128 degrees Celsius, the hysteresis, who it is.
POWER_ON = {0x04: 0x20, 0x06: 0x05, 0x08: 0x49, 0x09: 0x80, 0x0A: 0x05, ID: 0xCB}


class Adt7410:
    """A sensor that measures again and again."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._registers = dict(POWER_ON)

    def load(self, register: int, now_us: int) -> int:
        """Return a byte of the temperature, or a setting."""
        if register in TEMPERATURE:
            return self._measured(now_us)[register]
        return self._registers.get(register, 0)

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Write a setting, or reset."""
        if register == RESET:
            self._registers = dict(POWER_ON)
        elif CONFIGURATION <= register < ID:
            self._registers[register] = octet

    def _measured(self, now_us: int) -> bytes:
        raw = round(room.temperature_c(now_us, self._address) * PER_C)
        if not self._registers.get(CONFIGURATION, 0) & IS_16_BIT:
            # 13 bits of 1/16 degree; the three below are flags of the limits, none of which is reached here.
            raw &= ~FLAG_BITS
        return word(raw)
