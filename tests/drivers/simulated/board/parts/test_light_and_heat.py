"""What looks: the colour sensor S11059, the thermal sensors AMG8833 and D6T-44L."""

import pytest

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError
from tests.drivers.simulated.board.parts.bench import MINUTE_US, NOON_US, asked, part, small_words


def colours(row: bytes) -> list[int]:
    return [int.from_bytes(row[at : at + 2], "big") for at in range(0, 8, 2)]


def test_a_colour_sensor_in_standby_has_counted_nothing() -> None:
    one = part("S11059")

    assert (asked(one, b"\x00", 3), asked(one, b"\x03", 9)) == (b"\xe4\x0c\x30", bytes(9))


@pytest.mark.parametrize(("gain", "red"), [(0, 11.2), (1, 117.0)])
@pytest.mark.parametrize(("step", "time_ms"), [(2, 22.4), (3, 179.2)])
def test_counts_follow_the_light_the_gain_and_the_time(gain: int, red: float, step: int, time_ms: float) -> None:
    one = part("S11059")
    one.write(b"\x00\x80", NOON_US)
    one.write(bytes((0x00, gain << 3 | step)), NOON_US)

    found = colours(asked(one, b"\x03", 8))

    assert found[0] == pytest.approx(room.light_lx(NOON_US) * red * time_ms / 546, abs=1)
    assert found == sorted(found, reverse=True)


def test_the_fixed_mode_goes_on_and_the_manual_mode_measures_once() -> None:
    one = part("S11059")
    one.write(b"\x00\x0b", NOON_US)
    early, late = (asked(one, b"\x03", 8, NOON_US + minutes * MINUTE_US) for minutes in (0, 1))

    one.write(b"\x01\x00\x10", NOON_US)
    one.write(b"\x00\x0e", NOON_US)
    once, again = (asked(one, b"\x03", 8, NOON_US + minutes * MINUTE_US) for minutes in (0, 1))

    assert early != late
    assert once == again
    assert colours(once)[0] == pytest.approx(room.light_lx(NOON_US) * 117 * 44.8 * 16 / 546, abs=1)
    assert asked(one, b"\x00", 1) == b"\x2e"


def test_a_colour_sensor_in_standby_says_so_and_counts_no_more_than_it_can() -> None:
    one = part("S11059")
    one.write(b"\x00\x0f", NOON_US)
    saturated = colours(asked(one, b"\x03", 8))

    one.write(b"\x00\x40", NOON_US)
    one.write(b"\x03\x12", NOON_US)

    assert saturated == [0xFFFF] * 4
    assert asked(one, b"\x00", 1) == b"\x60"


def test_a_thermal_camera_sees_the_room_and_a_warm_hand() -> None:
    one = part("AMG8833")

    pixels = [digit / 4 for digit in small_words(asked(one, b"\x80", 128))]
    thermistor = small_words(asked(one, b"\x0e", 2))[0] / 16

    assert len(pixels) == 64
    assert min(pixels) == pytest.approx(room.temperature_c(NOON_US), abs=0.5)
    assert 28 < max(pixels) < 35
    assert thermistor == pytest.approx(room.temperature_c(NOON_US), abs=0.1)


def test_the_two_bytes_of_a_pixel_belong_together_though_read_apart() -> None:
    one = part("AMG8833")

    low = asked(one, b"\x9a", 1, NOON_US)
    high = asked(one, b"\x9b", 1, NOON_US + 50_000)

    assert low + high == asked(one, b"\x9a", 2, NOON_US)


def test_a_thermal_camera_sleeps_and_forgets_its_settings_by_the_initial_reset() -> None:
    one = part("AMG8833")
    one.write(b"\x00\x10", NOON_US)
    asleep = asked(one, b"\x80", 128)

    one.write(b"\x01\x30", NOON_US)
    kept = asked(one, b"\x00", 1)
    one.write(b"\x01\x3f", NOON_US)
    one.write(b"\x0e\x01", NOON_US)

    assert (asleep, kept, asked(one, b"\x00", 1)) == (bytes(128), b"\x10", b"\x00")


def test_d6t44l_sees_the_room_and_a_person_and_checks_what_it_says() -> None:
    row = asked(part("D6T44L"), b"\x4c", 36)

    found = [digit / 10 for digit in small_words(row[:34])]
    assert found[0] == pytest.approx(room.temperature_c(NOON_US, 0x0A), abs=0.1)
    assert 26 < max(found[1:]) < 33
    assert row[34:] == bytes((smbus_pec(b"\x14\x4c\x15" + row[:34]), 0xFF))


def smbus_pec(octets: bytes) -> int:
    """The remainder of a long division by x^8 + x^2 + x + 1, all bits as one number."""
    number = int.from_bytes(octets, "big") << 8
    for bit in range(number.bit_length() - 1, 7, -1):
        if number >> bit & 1:
            number ^= 0x107 << bit - 8
    return number


def test_d6t44l_answers_only_after_its_one_command() -> None:
    one = part("D6T44L")

    with pytest.raises(NotAcknowledgedError):
        one.read(35, NOON_US)
    with pytest.raises(NotAcknowledgedError):
        one.write(b"\x00", NOON_US)
