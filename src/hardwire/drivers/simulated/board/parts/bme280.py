"""The humidity, pressure and temperature sensor BME280, and the BMP280 without humidity (Bosch data sheets)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.bosch import Trim, raw_for

# BME280 data sheet, table 18.
TRIM = 0x88
TRIM_H1 = 0xA1
CHIP_ID = 0xD0
RESET = 0xE0
TRIM_HUMIDITY = 0xE1
CTRL_HUM = 0xF2
CTRL_MEAS = 0xF4
CONFIG = 0xF5
PRESSURE = 0xF7

BME280_ID = 0x60
BMP280_ID = 0x58
RESET_WORD = 0xB6

MODE_SLEEP = 0
MODE_NORMAL = 3
# Section 5.4.7: what a measurement that was skipped leaves.
NOT_MEASURED = 0x80000
HUMIDITY_NOT_MEASURED = 0x8000
FINE_PER_C = 5_120


class Bme280:
    """A sensor that sleeps, measures once (forced), or goes on measuring (normal)."""

    def __init__(self, address: int, chip_id: int = BME280_ID) -> None:
        self._address = address
        self._chip_id = chip_id
        self._trim = Trim()
        self._measured = b""
        self._measured_us = 0
        fixed = {TRIM: self._trim.temperature_registers(), CHIP_ID: bytes((chip_id,))}
        if chip_id == BME280_ID:
            fixed[TRIM_H1], fixed[TRIM_HUMIDITY] = self._trim.humidity_registers()
        self._fixed = {first + index: octet for first, row in fixed.items() for index, octet in enumerate(row)}
        self._reset()

    def load(self, register: int, now_us: int) -> int:
        """Return the trim, the id, a setting, or a byte of the last measurement."""
        if PRESSURE <= register < PRESSURE + len(self._measured):
            if self._settings[CTRL_MEAS] & 3 == MODE_NORMAL and now_us != self._measured_us:
                # Once for all bytes of a read: it takes some work to go back from a value to what is raw.
                self._measure(now_us)
            return self._measured[register - PRESSURE]
        return self._settings.get(register, self._fixed.get(register, 0))

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Choose how it measures, or reset it."""
        if register == RESET and octet == RESET_WORD:
            self._reset()
        elif register in self._settings:
            self._settings[register] = octet
            if register == CTRL_MEAS:
                # Section 5.4.3: the setting of humidity begins to count with this write.
                self._humidity_oversampling = self._settings.get(CTRL_HUM, 0) & 7
                if octet & 3 != MODE_SLEEP:
                    self._measure(now_us)
                if octet & 3 != MODE_NORMAL:
                    # A forced measurement goes back to sleep.
                    self._settings[CTRL_MEAS] = octet & ~3

    def _reset(self) -> None:
        self._settings = {CTRL_MEAS: 0, CONFIG: 0}
        if self._chip_id == BME280_ID:
            self._settings[CTRL_HUM] = 0
        self._humidity_oversampling = 0
        self._measured = self._row(NOT_MEASURED, NOT_MEASURED, HUMIDITY_NOT_MEASURED)

    def _measure(self, now_us: int) -> None:
        trim = self._trim
        pressure = temperature = NOT_MEASURED
        humidity = HUMIDITY_NOT_MEASURED
        # Without a temperature the chip's own reading of it still stands behind the other two.
        fine_wanted = room.temperature_c(now_us, self._address) * FINE_PER_C
        raw = raw_for(fine_wanted, trim.fine)
        fine = trim.fine(raw)
        if self._settings[CTRL_MEAS] >> 5:
            temperature = raw
        if self._settings[CTRL_MEAS] >> 2 & 7:
            pressure = raw_for(room.pressure_pa(now_us), lambda one: trim.pressure_pa(one, fine))
        if self._humidity_oversampling:
            wanted = room.humidity_percent(now_us, self._address)
            humidity = raw_for(wanted, lambda one: trim.humidity_percent(one, fine), bits=16)
        self._measured = self._row(pressure, temperature, humidity)
        self._measured_us = now_us

    def _row(self, pressure: int, temperature: int, humidity: int) -> bytes:
        row = (pressure << 4).to_bytes(3, "big") + (temperature << 4).to_bytes(3, "big")
        return row + humidity.to_bytes(2, "big") if self._chip_id == BME280_ID else row
