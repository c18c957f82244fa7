"""Serial ports of the simulated board: the loop, wires between ports, modules."""

import pytest

from hardwire.drivers.simulated.board.buses.uart import Uart
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.hardware import HARDWARE
from hardwire.drivers.simulated.board.parts.placed import Placed, Stock
from hardwire.model.board.pin import PinOwner
from hardwire.model.board.uart import Parity, SetUartDirection, StartUart, StopUart, UartReceived, WriteUart
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, UnknownError
from hardwire.model.fact import Happening

NOON_US = 1_795_867_200_000_000
SECOND_US = 1_000_000
START = StartUart(channel=0, tx=0, rx=1)
OTHER = StartUart(channel=1, tx=2, rx=3)
CROSSED = (("io0", "io3"), ("io2", "io1"))


class Desk:
    """The function with its pins and what it told."""

    def __init__(self, *parts: Placed, is_looped: bool = True, nets: tuple[tuple[str, ...], ...] = ()) -> None:
        board = HARDWARE["obnizb1"]
        self.told: list[Happening] = []
        self.pins = Pins(board.pins, self.told.append, nets=nets)
        stock = Stock(parts, board, has_demo=False)
        self.uart = Uart(board.uart, self.pins, self.told.append, stock.uart, is_looped=is_looped)

    def all(self, *commands: Command) -> list[Happening]:
        """What is told after these commands."""
        for command in commands:
            assert self.uart.carry_out(command, NOON_US) == ()
        return self.told

    def heard(self, channel: int) -> bytes:
        """All that has arrived at a port."""
        arrived = (one for one in self.told if isinstance(one, UartReceived) and one.channel == channel)
        return b"".join(one.octets for one in arrived)


def test_the_loop_brings_back_what_is_sent_at_once_and_in_order() -> None:
    told = Desk().all(START, WriteUart(0, b"Hi"), WriteUart(0, b"!"), WriteUart(0, b""))

    assert told == [UartReceived(0, b"Hi"), UartReceived(0, b"!")]


def test_short_bytes_lose_their_upper_bits() -> None:
    told = Desk().all(StartUart(channel=0, tx=0, rx=1, bits=7), WriteUart(0, b"\x41\xc2"))

    assert told == [UartReceived(0, b"\x41\x42")]


@pytest.mark.parametrize("start", [StartUart(channel=0, tx=0, rx=None), StartUart(channel=0, tx=None, rx=1)])
def test_with_one_line_only_nothing_comes_back(start: StartUart) -> None:
    assert Desk().all(start, WriteUart(0, b"Hi")) == []


@pytest.mark.parametrize("number", [0, 1])
def test_a_line_that_another_function_has_taken_carries_nothing(number: int) -> None:
    desk = Desk()
    desk.all(START)
    desk.pins.take(PinOwner.OUTPUT, number)
    desk.told.clear()

    assert desk.all(WriteUart(0, b"Hi")) == []


def test_a_wire_brings_bytes_from_one_port_to_the_other() -> None:
    desk = Desk(is_looped=False, nets=CROSSED)
    desk.all(START, OTHER, WriteUart(0, b"ping"), WriteUart(1, b"pong"))

    assert (desk.heard(1), desk.heard(0)) == (b"ping", b"pong")


@pytest.mark.parametrize(
    "other",
    [
        StartUart(channel=1, tx=2, rx=3, baud=9_600),
        StartUart(channel=1, tx=2, rx=3, bits=7),
        StartUart(channel=1, tx=2, rx=3, parity=Parity.EVEN),
    ],
)
def test_ports_that_differ_do_not_understand_each_other(other: StartUart) -> None:
    desk = Desk(is_looped=False, nets=CROSSED)

    assert desk.all(START, other, WriteUart(0, b"ping")) == []


def test_a_wire_over_the_loop_brings_the_bytes_once() -> None:
    desk = Desk(nets=(("io0", "io1"),))

    assert desk.all(START, WriteUart(0, b"Hi")) == [UartReceived(0, b"Hi")]


