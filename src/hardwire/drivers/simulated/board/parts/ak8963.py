"""The compass AK8963, as it is in an MPU-9250 (AKM data sheet)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.registers import small_word

WIA = 0x00
ST1 = 0x02
FIELD = 0x03
ST2 = 0x09
CNTL1, CNTL2 = 0x0A, 0x0B
ADJUSTMENT = (0x10, 0x11, 0x12)

DEVICE_ID = 0x48
NO_ADJUSTMENT = 0x80
IS_16_BIT = 0x10
MODE_SINGLE = 0x01
SOFT_RESET = 0x01
UT_PER_DIGIT_16, UT_PER_DIGIT_14 = 0.15, 0.6


class Ak8963:
    """A compass on a table that slowly turns."""

    def __init__(self) -> None:
        self._control = 0
        self._field = bytes(6)

    def load(self, register: int, now_us: int) -> int:
        """Return who it is, whether there is something, a byte of the field, or the control."""
        if FIELD <= register < ST2:
            if self._is_running:
                self._field = self._measure(now_us)
            return self._field[register - FIELD]
        if register in ADJUSTMENT:
            return NO_ADJUSTMENT
        fixed = {WIA: DEVICE_ID, ST1: int(self._is_running), ST2: self._control & IS_16_BIT, CNTL1: self._control}
        return fixed.get(register, 0)

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Choose the mode, or reset."""
        if register == CNTL1:
            self._control = octet
            if octet & 0x0F == MODE_SINGLE:
                self._field = self._measure(now_us)
                self._control &= IS_16_BIT
        elif register == CNTL2 and octet & SOFT_RESET:
            self._control = 0

    @property
    def _is_running(self) -> bool:
        return self._control & 0x0F != 0

    def _measure(self, now_us: int) -> bytes:
        ut_per_digit = UT_PER_DIGIT_16 if self._control & IS_16_BIT else UT_PER_DIGIT_14
        return b"".join(small_word(ut / ut_per_digit) for ut in room.magnetic_field_ut(now_us))
