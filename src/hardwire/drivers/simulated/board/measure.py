"""Measuring as a function of the board: it sends a pulse and times the edges that come back."""

from collections.abc import Sequence
from functools import partial
from itertools import islice

from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.circuit.signal import Pulse, steady
from hardwire.drivers.simulated.board.echo import BURST_US, Echo
from hardwire.drivers.simulated.board.function import Later
from hardwire.model.board.measure import MOST_EDGES, EchoMeasured, Edge, MeasureEcho
from hardwire.model.board.pin import PinOwner
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

# obniz reference, section 3.11: 0.001 to 1000 ms.
LONGEST_US = 1_000_000


class Measure:
    """It holds the board until the edges are there or its time is over; then its pins are plain ones again."""

    commands: Sequence[type[Command]] = (MeasureEcho,)

    def __init__(self, pins: Pins, echo: Echo | None) -> None:
        self._pins = pins
        self._echo = echo

    def power_on(self) -> None:
        """Nothing is left of what it measured."""

    def carry_out(self, command: Command, now_us: int) -> Later:
        """Send the pulse."""
        assert isinstance(command, MeasureEcho)
        _check(command)
        pins = self._pins
        pins.take(PinOwner.MEASURE, command.pulse_pin, command.echo_pin)
        ended_us = now_us + command.pulse_us
        pins.put(command.pulse_pin, Pulse(command.is_positive, now_us, ended_us))
        if self._echo is not None:
            heard_us = ended_us + BURST_US
            pins.let_in(command.echo_pin, Pulse(True, heard_us, heard_us + self._echo.flight_us))
        # As it looks now; an animation may still move a line before that.
        edges = self._edges(command, ended_us, ended_us + command.timeout_us)
        is_complete = len(edges) == command.edges
        waited_us = edges[-1].after_us + 1 if is_complete else command.timeout_us
        return Later(ended_us + waited_us, partial(self._answer, command, ended_us))

    def _answer(self, command: MeasureEcho, ended_us: int, now_us: int) -> Sequence[Happening]:
        edges = self._edges(command, ended_us, ended_us + command.timeout_us)
        pins = self._pins
        if pins.has(PinOwner.MEASURE, command.echo_pin):
            pins.let_in(command.echo_pin, None)
            pins.take(PinOwner.INPUT, command.echo_pin)
        if pins.has(PinOwner.MEASURE, command.pulse_pin):
            pins.take(PinOwner.OUTPUT, command.pulse_pin)
            pins.put(command.pulse_pin, steady(not command.is_positive))
        return (EchoMeasured(edges),)

    def _edges(self, command: MeasureEcho, ended_us: int, until_us: int) -> tuple[Edge, ...]:
        """Return the first edges of the echo line from the end of the pulse, which counts, on."""
        history = self._pins[command.echo_pin].history
        first = islice(history.edges(ended_us - 1, until_us), command.edges)
        return tuple(Edge(edge.level, edge.at_us - ended_us) for edge in first)


def _check(command: MeasureEcho) -> None:
    if not 1 <= command.pulse_us <= LONGEST_US:
        raise BadValueError(f"a pulse takes 1 to {LONGEST_US} us", path="pulse_us")
    if not 1 <= command.timeout_us <= LONGEST_US:
        raise BadValueError(f"a measurement takes 1 to {LONGEST_US} us", path="timeout_us")
    if not 1 <= command.edges <= MOST_EDGES:
        raise BadValueError(f"a measurement has 1 to {MOST_EDGES} edges", path="edges")
