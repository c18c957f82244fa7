"""Other sensors of the room's air: ADT7410, ADT7310, DHT12, DHT20, AM2320."""

import pytest

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.adt7310 import Adt7310
from hardwire.drivers.simulated.board.parts.crc import crc8
from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError
from tests.drivers.simulated.board.parts.bench import NOON_US, asked, part, words


def test_adt7410_gives_its_temperature_to_every_read_without_being_asked() -> None:
    one = part("ADT7410", 0x49)

    found = [words(one.read(2, NOON_US))[0] for _ in range(2)]

    assert [(raw >> 3) / 16 for raw in found] == pytest.approx([room.temperature_c(NOON_US, 0x49)] * 2, abs=0.07)


def test_adt7410_has_sixteen_bits_where_they_are_wanted_and_loses_them_by_a_reset() -> None:
    one = part("ADT7410")
    one.write(b"\x03\x80", NOON_US)
    (fine,) = words(asked(one, b"\x00", 2))

    one.write(b"\x2f", NOON_US)
    one.write(b"\x2f\x00", NOON_US)

    assert fine / 128 == pytest.approx(room.temperature_c(NOON_US, 0x48), abs=0.005)
    assert (asked(one, b"\x03", 1), asked(one, b"\x0b", 1), asked(one, b"\x04", 2)) == (b"\x00", b"\xcb", b"\x20\x00")


def test_what_cannot_be_written_in_an_adt7410_stays() -> None:
    one = part("ADT7410")

    one.write(b"\x0b\x00", NOON_US)
    one.write(b"", NOON_US)

    assert asked(one, b"\x0b", 1) == b"\xcb"


def test_adt7310_goes_on_telling_its_temperature_after_the_continuous_command() -> None:
    one = Adt7310()
    one.transfer(b"\x54", NOON_US)

    found = [words(one.transfer(b"\x00\x00", NOON_US))[0] / 128 for _ in range(2)]
    one.transfer(b"\x50", NOON_US)

    assert found == pytest.approx([room.temperature_c(NOON_US)] * 2, abs=0.07)
    assert one.transfer(b"\x00\x00", NOON_US) == b"\xff\xff"


@pytest.mark.parametrize("end", ["ones", "select"])
def test_the_continuous_mode_of_adt7310_ends_with_ones_or_its_select_line(end: str) -> None:
    one = Adt7310()
    one.transfer(b"\x54", NOON_US)

    if end == "ones":
        one.transfer(b"\xff" * 4, NOON_US)
    else:
        one.deselect()

    assert one.transfer(b"\x00\x00", NOON_US) == b"\xff\xff"


def test_adt7310_keeps_what_is_written_where_it_can_be() -> None:
    one = Adt7310()
    one.transfer(b"\x08\x80", NOON_US)
    (fine,) = words(one.transfer(b"\x50\x00\x00", NOON_US)[1:])

    one.transfer(b"\x18\x00", NOON_US)
    one.transfer(b"\x30\x01", NOON_US)

    assert fine / 128 == pytest.approx(room.temperature_c(NOON_US), abs=0.005)
    assert one.transfer(b"\x58\x00", NOON_US) == b"\xff\xc3"
    assert one.transfer(b"\x70\x00\x00", NOON_US) == b"\xff\x20\x00"


@pytest.mark.parametrize("octets", [b"", b"\x80\x00", b"\xff\x00"])
def test_what_is_no_command_gets_nothing_from_an_adt7310(octets: bytes) -> None:
    assert Adt7310().transfer(octets, NOON_US) == b"\xff" * len(octets)


def test_dht12_has_whole_parts_and_tenths_and_their_sum() -> None:
    one = part("DHT12")
    one.write(b"\x00\x55", NOON_US)

    row = asked(one, b"\x00", 6)

    assert row[0] + row[1] / 10 == pytest.approx(room.humidity_percent(NOON_US, 0x5C), abs=0.06)
    assert row[2] + row[3] / 10 == pytest.approx(room.temperature_c(NOON_US, 0x5C), abs=0.06)
    assert (row[4], row[5]) == (sum(row[:4]), 0)


def test_dht20_measures_when_it_is_told_to() -> None:
    one = part("DHT20")
    before = one.read(7, NOON_US)

    row = asked(one, b"\xac\x33\x00", 8)

    assert before[:6] == b"\x18" + bytes(5)
    assert int.from_bytes(row[1:4], "big") / 2**24 * 100 == pytest.approx(room.humidity_percent(NOON_US, 0x38), abs=0.1)
    temperature = (int.from_bytes(row[3:6], "big") & 0xFFFFF) / 2**20 * 200 - 50
    assert temperature == pytest.approx(room.temperature_c(NOON_US, 0x38), abs=0.01)
    assert (row[6], row[7]) == (crc8(row[:6]), 0xFF)
    assert asked(one, b"\x71", 1) == b"\x18"
    with pytest.raises(NotAcknowledgedError):
        one.write(b"\xac", NOON_US)


def test_am2320_answers_as_a_modbus_device() -> None:
    one = part("AM2320")
    one.write(b"\x00", NOON_US)

    row = asked(one, b"\x03\x00\x04", 9)

    assert row[:2] == b"\x03\x04"
    assert int.from_bytes(row[2:4], "big") / 10 == pytest.approx(room.humidity_percent(NOON_US, 0x5C), abs=0.06)
    assert int.from_bytes(row[4:6], "big") / 10 == pytest.approx(room.temperature_c(NOON_US, 0x5C), abs=0.06)
    assert row[8] == 0xFF
    with pytest.raises(NotAcknowledgedError):
        one.read(8, NOON_US)


def test_the_check_word_of_am2320_is_that_of_modbus() -> None:
    row = asked(part("AM2320"), b"\x03\x08\x02", 6)

    assert row[:4] == b"\x03\x02\x00\x00"
    assert int.from_bytes(row[4:], "little") == modbus_crc(row[:4])


def modbus_crc(octets: bytes) -> int:
    """Bit by bit from the other side: the polynomial x^16 + x^15 + x^2 + 1 over reversed bits."""
    register = 0xFFFF
    for octet in octets:
        for bit in range(8):
            is_odd = (register ^ octet >> bit) & 1
            register = register >> 1 ^ (0xA001 if is_odd else 0)
    return register


@pytest.mark.parametrize("question", [b"\x03\x00\x00", b"\x03\x00\x0b", b"\x03\x1f\x02", b"\x10\x00", b"\x01"])
def test_am2320_acknowledges_nothing_else(question: bytes) -> None:
    with pytest.raises(NotAcknowledgedError):
        part("AM2320").write(question, NOON_US)
