"""The motion chips: MPU6050 and its family, ADXL345, the compasses HMC5883L and AK8963."""

import pytest

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.part import I2cPart
from tests.drivers.simulated.board.parts.bench import MINUTE_US, NOON_US, asked, part, small_words, words

WAKE = b"\x6b\x00"


def awake(name: str) -> I2cPart:
    one = part(name)
    one.write(WAKE, NOON_US)
    return one


@pytest.mark.parametrize(("name", "who"), [("MPU6050", 0x68), ("MPU6886", 0x19), ("MPU9250", 0x71)])
def test_an_mpu_says_who_it_is_and_cannot_be_told_otherwise(name: str, who: int) -> None:
    one = part(name)
    one.write(b"\x75\x00", NOON_US)

    assert asked(one, b"\x75", 1) == bytes((who,))


@pytest.mark.parametrize("scale", range(4))
def test_an_mpu_measures_gravity_and_hardly_turns_at_every_full_scale(scale: int) -> None:
    one = awake("MPU6050")
    one.write(bytes((0x1B, scale << 3, scale << 3)), NOON_US)

    found = words(asked(one, b"\x3b", 14))

    acceleration = [digit / (16_384 >> scale) for digit in found[:3]]
    rotation = [digit / (131 / 2**scale) for digit in found[4:]]
    assert acceleration == pytest.approx(room.acceleration_g(NOON_US), abs=0.001)
    assert rotation == pytest.approx(room.rotation_dps(NOON_US), abs=0.05)


@pytest.mark.parametrize(
    ("name", "per_c", "zero_c", "die_c"), [("MPU6050", 340, 36.53, 14.5), ("MPU6886", 326.8, 25, 4)]
)
def test_the_die_of_an_mpu_is_warmer_than_the_room(name: str, per_c: float, zero_c: float, die_c: float) -> None:
    (raw,) = words(asked(awake(name), b"\x41", 2))

    assert raw / per_c + zero_c == pytest.approx(room.temperature_c(NOON_US) + die_c, abs=0.01)


def test_an_mpu_that_sleeps_keeps_its_last_measurement() -> None:
    one = part("MPU6050")
    asleep = asked(one, b"\x3b", 14)
    one.write(WAKE, NOON_US)
    measured = asked(one, b"\x3b", 14)
    one.write(b"\x6b\x40", NOON_US)

    assert (asleep, asked(one, b"\x3b", 14, NOON_US + MINUTE_US)) == (bytes(14), measured)


def test_an_mpu_tells_whether_it_measures() -> None:
    assert [asked(one, b"\x3a", 1) for one in (part("MPU6050"), awake("MPU6050"))] == [b"\x00", b"\x01"]


def test_the_reset_bit_of_an_mpu_brings_its_settings_back() -> None:
    one = awake("MPU6050")
    one.write(b"\x1c\x18", NOON_US)

    one.write(b"\x6b\x80", NOON_US)

    assert (asked(one, b"\x1c", 1), asked(one, b"\x6b", 1)) == (b"\x00", b"\x40")


def test_adxl345_measures_gravity_once_it_is_told_to() -> None:
    one = part("ADXL345")
    standby = asked(one, b"\x32", 6)
    one.write(b"\x2d\x08", NOON_US)

    found = [digit / 256 for digit in small_words(asked(one, b"\x32", 6))]

    assert standby == bytes(6)
    assert found == pytest.approx(room.acceleration_g(NOON_US), abs=0.003)
    assert (asked(one, b"\x00", 1), asked(one, b"\x30", 1)) == (b"\xe5", b"\x80")


def test_adxl345_halves_what_a_g_is_worth_in_a_wider_range_unless_in_full_resolution() -> None:
    one = part("ADXL345")
    one.write(b"\x2d\x08", NOON_US)

    one.write(b"\x31\x03", NOON_US)
    coarse = small_words(asked(one, b"\x36", 2))
    one.write(b"\x31\x0b", NOON_US)
    fine = small_words(asked(one, b"\x36", 2))

    assert coarse[0] == pytest.approx(fine[0] / 8, abs=1)


def test_what_cannot_be_written_in_an_adxl345_stays() -> None:
    one = part("ADXL345")

    for register in (0x00, 0x30, 0x39):
        one.write(bytes((register, 0x55)), NOON_US)
    one.write(b"\x38\x80", NOON_US)

    assert [asked(one, bytes((register,)), 1) for register in (0x00, 0x30, 0x38, 0x39)] == [
        b"\xe5",
        b"\x00",
        b"\x80",
        b"\x00",
    ]


def test_hmc5883l_measures_the_field_in_its_own_order_by_its_gain() -> None:
    one = part("HMC5883L")
    one.write(bytes((0x01, 1 << 5, 0x00)), NOON_US)

    x, z, y = words(asked(one, b"\x03", 6))

    assert [digit / 1_090 * 100 for digit in (x, y, z)] == pytest.approx(room.magnetic_field_ut(NOON_US), abs=0.1)


def test_hmc5883l_measures_once_and_idles() -> None:
    one = part("HMC5883L")
    idle = asked(one, b"\x03", 6)
    one.write(b"\x02\x01", NOON_US)

    early, late = (asked(one, b"\x03", 6, NOON_US + minutes * MINUTE_US) for minutes in (0, 2))

    assert idle == bytes(6) != early == late
    assert asked(one, b"\x02", 1) == b"\x03"


def test_hmc5883l_says_who_it_is_and_that_it_is_ready() -> None:
    one = part("HMC5883L")
    one.write(b"\x0a\x00", NOON_US)

    assert (asked(one, b"\x09", 1), asked(one, b"\x0a", 3), asked(one, b"\x20", 1)) == (b"\x01", b"H43", b"\x00")


@pytest.mark.parametrize(("control", "ut_per_digit"), [(0x12, 0.15), (0x06, 0.6)])
def test_ak8963_measures_the_field_in_both_resolutions(control: int, ut_per_digit: float) -> None:
    one = part("AK8963")
    one.write(bytes((0x0A, control)), NOON_US)

    found = small_words(asked(one, b"\x03", 6))

    field = [digit * ut_per_digit for digit in found]
    assert field == pytest.approx(room.magnetic_field_ut(NOON_US), abs=ut_per_digit)
    assert asked(one, b"\x02", 1) == b"\x01"


def test_ak8963_measures_once_and_powers_down() -> None:
    one = part("AK8963")
    one.write(b"\x0a\x11", NOON_US)

    early, late = (asked(one, b"\x03", 7, NOON_US + minutes * MINUTE_US) for minutes in (0, 2))

    assert early == late
    assert early[6] == 0x10
    assert (asked(one, b"\x0a", 1), asked(one, b"\x02", 1)) == (b"\x10", b"\x00")


def test_ak8963_says_who_it_is_needs_no_adjustment_and_can_be_reset() -> None:
    one = part("AK8963")
    one.write(b"\x0a\x16", NOON_US)

    one.write(b"\x0b\x00", NOON_US)
    kept = asked(one, b"\x0a", 1)
    one.write(b"\x0b\x01", NOON_US)

    assert (asked(one, b"\x00", 1), asked(one, b"\x10", 3)) == (b"\x48", b"\x80" * 3)
    assert (kept, asked(one, b"\x0a", 1)) == (b"\x16", b"\x00")
