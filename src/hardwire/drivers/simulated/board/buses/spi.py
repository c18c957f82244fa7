"""SPI as a function of the board: master of a bus on which parts stand, or whose lines are joined."""

from collections.abc import Sequence

from msgspec import Struct

from hardwire.drivers.simulated.board.buses.lines import Lines
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.hardware import require
from hardwire.drivers.simulated.board.parts.part import SpiPart
from hardwire.model.board.pin import PinOwner
from hardwire.model.board.spi import SpiRead, StartSpi, StopSpi, TransferSpi
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

# obniz reference, section 3.8.
MOST_BYTES = 1_024
CLOCK_LIMIT_HZ = 26_000_000
OPEN_LINE = b"\xff"
"""What an input that nothing drives reads: its pull-up."""


class PlacedSpiPart(Struct, frozen=True):
    """A part on the bench: on which bus it stands, and which pin selects it; without one it always listens."""

    part: SpiPart
    unit: int | None = None
    """None: every bus."""
    select: int | None = None


class Spi:
    """The SPI buses of the board. Loops and parts attach to the bus, whatever its pins."""

    commands: Sequence[type[Command]] = (StartSpi, TransferSpi, StopSpi)

    def __init__(self, units: Sequence[int], pins: Pins, parts: Sequence[PlacedSpiPart], *, is_looped: bool) -> None:
        """`is_looped`: a wire joins MOSI to MISO, as long as no part is selected."""
        self._units = units
        self._pins = pins
        self._lines = Lines(PinOwner.SPI, pins)
        self._parts = parts
        self._is_looped = is_looped
        self.power_on()

    def power_on(self) -> None:
        """Close every bus."""
        self._open: dict[int, StartSpi] = {}

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Start, use or stop a bus."""
        assert isinstance(command, StartSpi | TransferSpi | StopSpi)
        unit = command.channel
        require("spi", self._units, unit)
        match command:
            case StartSpi():
                if not 1 <= command.clock_hz <= CLOCK_LIMIT_HZ:
                    raise BadValueError(f"an SPI bus has a clock of 1 to {CLOCK_LIMIT_HZ} Hz", path="clock_hz")
                if command.cs is not None:
                    # Looked up, not taken: who selects a part drives the pin between transfers (obniz.js, MCP23S08).
                    self._pins[command.cs]
                self._lines.take(unit, command.clk, command.mosi, command.miso)
                self._open[unit] = command
            case TransferSpi(_, octets, is_read):
                found = self._transfer(unit, octets, now_us)
                return (SpiRead(unit, found),) if is_read else ()
            case StopSpi():
                self._open.pop(unit, None)
                self._lines.release(unit)
        return ()

    def advance(self, now_us: int) -> None:
        """Let the parts see whose select line has gone high."""
        for placed in self._parts:
            if placed.select is not None and not self._is_low(placed.select, now_us):
                placed.part.deselect()

    def next_change_us(self, now_us: int) -> int | None:
        """Return None: a bus does nothing by itself."""
        return None

    def _transfer(self, unit: int, octets: bytes, now_us: int) -> bytes:
        bus = self._open.get(unit)
        if bus is None:
            raise BadValueError(f"spi{unit} is not started: start it with mode, clock, and clk, mosi or miso")
        if len(octets) > MOST_BYTES:
            raise BadValueError(f"an SPI transfer has up to {MOST_BYTES} bytes", path="octets")
        idle = OPEN_LINE * len(octets)
        sent = octets if self._lines.has(unit, bus.mosi) else idle
        found = self._answer(unit, bus, sent, now_us)
        return found if self._lines.has(unit, bus.miso) else idle

    def _answer(self, unit: int, bus: StartSpi, sent: bytes, now_us: int) -> bytes:
        for placed in self._parts:
            if placed.unit not in (None, unit):
                continue
            if placed.select is None or self._is_low(placed.select, now_us):
                return placed.part.transfer(sent, now_us)
            if placed.select == bus.cs and self._pins[placed.select].owner is not PinOwner.OUTPUT:
                # The bus selects it by itself, for one transfer.
                found = placed.part.transfer(sent, now_us)
                placed.part.deselect()
                return found
        is_joined = self._is_looped or self._lines.are_joined(bus.mosi, bus.miso)
        return sent if is_joined else OPEN_LINE * len(sent)

    def _is_low(self, number: int, now_us: int) -> bool:
        # An open line is held high by the part's own pull-up.
        return self._pins.line(number).is_driven and not self._pins[number].level(now_us)
