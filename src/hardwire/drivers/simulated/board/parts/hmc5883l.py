"""The compass HMC5883L (Honeywell data sheet)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.registers import word

CONFIG_A, CONFIG_B, MODE = 0, 1, 2
FIELD = 3
STATUS = 9
ID = {10: ord("H"), 11: ord("4"), 12: ord("3")}

POWER_ON = {CONFIG_A: 0x10, CONFIG_B: 0x20, MODE: 0x01}
PER_GAUSS = (1_370, 1_090, 820, 660, 440, 390, 330, 230)
UT_PER_GAUSS = 100
MODE_CONTINUOUS, MODE_SINGLE = 0, 1
MODE_IDLE = 3
READY = 1


class Hmc5883l:
    """A compass on a table that slowly turns."""

    def __init__(self) -> None:
        self._settings = dict(POWER_ON)
        self._settings[MODE] = MODE_IDLE
        self._field = bytes(6)

    def load(self, register: int, now_us: int) -> int:
        """Return a setting, a byte of the field (x, z, y), or who it is."""
        if FIELD <= register < FIELD + len(self._field):
            if self._settings[MODE] & 3 == MODE_CONTINUOUS:
                self._field = self._measure(now_us)
            return self._field[register - FIELD]
        if register == STATUS:
            return READY
        return self._settings.get(register, ID.get(register, 0))

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Write a setting; the single mode measures once and goes to idle."""
        if register in self._settings:
            self._settings[register] = octet
            if register == MODE and octet & 3 == MODE_SINGLE:
                self._field = self._measure(now_us)
                self._settings[MODE] = MODE_IDLE

    def _measure(self, now_us: int) -> bytes:
        per_ut = PER_GAUSS[self._settings[CONFIG_B] >> 5] / UT_PER_GAUSS
        x, y, z = room.magnetic_field_ut(now_us)
        return word(x * per_ut) + word(z * per_ut) + word(y * per_ut)
