"""The self check as a function of the board: it tells which pins cannot reach their level."""

from collections.abc import Mapping, Sequence

from hardwire.drivers.simulated.board.pins import Pins
from hardwire.model.board.system import SelfCheck
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from hardwire.model.value import Value


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

    def advance(self, now_us: int) -> None:
        """It looks when it is asked."""

    def next_change_us(self, now_us: int) -> int | None:
        """It looks when it is asked."""
        return None

    def values(self, now_us: int) -> Mapping[str, Value]:
        """It has no point."""
        return {}
