"""The InvenSense motion chips MPU-6050, MPU-6886 and MPU-9250, which share their registers (their register maps)."""

from msgspec import Struct

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.registers import word

GYRO_CONFIG = 0x1B
ACCEL_CONFIG = 0x1C
INT_STATUS = 0x3A
ACCEL_OUT = 0x3B
SIGNAL_RESET = 0x68
POWER = 0x6B
WHO_AM_I = 0x75

POWER_RESET = 0x80
POWER_SLEEP = 0x40
MEASURED_BYTES = 14
ACCEL_PER_G = 16_384
GYRO_PER_DPS = 131
DATA_READY = 1


class Model(Struct, frozen=True):
    """What tells one chip of the family from another. `die_c` is how much warmer than the room the die is."""

    who_am_i: int
    per_c: float
    zero_c: float
    die_c: float
    power_on: int = POWER_SLEEP


# MPU-6050 register map, section 4.18. Its die is warm, as on a board in a case: the vendor's client reads it
# by the MPU-9250's formula, and sees the room.
MPU6050 = Model(who_am_i=0x68, per_c=340, zero_c=36.53, die_c=14.5)
MPU6886 = Model(who_am_i=0x19, per_c=326.8, zero_c=25, die_c=4)
MPU9250 = Model(who_am_i=0x71, per_c=333.87, zero_c=21, die_c=4, power_on=1)


class Mpu:
    """A chip that lies flat on the table: 1 g upwards, hardly turning."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._reset()

    def load(self, register: int, now_us: int) -> int:
        """Return a setting, who it is, or a byte of the measurement."""
        if ACCEL_OUT <= register < ACCEL_OUT + MEASURED_BYTES:
            if not self._registers[POWER] & POWER_SLEEP:
                self._measured = self._measure(now_us)
            return self._measured[register - ACCEL_OUT]
        if register == INT_STATUS:
            return 0 if self._registers[POWER] & POWER_SLEEP else DATA_READY
        return self._registers[register]

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Write a setting; the reset bit of the power register brings all of them back."""
        if register == POWER and octet & POWER_RESET:
            self._reset()
        elif register not in (WHO_AM_I, INT_STATUS, SIGNAL_RESET):
            self._registers[register] = octet

    def _reset(self) -> None:
        self._registers = bytearray(256)
        self._registers[POWER] = self._model.power_on
        self._registers[WHO_AM_I] = self._model.who_am_i
        self._measured = bytes(MEASURED_BYTES)

    def _measure(self, now_us: int) -> bytes:
        model = self._model
        # Each step of a full-scale selection halves what a digit means: 2, 4, 8, 16 g; 250, 500, 1000, 2000 dps.
        per_g = ACCEL_PER_G >> (self._registers[ACCEL_CONFIG] >> 3 & 3)
        per_dps = GYRO_PER_DPS / (1 << (self._registers[GYRO_CONFIG] >> 3 & 3))
        die_c = room.temperature_c(now_us) + model.die_c
        return b"".join(
            (
                *(word(g * per_g) for g in room.acceleration_g(now_us)),
                word((die_c - model.zero_c) * model.per_c),
                *(word(dps * per_dps) for dps in room.rotation_dps(now_us)),
            )
        )