def test_without_a_loop_a_wire_makes_one_and_an_open_line_gives_nothing() -> None:
    alone, wired = Desk(is_looped=False), Desk(is_looped=False, nets=(("io0", "io1"),))

    told = [desk.all(START, WriteUart(0, b"Hi")) for desk in (alone, wired)]

    assert told == [[], [UartReceived(0, b"Hi")]]


def test_a_module_stands_in_the_place_of_the_loop_and_hears_its_own_speed_only() -> None:
    desk = Desk(Placed(part="Echo", baud=9_600))

    slow = desk.all(StartUart(channel=0, tx=0, rx=1, baud=9_600), WriteUart(0, b"Hi"))
    told = [*slow]
    fast = desk.all(START, WriteUart(0, b"Hi"))

    assert told == [UartReceived(0, b"Hi")]
    assert fast == told


def test_a_gps_module_speaks_each_second_while_its_port_is_open() -> None:
    desk = Desk(Placed(part="GPS", bus=1))
    desk.all(StartUart(channel=1, tx=2, rx=3, baud=9_600))
    due = desk.uart.next_change_us(NOON_US)

    for tenths in (9, 10, 15, 20, 75):
        desk.uart.advance(NOON_US + tenths * SECOND_US // 10)
    desk.all(StopUart(1))

    assert due == NOON_US + SECOND_US
    # One at each second that was seen, and one for all that were missed.
    assert desk.heard(1).decode().count("$GPGGA") == 3
    assert desk.uart.next_change_us(NOON_US) is None


def test_a_module_says_nothing_to_a_port_of_another_speed() -> None:
    desk = Desk(Placed(part="GPS"))
    desk.all(START)

    desk.uart.advance(NOON_US + SECOND_US)

    assert desk.told == []


def test_starting_takes_all_its_pins_and_stopping_gives_them_back() -> None:
    desk = Desk()
    numbers = (0, 1, 4, 5, 6)

    desk.all(StartUart(channel=0, tx=0, rx=1, rts=4, cts=5), SetUartDirection(0, 6))
    held = [desk.pins[number].owner for number in numbers]
    is_idle = not desk.pins[6].level(NOON_US)
    desk.all(StopUart(0))

    assert (held, is_idle) == ([PinOwner.UART] * 5, True)
    assert [desk.pins[number].owner for number in numbers] == [PinOwner.NOBODY] * 5


@pytest.mark.parametrize("command", [WriteUart(0, b"Hi"), SetUartDirection(0, 5)])
def test_a_port_that_is_not_open_says_so(command: Command) -> None:
    desk = Desk()

    with pytest.raises(BadValueError, match="uart0 is not started"):
        desk.all(command)
    desk.all(START)
    desk.uart.power_on()
    with pytest.raises(BadValueError, match="uart0 is not started"):
        desk.all(command)


@pytest.mark.parametrize(
    ("start", "path"),
    [
        (StartUart(channel=0, tx=0, rx=1, baud=0), "baud"),
        (StartUart(channel=0, tx=0, rx=1, baud=5_000_001), "baud"),
        (StartUart(channel=0, tx=0, rx=1, bits=4), "bits"),
        (StartUart(channel=0, tx=0, rx=1, bits=9), "bits"),
    ],
)
def test_what_is_out_of_range_is_refused_and_changes_nothing(start: StartUart, path: str) -> None:
    desk = Desk()

    with pytest.raises(BadValueError) as refused:
        desk.all(start)

    assert refused.value.path == path
    assert desk.pins[0].owner is PinOwner.NOBODY


@pytest.mark.parametrize("command", [StartUart(channel=2, tx=0, rx=1), StartUart(channel=0, tx=0, rx=12)])
def test_a_port_or_pin_that_the_board_has_not_is_named(command: Command) -> None:
    with pytest.raises(UnknownError, match=r"this board has no (uart2|io12)"):
        Desk().all(command)
