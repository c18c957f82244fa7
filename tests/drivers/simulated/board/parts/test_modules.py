"""What stands on SPI and serial ports: MCP23S08, the echo, the GPS module."""

import pytest

from hardwire.drivers.simulated.board.parts.echo import Echo
from hardwire.drivers.simulated.board.parts.gps import Gps
from hardwire.drivers.simulated.board.parts.mcp23s08 import Mcp23s08
from tests.drivers.simulated.board.parts.bench import NOON_US

READ, WRITE = 0x41, 0x40
IODIR, IPOL, GPPU, INTF, GPIO, OLAT = 0x00, 0x01, 0x06, 0x07, 0x09, 0x0A


def turn(one: Mcp23s08, *octets: int) -> bytes:
    """One message, from select to deselect."""
    found = one.transfer(bytes(octets), NOON_US)
    one.deselect()
    return found


def test_outputs_show_what_is_written_and_inputs_their_pull_ups() -> None:
    one = Mcp23s08()
    turn(one, WRITE, IODIR, 0xF0)
    turn(one, WRITE, GPPU, 0x30)

    turn(one, WRITE, GPIO, 0x05)

    assert turn(one, READ, GPIO, 0, 0) == b"\0\0\x35\x05"


def test_an_inverted_input_reads_the_other_way_round() -> None:
    one = Mcp23s08()

    turn(one, WRITE, IPOL, 0x81)

    assert turn(one, READ, GPIO, 0)[2] == 0x81


def test_a_message_may_come_in_pieces_as_long_as_the_chip_is_selected() -> None:
    one = Mcp23s08()
    one.transfer(bytes((READ, IODIR)), NOON_US)

    found = one.transfer(b"\0", NOON_US)

    assert found == b"\xff"


def test_a_row_of_registers_begins_anew_behind_the_last() -> None:
    one = Mcp23s08()

    found = turn(one, READ, OLAT, 0, 0)

    assert found == b"\0\0\x00\xff"


@pytest.mark.parametrize("head", [(0x20, IODIR), (WRITE, 0x20), (WRITE, INTF)])
def test_what_is_not_for_the_chip_or_cannot_be_written_changes_nothing(head: tuple[int, int]) -> None:
    one = Mcp23s08()

    turn(one, *head, 0x55)

    assert turn(one, READ, IODIR, *[0] * 11)[2:] == b"\xff" + bytes(10)


def test_an_echo_says_back_what_it_hears_and_nothing_else() -> None:
    one = Echo(9_600)

    assert (one.hear(b"hi", NOON_US), one.say(NOON_US), one.next_mark_us(NOON_US)) == (b"hi", b"", None)


def test_a_gps_module_tells_once_a_second_where_it_is() -> None:
    one = Gps(9_600)

    mark_us = one.next_mark_us(NOON_US + 1)
    said = one.say(NOON_US).decode().splitlines()

    assert mark_us == NOON_US + 1_000_000
    assert one.hear(b"$PMTK220,200*2C\r\n", NOON_US) == b""
    assert [line.split(",")[0] for line in said] == ["$GPGGA", "$GPRMC", "$GPZDA"]
    assert said[0].startswith("$GPGGA,120000.000,5205.4000,N,00507.3200,E,1,08,")
    assert said[2].startswith("$GPZDA,120000.000,28,11,2026,")


def test_every_sentence_of_a_gps_module_has_its_check_sum() -> None:
    for line in Gps(9_600).say(NOON_US).decode().splitlines():
        text, _, check = line[1:].partition("*")

        folded = 0
        for character in text:
            folded ^= ord(character)

        assert f"{folded:02X}" == check
