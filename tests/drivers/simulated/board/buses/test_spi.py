"""SPI on the simulated board: the loop, parts and who selects them, open lines."""

import pytest

from hardwire.drivers.simulated.board.buses.spi import Spi
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.circuit.signal import HIGH, LOW
from hardwire.drivers.simulated.board.hardware import HARDWARE
from hardwire.drivers.simulated.board.parts.placed import Placed, Stock
from hardwire.model.board.pin import PinOwner
from hardwire.model.board.spi import SpiRead, StartSpi, StopSpi, TransferSpi
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, UnknownError
from hardwire.model.fact import Happening

NOON_US = 1_795_867_200_000_000
START = StartSpi(channel=0, clock_hz=1_000_000, clk=0, mosi=1, miso=2)
READ_PORT = bytes((0x41, 0x00, 0x00))
EXPANDER = Placed(part="MCP23S08", select=5)


class Desk:
    """The function with its pins."""

    def __init__(self, *parts: Placed, is_looped: bool = True, nets: tuple[tuple[str, ...], ...] = ()) -> None:
        board = HARDWARE["obnizb1"]
        self.told: list[Happening] = []
        self.pins = Pins(board.pins, self.told.append, nets=nets)
        self.spi = Spi(board.spi, self.pins, Stock(parts, board, has_demo=False).spi, is_looped=is_looped)

    def all(self, *commands: Command) -> list[Happening]:
        """The answers to these commands, one after the other."""
        return [answer for command in commands for answer in self.spi.carry_out(command, NOON_US)]

    def select(self, number: int, *, is_low: bool) -> None:
        """Drive a pin as a program does."""
        self.pins.take(PinOwner.OUTPUT, number)
        self.pins.put(number, LOW if is_low else HIGH)
        self.spi.advance(NOON_US)


def test_the_loop_gives_back_what_is_sent_to_who_wants_it() -> None:
    desk = Desk()

    answers = desk.all(START, TransferSpi(0, b"\x12\x98"), TransferSpi(0, b"\x01", is_read=False), TransferSpi(0, b""))

    assert answers == [SpiRead(0, b"\x12\x98"), SpiRead(0, b"")]


@pytest.mark.parametrize("start", [StartSpi(channel=0, clock_hz=1, mosi=1), StartSpi(channel=0, clock_hz=1, miso=2)])
def test_without_both_lines_the_input_stays_high(start: StartSpi) -> None:
    answers = Desk().all(start, TransferSpi(0, b"\x12\x98"))

    assert answers == [SpiRead(0, b"\xff\xff")]


@pytest.mark.parametrize("number", [1, 2])
def test_a_line_that_another_function_has_taken_stays_high(number: int) -> None:
    desk = Desk()
    desk.all(START)
    desk.pins.take(PinOwner.OUTPUT, number)

    assert desk.all(TransferSpi(0, b"\x12")) == [SpiRead(0, b"\xff")]


def test_without_a_loop_a_wire_makes_one() -> None:
    alone, wired = Desk(is_looped=False), Desk(is_looped=False, nets=(("io1", "io2"),))

    answers = [desk.all(START, TransferSpi(0, b"\x12")) for desk in (alone, wired)]

    assert answers == [[SpiRead(0, b"\xff")], [SpiRead(0, b"\x12")]]


def test_a_part_answers_only_on_its_bus_and_always_without_a_select_line() -> None:
    desk = Desk(Placed(part="ADT7310", bus=1))
    other = StartSpi(channel=1, clock_hz=1, clk=3, mosi=4, miso=5)

    answers = desk.all(START, other, TransferSpi(0, b"\x58\x00"), TransferSpi(1, b"\x58\x00"))

    assert answers == [SpiRead(0, b"\x58\x00"), SpiRead(1, b"\xff\xc3")]


