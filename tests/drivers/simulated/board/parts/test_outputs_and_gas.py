"""PCA9685 and MCP4725, which are told what to put out, and the gas sensor CCS811."""

import pytest

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.part import I2cPart, NotAcknowledgedError
from tests.drivers.simulated.board.parts.bench import NOON_US, asked, part

MODE1, LED0, ALL_LED, PRE_SCALE = 0x00, 0x06, 0xFA, 0xFE
START = (b"\xf4", b"\x01\x10")


def told(name: str, *writes: bytes) -> I2cPart:
    one = part(name)
    for octets in writes:
        one.write(octets, NOON_US)
    return one


def test_all_outputs_are_off_after_power_on() -> None:
    one = told("PCA9685", bytes((MODE1, 0x21)))

    assert asked(one, bytes((LED0,)), 8) == b"\0\0\0\x10" * 2


def test_a_channel_is_written_in_a_row_where_the_pointer_moves_on() -> None:
    one = told("PCA9685", bytes((MODE1, 0xA1)), bytes((LED0 + 4, 0, 0, 0x33, 0x01)))

    assert asked(one, bytes((MODE1,)), 1) == b"\x21"
    assert asked(one, bytes((LED0,)), 8) == b"\0\0\0\x10\0\0\x33\x01"


def test_a_pointer_that_stays_writes_and_reads_one_register() -> None:
    one = told("PCA9685", bytes((LED0, 1, 2, 3)), b"")

    assert asked(one, bytes((LED0,)), 3) == b"\x03\x03\x03"


def test_what_is_written_for_all_outputs_goes_to_each_and_reads_as_zero() -> None:
    one = told("PCA9685", bytes((MODE1, 0x21)), bytes((ALL_LED, 0, 0, 0, 0x08)))

    assert asked(one, bytes((LED0,)), 64) == b"\0\0\0\x08" * 16
    assert asked(one, bytes((ALL_LED,)), 4) == bytes(4)


def test_the_frequency_is_set_while_the_chip_sleeps_only() -> None:
    one = told("PCA9685", bytes((PRE_SCALE, 0x79)), bytes((MODE1, 0x21)), bytes((PRE_SCALE, 0x50)))
    asleep = asked(one, bytes((PRE_SCALE,)), 1)

    one.write(bytes((MODE1, 0x31)), NOON_US)
    one.write(bytes((PRE_SCALE, 0x01)), NOON_US)
    one.write(bytes((0x46, 0x55)), NOON_US)

    assert (asleep, asked(one, bytes((PRE_SCALE,)), 1)) == (b"\x79", b"\x03")
    assert asked(one, b"\x46", 1) == b"\0"


def test_a_converter_begins_at_the_middle_of_its_scale() -> None:
    assert part("MCP4725").read(6, NOON_US) == bytes.fromhex("8080000800ff")


@pytest.mark.parametrize("octets", [b"\x1a\xbc", b"\x00\x00\x1a\xbc", b"\x1a\xbc\x00"])
def test_a_converter_takes_the_last_of_fast_commands(octets: bytes) -> None:
    assert told("MCP4725", octets).read(5, NOON_US) == bytes.fromhex("82abc00800")


def test_a_converter_keeps_over_power_off_what_it_is_told_to_keep() -> None:
    one = told("MCP4725", b"\x60\x12\x30", b"\x46\xff\xf0\x46\xab\xc0")

    assert one.read(5, NOON_US) == bytes.fromhex("86abc00123")


@pytest.mark.parametrize("octets", [b"", b"\x40", b"\x40\x80", b"\x80\x00\x00"])
def test_a_converter_acknowledges_nothing_else(octets: bytes) -> None:
    with pytest.raises(NotAcknowledgedError):
        part("MCP4725").write(octets, NOON_US)


def test_a_gas_sensor_measures_once_its_application_runs_in_a_mode() -> None:
    one = told("CCS811", *START)

    row = asked(one, b"\x02", 8)

    assert int.from_bytes(row[:2], "big") == room.co2_ppm(NOON_US)
    assert int.from_bytes(row[2:4], "big") == room.vapour_ppb(NOON_US)
    assert row[4:] == b"\x98\0\0\0"


@pytest.mark.parametrize(
    ("writes", "status"), [((), 0x10), ((b"\x01\x10",), 0x10), ((b"\xf4",), 0x90), (START, 0x98), ((*START, b""), 0x98)]
)
def test_a_gas_sensor_tells_how_far_it_is(writes: tuple[bytes, ...], status: int) -> None:
    one = told("CCS811", *writes)

    assert asked(one, b"\x00", 1) == bytes((status,))


def test_a_gas_sensor_that_does_not_measure_has_no_result() -> None:
    assert asked(told("CCS811", b"\xf4"), b"\x02", 6) == b"\0\0\0\0\x90\0"


def test_the_reset_of_a_gas_sensor_stops_its_application() -> None:
    one = told("CCS811", *START, b"\xff\x11\xe5\x72\x8a")

    assert (asked(one, b"\x00", 1), asked(one, b"\x01", 1), asked(one, b"\x20", 1)) == (b"\x10", b"\0", b"\x81")


def test_a_gas_sensor_keeps_what_fits_a_mailbox() -> None:
    one = told("CCS811", b"\x05\x64\x00\x64\x00")

    assert asked(one, b"\x05", 4) == b"\x64\x00\x64\x00"
    for octets in (b"\x05\x64", b"\x20\x00", b"\xff\x00"):
        with pytest.raises(NotAcknowledgedError):
            one.write(octets, NOON_US)
