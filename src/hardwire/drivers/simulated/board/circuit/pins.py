"""The board's pins: which function has each of them, and what is told when one takes a pin from another."""

from collections.abc import Iterable, Sequence

from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.circuit.line import Line
from hardwire.drivers.simulated.board.circuit.pin import Pin
from hardwire.drivers.simulated.board.circuit.signal import Signal
from hardwire.drivers.simulated.board.circuit.wiring import joined
from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.hardware import missing
from hardwire.drivers.simulated.board.instants import Moment
from hardwire.model.board.pin import Drive, PinOwner, PinTaken, Pull
from hardwire.model.errors import BadValueError, UnknownError

FIXED = (PinOwner.PWM, PinOwner.UART, PinOwner.I2C, PinOwner.SPI, PinOwner.CAN)
"""Functions that go on until they are stopped, so that a pin taken from them is worth telling.

Programs drive or pull a pin before they start a function on it, measure with it now and then, and watch it: no harm.
"""


class Pins:
    """Every pin of the board by number, on the lines that the bench makes of them."""

    def __init__(
        self,
        numbers: Sequence[int],
        tell: Tell,
        *,
        nets: Sequence[Sequence[str]] = (),
        generators: Sequence[Generator] = (),
    ) -> None:
        """Wire them up.

        Raises:
            BadValueError: `nets` or `generators` name a pin that the board has not.
        """
        self.moment = Moment()
        """When it is now: what is done to pins happens then."""
        self._tell = tell
        self._pins = {number: Pin(number) for number in numbers}
        self._generators = {generator.pin: generator.signal for generator in generators}
        for index, generator in enumerate(generators):
            if generator.pin not in self._pins:
                raise BadValueError(self._missing(generator.pin), path=f"generators[{index}].pin")
            self._pins[generator.pin].generator = generator.signal
        self._lines: dict[int, Line] = {}
        for net in joined(numbers, nets):
            line = Line([self._pins[number] for number in net], self.moment, tell)
            self._lines.update(dict.fromkeys(net, line))

    def power_on(self) -> None:
        """Give every pin back."""
        for number in self._pins:
            self.clear(number)

    def __getitem__(self, number: int) -> Pin:
        """Return a pin, to look at.

        Raises:
            UnknownError: the board has no such pin.
        """
        pin = self._pins.get(number)
        if pin is None:
            raise UnknownError(self._missing(number))
        return pin

    def line(self, number: int) -> Line:
        """Return the line that a pin is on. Raises UnknownError."""
        self[number]
        return self._lines[number]

    def all(self) -> Iterable[Pin]:
        """Return every pin."""
        return self._pins.values()

    def take(self, owner: PinOwner, *numbers: int | None, unit: int = 0) -> None:
        """Give pins to a function; None stands for a line that it does not use.

        `unit` is the number of the channel, where the function has several. Another function that had one of the
        pins loses it, and every client is told. A pin listens when it is taken, until something is `put` on its line;
        drive and pull stay as they were chosen. Nothing has changed when it raises.

        Raises:
            UnknownError: the board has no such pin.
        """
        for pin in [self[number] for number in numbers if number is not None]:
            old = pin.owner
            if old is owner and pin.unit == unit:
                continue
            if old is not owner and old in FIXED:
                self._tell(PinTaken(pin.number, old, owner))
            pin.owner = owner
            pin.unit = unit
            self.put(pin.number, None)

    def has(self, owner: PinOwner, number: int, unit: int = 0) -> bool:
        """Say whether a function, and this unit of it, still has a pin. Raises UnknownError."""
        pin = self[number]
        return pin.owner is owner and pin.unit == unit

    def put(self, number: int, signal: Signal | None) -> None:
        """Put a signal on a pin's line from this moment on; None only listens. Raises UnknownError."""
        self[number].output = signal
        self._lines[number].settle()

    def let_in(self, number: int, signal: Signal | None) -> None:
        """Let something outside drive a pin's line from this moment on; None ends it. Raises UnknownError."""
        self[number].outside = signal
        self._lines[number].settle()

    def choose_drive(self, number: int, drive: Drive) -> None:
        """Choose how a pin drives. Raises UnknownError."""
        self[number].drive = drive
        self._lines[number].settle()

    def choose_pull(self, number: int, pull: Pull) -> None:
        """Choose a pin's resistor. Raises UnknownError."""
        self[number].pull = pull
        self._lines[number].settle()

    def clear(self, number: int) -> None:
        """Give a pin back, whoever has it. Raises UnknownError."""
        self[number].clear()
        self._lines[number].settle(keeps=False)

    def release(self, owner: PinOwner, unit: int = 0) -> None:
        """Give back every pin that this function, and this unit of it, has."""
        for pin in self._pins.values():
            if pin.owner is owner and pin.unit == unit:
                self.clear(pin.number)

    def complain(self) -> None:
        """Tell of every pin that drives its line in vain."""
        for line in dict.fromkeys(self._lines.values()):
            line.complain()

    def next_edge_us(self, after_us: int, is_rising: bool) -> int | None:
        """Return when a generator of the bench goes up, or down, next; None where none ever does."""
        edges = []
        for signal in self._generators.values():
            edge_us = signal.next_edge_us(after_us)
            if edge_us is not None and signal.level(edge_us) is not is_rising:
                edge_us = signal.next_edge_us(edge_us)
            if edge_us is not None:
                edges.append(edge_us)
        return min(edges, default=None)

    def _missing(self, number: int) -> str:
        return missing("io", self._pins, number)
