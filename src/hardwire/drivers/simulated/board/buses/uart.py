"""Serial ports as a function of the board: bytes out, bytes in."""

from collections.abc import Sequence

from msgspec import Struct

from hardwire.drivers.simulated.board.buses.lines import Lines
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.circuit.signal import LOW
from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.hardware import require
from hardwire.drivers.simulated.board.parts.part import UartPart
from hardwire.model.board.pin import PinOwner
from hardwire.model.board.uart import SetUartDirection, StartUart, StopUart, UartReceived, WriteUart
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

# obniz reference, section 3.7.
BAUD_LIMIT = 5_000_000
FEWEST_BITS, MOST_BITS = 5, 8


class PlacedUartPart(Struct, frozen=True):
    """A module on the bench, and at which port it stands."""

    part: UartPart
    unit: int


class _Port(Struct):
    """A port that is open, and when its module says something by itself."""

    start: StartUart
    next_mark_us: int | None


class Uart:
    """The serial ports of the board. Loops and modules attach to the port, whatever its pins."""

    commands: Sequence[type[Command]] = (StartUart, SetUartDirection, WriteUart, StopUart)

    def __init__(
        self, units: Sequence[int], pins: Pins, tell: Tell, parts: Sequence[PlacedUartPart], *, is_looped: bool
    ) -> None:
        """`is_looped`: a wire joins TX to RX at each port without a module."""
        self._units = units
        self._pins = pins
        self._lines = Lines(PinOwner.UART, pins)
        self._tell = tell
        self._parts = {placed.unit: placed.part for placed in parts}
        self._is_looped = is_looped
        self.power_on()

    def power_on(self) -> None:
        """Close every port."""
        self._ports: dict[int, _Port] = {}

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Open, use or close a port. It sends at once, however slow its line would be."""
        assert isinstance(command, StartUart | SetUartDirection | WriteUart | StopUart)
        unit = command.channel
        require("uart", self._units, unit)
        match command:
            case StartUart():
                self._start(command, now_us)
            case SetUartDirection(_, number):
                self._port(unit)
                self._pins.take(PinOwner.UART, number, unit=unit)
                # It goes high for as long as it sends, which takes no time here.
                self._pins.put(number, LOW)
            case WriteUart(_, octets):
                self._send(self._port(unit), octets, now_us)
            case StopUart():
                self._ports.pop(unit, None)
                self._lines.release(unit)
        return ()

    def advance(self, now_us: int) -> None:
        """Let the modules say what has come due."""
        for unit, port in self._ports.items():
            mark_us = port.next_mark_us
            if mark_us is not None and mark_us <= now_us:
                part = self._parts[unit]
                # Once however late it is: a hub that was held up sends no burst.
                port.next_mark_us = part.next_mark_us(now_us)
                self._hear(port, part.baud, part.say(mark_us))

    def next_change_us(self, now_us: int) -> int | None:
        """Return when a module says something next."""
        return min((port.next_mark_us for port in self._ports.values() if port.next_mark_us is not None), default=None)

    def _start(self, start: StartUart, now_us: int) -> None:
        if not 1 <= start.baud <= BAUD_LIMIT:
            raise BadValueError(f"a serial port has a speed of 1 to {BAUD_LIMIT} baud", path="baud")
        if not FEWEST_BITS <= start.bits <= MOST_BITS:
            raise BadValueError(f"a byte on a serial line has {FEWEST_BITS} to {MOST_BITS} bits", path="bits")
        self._lines.take(start.channel, *_numbers(start))
        part = self._parts.get(start.channel)
        self._ports[start.channel] = _Port(start, None if part is None else part.next_mark_us(now_us))

    def _port(self, unit: int) -> _Port:
        port = self._ports.get(unit)
        if port is None:
            raise BadValueError(f"uart{unit} is not started: start it with tx and rx")
        return port

    def _send(self, port: _Port, octets: bytes, now_us: int) -> None:
        sender = port.start
        unit, tx = sender.channel, sender.tx
        if not self._lines.has(unit, tx) or not octets:
            return
        mask = (1 << sender.bits) - 1
        sent = octets if sender.bits == MOST_BITS else bytes(octet & mask for octet in octets)
        part = self._parts.get(unit)
        if part is not None:
            if part.baud == sender.baud:
                self._hear(port, part.baud, part.hear(sent, now_us))
        elif self._is_looped:
            self._hear(port, sender.baud, sent)
        for other in self._ports.values():
            is_heard = part is None and self._is_looped and other is port
            if not is_heard and self._lines.are_joined(tx, other.start.rx) and _is_alike(sender, other.start):
                self._hear(other, sender.baud, sent)

    def _hear(self, port: _Port, baud: int, octets: bytes) -> None:
        # Bytes of another speed would come as a framing error: nothing.
        if octets and port.start.baud == baud and self._lines.has(port.start.channel, port.start.rx):
            self._tell(UartReceived(port.start.channel, octets))


def _numbers(start: StartUart) -> tuple[int | None, ...]:
    return start.tx, start.rx, start.rts, start.cts


def _is_alike(one: StartUart, other: StartUart) -> bool:
    return (one.baud, one.bits, one.parity) == (other.baud, other.bits, other.parity)
