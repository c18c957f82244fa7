"""SHT31 and SHT20: commands, check bytes, values by the formulas of their data sheets."""

import pytest

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.crc import crc8
from hardwire.drivers.simulated.board.parts.part import I2cPart, NotAcknowledgedError
from tests.drivers.simulated.board.parts.bench import MINUTE_US, NOON_US, asked, part

SINGLE = (b"\x2c\x06", b"\x2c\x0d", b"\x2c\x10", b"\x24\x00", b"\x24\x0b", b"\x24\x16")


def sht31_values(row: bytes) -> tuple[float, float]:
    """Temperature and humidity, data sheet SHT3x, section 4.13."""
    raw_temperature, raw_humidity = int.from_bytes(row[:2], "big"), int.from_bytes(row[3:5], "big")
    return -45 + 175 * raw_temperature / 65_535, 100 * raw_humidity / 65_535


def status(one: I2cPart) -> int:
    return int.from_bytes(asked(one, b"\xf3\x2d", 3)[:2], "big")


def test_the_check_byte_is_that_of_the_data_sheet() -> None:
    assert crc8(b"\xbe\xef") == 0x92


@pytest.mark.parametrize("command", SINGLE)
@pytest.mark.parametrize("address", [0x44, 0x45])
def test_each_single_shot_measures_the_room(command: bytes, address: int) -> None:
    row = asked(part("SHT31", address), command, 6)

    temperature, humidity = sht31_values(row)
    assert temperature == pytest.approx(room.temperature_c(NOON_US, address), abs=0.01)
    assert humidity == pytest.approx(room.humidity_percent(NOON_US, address), abs=0.01)
    assert (crc8(row[:2]), crc8(row[3:5])) == (row[2], row[5])


def test_a_result_is_read_once_and_no_more() -> None:
    one = part("SHT31")
    asked(one, b"\x24\x00", 6)

    with pytest.raises(NotAcknowledgedError):
        one.read(6, NOON_US)


def test_a_longer_read_ends_with_a_line_that_stays_high() -> None:
    assert asked(part("SHT31"), b"\x24\x00", 8)[6:] == b"\xff\xff"


def test_the_periodic_mode_measures_anew_at_each_fetch_until_it_is_stopped() -> None:
    one = part("SHT31")
    one.write(b"\x27\x37", NOON_US)

    early, late = (asked(one, b"\xe0\x00", 6, NOON_US + minutes * MINUTE_US) for minutes in (0, 5))
    one.write(b"\x30\x93", NOON_US)

    assert sht31_values(early) != sht31_values(late)
    with pytest.raises(NotAcknowledgedError):
        one.write(b"\xe0\x00", NOON_US)


def test_the_heater_warms_the_sensor_and_shows_in_its_status() -> None:
    one = part("SHT31")
    cold, _ = sht31_values(asked(one, b"\x24\x00", 6))

    one.write(b"\x30\x6d", NOON_US)
    warm, _ = sht31_values(asked(one, b"\x24\x00", 6))
    is_on = status(one)
    one.write(b"\x30\x66", NOON_US)

    assert warm == pytest.approx(cold + 3, abs=0.01)
    assert (is_on & 0x2000, status(one) & 0x2000) == (0x2000, 0)


def test_the_status_tells_the_reset_until_it_is_cleared() -> None:
    one = part("SHT31")

    at_first = status(one)
    one.write(b"\x30\x41", NOON_US)
    cleared = status(one)
    one.write(b"\x30\xa2", NOON_US)

    assert (at_first, cleared, status(one)) == (0x8010, 0, 0x8010)


def test_the_serial_number_has_two_checked_words() -> None:
    row = asked(part("SHT31", 0x45), b"\x37\x80", 6)

    assert (crc8(row[:2]), crc8(row[3:5])) == (row[2], row[5])


def test_an_unknown_command_is_not_acknowledged() -> None:
    with pytest.raises(NotAcknowledgedError):
        part("SHT31").write(b"\x12\x34", NOON_US)


def test_half_a_command_measures_nothing() -> None:
    one = part("SHT31")
    one.write(b"\x24", NOON_US)

    with pytest.raises(NotAcknowledgedError):
        one.read(6, NOON_US)


def test_an_unknown_command_shows_in_the_status_until_the_next() -> None:
    one = part("SHT31")
    one.write(b"\x30\x41", NOON_US)
    with pytest.raises(NotAcknowledgedError):
        one.write(b"\x12\x34", NOON_US)

    assert status(one) == 0


def test_sht20_measures_the_room_with_its_status_bits() -> None:
    one = part("SHT20")

    temperature_row, humidity_row = (asked(one, command, 3) for command in (b"\xf3", b"\xf5"))

    temperature = int.from_bytes(temperature_row[:2], "big")
    humidity = int.from_bytes(humidity_row[:2], "big")
    assert -46.85 + 175.72 * temperature / 65_536 == pytest.approx(room.temperature_c(NOON_US, 0x40), abs=0.02)
    assert -6 + 125 * (humidity & ~3) / 65_536 == pytest.approx(room.humidity_percent(NOON_US, 0x40), abs=0.02)
    assert (temperature & 3, humidity & 3) == (0, 2)
    assert crc8(temperature_row[:2], 0) == temperature_row[2]


def test_the_user_register_of_sht20_is_kept_until_a_reset() -> None:
    one = part("SHT20")
    one.write(b"\xe6\x3b", NOON_US)

    kept = asked(one, b"\xe7", 1)
    one.write(b"\xfe", NOON_US)

    assert (kept, asked(one, b"\xe7", 1)) == (b"\x3b", b"\x3a")


def test_sht20_has_nothing_to_say_before_a_command_and_knows_no_other() -> None:
    one = part("SHT20")

    with pytest.raises(NotAcknowledgedError):
        one.read(3, NOON_US)
    with pytest.raises(NotAcknowledgedError):
        one.write(b"\x01", NOON_US)
