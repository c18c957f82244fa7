"""BME280 and BMP280: trim, modes, raw values that the data sheet's own integer formulas turn into the room's."""

import pytest

from hardwire.drivers.simulated.board.parts import room
from tests.drivers.simulated.board.parts.bench import MINUTE_US, NOON_US, asked, part

NORMAL = bytes((0xF2, 0x01, 0xF4, 0x27))
"""Everything once, again and again."""


class Compensation:
    """The integer formulas of the BME280 data sheet, section 4.2.3, over the trim that a chip tells."""

    def __init__(self, low: bytes, high: bytes) -> None:
        signed = [int.from_bytes(low[at : at + 2], "little", signed=True) for at in range(0, 24, 2)]
        self.t = [signed[0] & 0xFFFF, *signed[1:3]]
        self.p = [signed[3] & 0xFFFF, *signed[4:12]]
        self.h = [
            low[25],
            int.from_bytes(high[0:2], "little", signed=True),
            high[2],
            high[3] << 4 | high[4] & 0x0F,
            high[5] << 4 | high[4] >> 4,
            int.from_bytes(high[6:7], "big", signed=True),
        ]
        self.fine = 0

    def temperature_c(self, raw: int) -> float:
        first = ((raw >> 3) - (self.t[0] << 1)) * self.t[1] >> 11
        second = (((raw >> 4) - self.t[0]) ** 2 >> 12) * self.t[2] >> 14
        self.fine = first + second
        return ((self.fine * 5 + 128) >> 8) / 100

    def pressure_pa(self, raw: int) -> float:
        p = self.p
        first = self.fine - 128_000
        second = first * first * p[5] + (first * p[4] << 17) + (p[3] << 35)
        first = (first * first * p[2] >> 8) + (first * p[1] << 12)
        first = ((1 << 47) + first) * p[0] >> 33
        pressure = 1_048_576 - raw
        pressure = ((pressure << 31) - second) * 3_125 // first
        first = p[8] * (pressure >> 13) * (pressure >> 13) >> 25
        second = p[7] * pressure >> 19
        return ((pressure + first + second >> 8) + (p[6] << 4)) / 256

    def humidity_percent(self, raw: int) -> float:
        h = self.h
        value = self.fine - 76_800
        value = ((raw << 14) - (h[3] << 20) - h[4] * value + 16_384 >> 15) * (
            (((value * h[5] >> 10) * ((value * h[2] >> 11) + 32_768) >> 10) + 2_097_152) * h[1] + 8_192 >> 14
        )
        value -= ((value >> 15) * (value >> 15) >> 7) * h[0] >> 4
        return (min(max(value, 0), 419_430_400) >> 12) / 1_024


def raws(row: bytes) -> tuple[int, int, int]:
    """Pressure, temperature, humidity."""
    return int.from_bytes(row[0:3], "big") >> 4, int.from_bytes(row[3:6], "big") >> 4, int.from_bytes(row[6:8], "big")


@pytest.mark.parametrize("address", [0x76, 0x77])
@pytest.mark.parametrize("minutes", [0, 5, 17, 44, 101])
def test_the_formulas_of_the_data_sheet_give_the_values_of_the_room(address: int, minutes: int) -> None:
    one = part("BME280", address)
    now_us = NOON_US + minutes * MINUTE_US
    compensation = Compensation(asked(one, b"\x88", 24) + b"\0" + asked(one, b"\xa1", 1), asked(one, b"\xe1", 7))
    one.write(NORMAL, now_us)

    pressure, temperature, humidity = raws(asked(one, b"\xf7", 8, now_us))

    assert compensation.temperature_c(temperature) == pytest.approx(room.temperature_c(now_us, address), abs=0.02)
    assert compensation.pressure_pa(pressure) == pytest.approx(room.pressure_pa(now_us), abs=5)
    assert compensation.humidity_percent(humidity) == pytest.approx(room.humidity_percent(now_us, address), abs=0.1)


@pytest.mark.parametrize(("name", "chip_id"), [("BME280", 0x60), ("BMP280", 0x58)])
def test_the_chip_says_who_it_is(name: str, chip_id: int) -> None:
    assert asked(part(name), b"\xd0", 1) == bytes((chip_id,))


def test_a_sensor_that_sleeps_has_measured_nothing() -> None:
    assert asked(part("BME280"), b"\xf7", 8) == bytes.fromhex("8000008000008000")


def test_a_forced_measurement_stays_and_the_sensor_sleeps_again() -> None:
    one = part("BME280")
    one.write(bytes((0xF2, 0x01, 0xF4, 0x25)), NOON_US)

    early, late = (asked(one, b"\xf7", 8, NOON_US + minutes * MINUTE_US) for minutes in (0, 9))

    assert early == late != bytes.fromhex("8000008000008000")
    assert asked(one, b"\xf4", 1) == b"\x24"


def test_the_normal_mode_follows_the_room() -> None:
    one = part("BME280")
    one.write(NORMAL, NOON_US)

    early, late = (asked(one, b"\xf7", 8, NOON_US + minutes * MINUTE_US) for minutes in (0, 9))

    assert early != late


def test_what_is_not_sampled_is_not_measured_and_humidity_counts_from_the_next_control() -> None:
    one = part("BME280")
    one.write(bytes((0xF4, 0x23, 0xF2, 0x01)), NOON_US)

    pressure, temperature, humidity = raws(asked(one, b"\xf7", 8))

    assert (pressure, humidity) == (0x80000, 0x8000)
    assert temperature != 0x80000


def test_pressure_is_measured_without_a_temperature() -> None:
    one = part("BME280")
    one.write(bytes((0xF4, 0x07)), NOON_US)

    pressure, temperature, _ = raws(asked(one, b"\xf7", 8))

    assert temperature == 0x80000
    assert pressure != 0x80000


def test_a_reset_brings_back_power_on_and_only_its_word_does() -> None:
    one = part("BME280")
    one.write(NORMAL + bytes((0xF5, 0xA0)), NOON_US)

    one.write(b"\xe0\x01", NOON_US)
    kept = asked(one, b"\xf2", 4)
    one.write(b"\xe0\xb6", NOON_US)

    assert (kept, asked(one, b"\xf2", 4)) == (b"\x01\x00\x27\xa0", bytes(4))


def test_bmp280_has_no_humidity() -> None:
    one = part("BMP280")
    one.write(NORMAL, NOON_US)

    row = asked(one, b"\xf7", 8)

    assert row[6:] == b"\0\0"
    assert (asked(one, b"\xf2", 1), asked(one, b"\xe1", 7)) == (b"\0", bytes(7))


def test_a_sensor_sent_to_sleep_keeps_its_last_measurement() -> None:
    one = part("BME280")
    one.write(NORMAL, NOON_US)
    measured = asked(one, b"\xf7", 8)

    one.write(b"\xf4\x24", NOON_US + MINUTE_US)

    assert asked(one, b"\xf7", 8, NOON_US + MINUTE_US) == measured