def test_a_part_answers_while_its_select_line_is_low_and_forgets_what_it_was_told_when_that_goes_high() -> None:
    desk = Desk(EXPANDER)
    desk.all(START)
    open_line = desk.all(TransferSpi(0, READ_PORT))

    desk.select(5, is_low=True)
    in_pieces = desk.all(TransferSpi(0, READ_PORT[:2]), TransferSpi(0, READ_PORT[2:]))
    desk.select(5, is_low=False)
    high = desk.all(TransferSpi(0, READ_PORT))
    desk.select(5, is_low=True)
    anew = desk.all(TransferSpi(0, READ_PORT))

    assert open_line == high == [SpiRead(0, READ_PORT)]
    assert in_pieces == [SpiRead(0, b"\0\0"), SpiRead(0, b"\xff")]
    assert anew == [SpiRead(0, b"\0\0\xff")]


def test_a_bus_with_a_select_pin_of_its_own_selects_the_part_for_each_transfer() -> None:
    desk = Desk(EXPANDER)
    start = StartSpi(channel=0, clock_hz=1, clk=0, mosi=1, miso=2, cs=5)

    answers = desk.all(start, TransferSpi(0, READ_PORT), TransferSpi(0, READ_PORT))

    assert answers == [SpiRead(0, b"\0\0\xff")] * 2


def test_the_select_pin_of_a_bus_may_be_driven_by_hand_and_nobody_is_warned() -> None:
    desk = Desk(EXPANDER)
    desk.all(StartSpi(channel=0, clock_hz=1, clk=0, mosi=1, miso=2, cs=5))

    desk.select(5, is_low=False)
    high = desk.all(TransferSpi(0, READ_PORT))

    assert high == [SpiRead(0, READ_PORT)]
    assert desk.told == []


def test_starting_takes_the_pins_and_stopping_gives_them_back() -> None:
    desk = Desk()

    desk.all(START)
    held = [desk.pins[number].owner for number in (0, 1, 2)]
    desk.all(StopSpi(0))

    assert held == [PinOwner.SPI] * 3
    assert [desk.pins[number].owner for number in (0, 1, 2)] == [PinOwner.NOBODY] * 3
    with pytest.raises(BadValueError, match="spi0 is not started"):
        desk.all(TransferSpi(0, b"\0"))


def test_a_reset_closes_the_bus() -> None:
    desk = Desk()
    desk.all(START)

    desk.spi.power_on()

    with pytest.raises(BadValueError, match="spi0 is not started"):
        desk.all(TransferSpi(0, b"\0"))


@pytest.mark.parametrize("clock_hz", [0, 26_000_001])
def test_a_clock_out_of_range_is_refused(clock_hz: int) -> None:
    with pytest.raises(BadValueError, match="1 to 26000000 Hz"):
        Desk().all(StartSpi(channel=0, clock_hz=clock_hz, clk=0))


def test_a_transfer_that_is_too_long_is_refused() -> None:
    desk = Desk()

    answers = desk.all(START, TransferSpi(0, bytes(1_024)))

    assert answers == [SpiRead(0, bytes(1_024))]
    with pytest.raises(BadValueError, match="up to 1024 bytes"):
        desk.all(TransferSpi(0, bytes(1_025)))


@pytest.mark.parametrize(
    "start",
    [
        StartSpi(channel=2, clock_hz=1, clk=0),
        StartSpi(channel=0, clock_hz=1, clk=12),
        StartSpi(channel=0, clock_hz=1, clk=0, cs=12),
    ],
)
def test_a_bus_or_pin_that_the_board_has_not_is_named(start: StartSpi) -> None:
    desk = Desk()

    with pytest.raises(UnknownError, match=r"this board has no (spi2|io12)"):
        desk.all(start)

    assert desk.pins[0].owner is PinOwner.NOBODY


def test_a_bus_does_nothing_by_itself() -> None:
    desk = Desk(Placed(part="ADT7310"))
    desk.all(START)
    desk.spi.advance(NOON_US)

    assert desk.spi.next_change_us(NOON_US) is None
