"""I2C on the simulated board: a master with parts, a slave that is written to, and everything that can go wrong."""

import pytest

from hardwire.drivers.simulated.board.buses.i2c import I2c
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.hardware import HARDWARE
from hardwire.drivers.simulated.board.parts.placed import Stock
from hardwire.model.board.i2c import (
    I2cFailed,
    I2cFault,
    I2cRead,
    I2cWritten,
    ReadI2c,
    StartI2cMaster,
    StartI2cSlave,
    StopI2c,
    WriteI2c,
)
from hardwire.model.board.pin import PinOwner
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, UnknownError
from hardwire.model.fact import Happening

NOON_US = 1_795_867_200_000_000
SECOND_US = 1_000_000
EEPROM = 0x50
START = StartI2cMaster(0, 2, 3, 400_000)


class Desk:
    """The function with its pins and what it told."""

    def __init__(self, hardware: str = "obnizb1", *, has_demo: bool = True) -> None:
        self.told: list[Happening] = []
        board = HARDWARE[hardware]
        self.pins = Pins(board.pins, self.told.append)
        stock = Stock((), board, has_demo=has_demo)
        self.i2c = I2c(board.i2c, self.pins, self.told.append, stock.i2c, has_master=has_demo)

    def all(self, *commands: Command) -> list[Happening]:
        """The answers to these commands, one after the other."""
        return [answer for command in commands for answer in self.i2c.carry_out(command, NOON_US)]

    def tell(self, *seconds: float) -> list[Happening]:
        """What is told by these times after noon."""
        for second in seconds:
            self.i2c.advance(NOON_US + round(second * SECOND_US))
        return self.told


def test_what_is_written_to_a_part_can_be_read_back() -> None:
    desk = Desk()

    answers = desk.all(START, WriteI2c(0, EEPROM, b"\0\x10\x12"), WriteI2c(0, EEPROM, b"\0\x10"), ReadI2c(0, EEPROM, 1))

    assert answers == [I2cRead(0, EEPROM, b"\x12")]
    assert [desk.pins.has(PinOwner.I2C, number) for number in (2, 3)] == [True, True]


def test_the_parts_keep_what_they_hold_over_a_reset_and_answer_on_any_pins() -> None:
    desk = Desk()
    desk.all(START, WriteI2c(0, EEPROM, b"\0\0x"))

    desk.pins.power_on()
    desk.i2c.power_on()
    answers = desk.all(StartI2cMaster(0, 9, 8, 100_000), WriteI2c(0, EEPROM, b"\0\0"), ReadI2c(0, EEPROM, 1))

    assert answers == [I2cRead(0, EEPROM, b"x")]


@pytest.mark.parametrize("address", [0x10, 0x51, 0x150])
def test_where_no_part_is_reads_and_writes_fail_at_once(address: int) -> None:
    desk = Desk()

    answers = desk.all(START, WriteI2c(0, address, b"\0"), ReadI2c(0, address, 1))

    message = f"no part answers at {address:#04x}"
    assert answers == [I2cFailed(0, I2cFault.FAILED, is_read, message) for is_read in (False, True)]


def test_a_part_of_seven_address_bits_does_not_hear_a_call_of_ten() -> None:
    (answer,) = Desk().all(START, ReadI2c(0, EEPROM, 1, address_bits=10))

    assert isinstance(answer, I2cFailed)


def test_a_program_that_looks_who_is_there_finds_every_part() -> None:
    desk = Desk()
    desk.all(START)

    read = [address for address in range(128) if isinstance(desk.all(ReadI2c(0, address, 1))[0], I2cRead)]
    called = [address for address in range(128) if not desk.all(WriteI2c(0, address, b""))]

    assert read == called == [0x2A, 0x44, 0x45, 0x50, 0x68, 0x76, 0x77]


def test_what_a_part_does_not_acknowledge_fails() -> None:
    answers = Desk().all(START, ReadI2c(0, 0x44, 6), WriteI2c(0, 0x44, b"\x12\x34"))

    message = "the part at 0x44 does not acknowledge that"
    assert answers == [I2cFailed(0, I2cFault.FAILED, is_read, message) for is_read in (True, False)]


@pytest.mark.parametrize(
    ("before", "state"),
    [((), "not started"), ((StartI2cSlave(0, 2, 3, 1),), "a slave"), ((START, StopI2c(0)), "not started")],
)
def test_a_bus_that_is_no_master_says_what_to_do(before: tuple[Command, ...], state: str) -> None:
    answers = Desk().all(*before, WriteI2c(0, EEPROM, b"\0"), ReadI2c(0, EEPROM, 1))

    message = f"i2c0 is {state}: start it with mode master, sda, scl and clock"
    assert answers == [I2cFailed(0, I2cFault.FAILED, is_read, message) for is_read in (False, True)]


