"""The EEPROM 24LC256: pages, wraps, the current address."""

from hardwire.drivers.simulated.board.parts.eeprom_24lc256 import SIZE_BYTES, Eeprom24LC256
from tests.drivers.simulated.board.parts.bench import NOON_US


def read_at(eeprom: Eeprom24LC256, at: int, count: int) -> bytes:
    eeprom.write(at.to_bytes(2, "big"), NOON_US)
    return eeprom.read(count, NOON_US)


def test_a_new_eeprom_is_erased() -> None:
    eeprom = Eeprom24LC256()

    found = eeprom.read(4, NOON_US)

    assert found == b"\xff" * 4


def test_what_was_written_is_read_and_reading_goes_on_from_the_current_address() -> None:
    eeprom = Eeprom24LC256()
    eeprom.write(b"\x01\x02abc", NOON_US)

    found = [read_at(eeprom, 0x0102, 2), eeprom.read(2, NOON_US)]

    assert found == [b"ab", b"c\xff"]


def test_a_write_past_the_end_of_a_page_wraps_to_its_begin() -> None:
    eeprom = Eeprom24LC256()
    eeprom.write(b"\x00\x7e" + b"abcd", NOON_US)

    found = [read_at(eeprom, 0x7E, 2), read_at(eeprom, 0x40, 2), read_at(eeprom, 0x80, 1)]

    assert found == [b"ab", b"cd", b"\xff"]


def test_a_read_past_the_last_byte_goes_on_with_the_first() -> None:
    eeprom = Eeprom24LC256()
    eeprom.write((SIZE_BYTES - 1).to_bytes(2, "big") + b"z", NOON_US)
    eeprom.write(b"\x00\x00a", NOON_US)

    found = read_at(eeprom, SIZE_BYTES - 1, 2)

    assert found == b"za"


def test_the_highest_bit_of_an_address_is_not_looked_at() -> None:
    eeprom = Eeprom24LC256()
    eeprom.write(b"\x80\x10x", NOON_US)

    found = read_at(eeprom, 0x0010, 1)

    assert found == b"x"


def test_half_an_address_changes_nothing() -> None:
    eeprom = Eeprom24LC256()
    eeprom.write(b"\x00\x10xy", NOON_US)
    eeprom.write(b"\x00\x10", NOON_US)

    eeprom.write(b"\x00", NOON_US)

    assert eeprom.read(2, NOON_US) == b"xy"
