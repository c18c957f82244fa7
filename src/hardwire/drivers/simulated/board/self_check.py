"""The self check as a function of the board: it tells which pins cannot reach their level."""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.model.board.system import SelfCheck
from hardwire.model.command import Command
from hardwire.model.fact import Happening


class Checker:
    """A look at every line; a board whose pins are well says nothing."""

    commands: Sequence[type[Command]] = (SelfCheck,)

    def __init__(self, pins: Pins) -> None:
        self._pins = pins

    def power_on(self) -> None:
        """There is nothing to forget."""

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Tell of every pin that is overloaded now, told before or not."""
        self._pins.complain()
        return ()