@pytest.mark.parametrize("number", [2, 3])
def test_a_bus_that_lost_a_pin_fails_until_it_is_started_again(number: int) -> None:
    desk = Desk()
    desk.all(START)
    desk.pins.take(PinOwner.OUTPUT, number)

    (lost,) = desk.all(ReadI2c(0, EEPROM, 1))
    (found,) = desk.all(START, ReadI2c(0, EEPROM, 1))

    assert lost == I2cFailed(0, I2cFault.TIMEOUT, True, "another function has a pin of i2c0: start it again")
    assert isinstance(found, I2cRead)


def test_starting_again_on_other_pins_gives_the_first_back_and_stopping_all() -> None:
    desk = Desk()

    desk.all(START, StartI2cMaster(0, 3, 4, 400_000))
    held = [desk.pins[number].owner for number in (2, 3, 4)]
    desk.all(StopI2c(0))

    assert held == [PinOwner.NOBODY, PinOwner.I2C, PinOwner.I2C]
    assert [desk.pins[number].owner for number in (2, 3, 4)] == [PinOwner.NOBODY] * 3


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (StartI2cMaster(0, 2, 3, 0), "clock_hz"),
        (StartI2cMaster(0, 2, 3, 1_000_001), "clock_hz"),
        (StartI2cSlave(0, 2, 3, 1_024), "address"),
        (WriteI2c(0, 1_024, b""), "address"),
        (ReadI2c(0, -1, 1), "address"),
        (WriteI2c(0, EEPROM, bytes(1_025)), "octets"),
        (ReadI2c(0, EEPROM, 1_025), "count"),
        (ReadI2c(0, EEPROM, -1), "count"),
    ],
)
def test_what_is_out_of_range_is_refused_and_changes_nothing(command: Command, path: str) -> None:
    desk = Desk()

    with pytest.raises(BadValueError) as refused:
        desk.all(command)

    assert refused.value.path == path
    assert desk.pins[2].owner is PinOwner.NOBODY


@pytest.mark.parametrize("command", [StartI2cMaster(1, 2, 3, 1), ReadI2c(1, EEPROM, 1), StartI2cMaster(0, 2, 12, 1)])
def test_a_bus_or_pin_that_the_board_has_not_is_named(command: Command) -> None:
    with pytest.raises(UnknownError, match=r"this board has no (i2c1|io12)"):
        Desk().all(command)


def test_the_longest_transfer_is_answered_and_the_shortest() -> None:
    answers = Desk().all(START, ReadI2c(0, EEPROM, 1_024), ReadI2c(0, EEPROM, 0))

    assert answers == [I2cRead(0, EEPROM, b"\xff" * 1_024), I2cRead(0, EEPROM, b"")]


def test_each_bus_of_a_board_with_two_has_parts_of_its_own() -> None:
    desk = Desk("esp32c6")
    desk.all(START, StartI2cMaster(1, 4, 5, 1), WriteI2c(0, EEPROM, b"\0\0x"))

    answers = desk.all(WriteI2c(1, EEPROM, b"\0\0"), ReadI2c(1, EEPROM, 1))

    assert answers == [I2cRead(1, EEPROM, b"\xff")]


def test_a_slave_is_written_to_a_second_after_it_starts_and_each_second_after_that() -> None:
    desk = Desk()
    desk.all(StartI2cSlave(0, 2, 3, 0x20))
    due = desk.i2c.next_change_us(NOON_US)

    told = desk.tell(0.9, 1, 1.5, 2)

    assert due == NOON_US + SECOND_US
    assert told == [I2cWritten(0, 0x20, bytes((0, second, 0, 0x12))) for second in (1, 2)]


def test_a_slave_that_was_late_is_written_to_once_and_at_its_usual_second() -> None:
    desk = Desk()
    desk.all(StartI2cSlave(0, 2, 3, 0x20))

    told = desk.tell(7.5, 7.9, 8)

    assert [one.octets for one in told if isinstance(one, I2cWritten)] == [b"\0\x07\0\x12", b"\0\x08\0\x12"]


def test_a_slave_with_a_long_address_is_written_to_by_ten_bits() -> None:
    desk = Desk()
    desk.all(StartI2cSlave(0, 2, 3, 0x150))

    (told,) = desk.tell(1)

    assert isinstance(told, I2cWritten)
    assert (told.address, told.address_bits) == (0x150, 10)


def test_nobody_writes_to_a_slave_that_has_stopped_or_lost_a_pin_or_on_an_empty_bench() -> None:
    stopped, robbed, alone = Desk(), Desk(), Desk(has_demo=False)
    for desk in (stopped, robbed, alone):
        desk.all(StartI2cSlave(0, 2, 3, 0x20))
    stopped.all(StopI2c(0))
    robbed.pins.take(PinOwner.OUTPUT, 2)
    robbed.told.clear()

    told = [desk.tell(1, 2) for desk in (stopped, robbed, alone)]

    assert told == [[], [], []]
    assert [desk.i2c.next_change_us(NOON_US) for desk in (stopped, robbed, alone)] == [None] * 3


def test_a_master_hears_nobody() -> None:
    desk = Desk()
    desk.all(START)

    assert desk.tell(1) == []
