"""The accelerometer ADXL345 (Analog Devices data sheet)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.registers import small_word

DEVID = 0x00
FIRST_SETTING = 0x1D
BW_RATE = 0x2C
POWER_CTL = 0x2D
INT_SOURCE = 0x30
DATA_FORMAT = 0x31
DATA = 0x32
FIFO_CTL = 0x38

DEVICE_ID = 0xE5
POWER_ON_RATE = 0x0A
MEASURE = 0x08
FULL_RESOLUTION = 0x08
DATA_READY = 0x80
PER_G = 256


class Adxl345:
    """An accelerometer that lies flat on the table."""

    def __init__(self) -> None:
        self._settings = {BW_RATE: POWER_ON_RATE}
        self._measured = bytes(6)

    def load(self, register: int, now_us: int) -> int:
        """Return who it is, a setting, or a byte of the measurement; in standby that of the last one."""
        is_measuring = bool(self._settings.get(POWER_CTL, 0) & MEASURE)
        if DATA <= register < DATA + len(self._measured):
            if is_measuring:
                self._measured = self._measure(now_us)
            return self._measured[register - DATA]
        if register == INT_SOURCE:
            return DATA_READY if is_measuring else 0
        return DEVICE_ID if register == DEVID else self._settings.get(register, 0)

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Write a setting."""
        if (FIRST_SETTING <= register <= DATA_FORMAT and register != INT_SOURCE) or register == FIFO_CTL:
            self._settings[register] = octet

    def _measure(self, now_us: int) -> bytes:
        form = self._settings.get(DATA_FORMAT, 0)
        # In ten bits each wider range halves what a g is worth; in full resolution it stays 4 mg a digit.
        per_g = PER_G if form & FULL_RESOLUTION else PER_G >> (form & 3)
        return b"".join(small_word(g * per_g) for g in room.acceleration_g(now_us))
