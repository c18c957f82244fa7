"""What a function of the simulated board must be: pins, PWM, a serial port, the screen."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from hardwire.model.command import Command
from hardwire.model.fact import Happening
from hardwire.model.value import Value

Tell = Callable[[Happening], None]
"""Let every client of the board hear a happening: behind those told before it, at the end of this turn."""


class Function(Protocol):
    """One function of the board. Pure: time is an argument, and it waits for nothing.

    Unit of all times: whole microseconds since 1970, by a clock that never goes back.
    """

    commands: Sequence[type[Command]]
    """What it carries out; each command belongs to one function."""

    def power_on(self) -> None:
        """Go back to how power-on leaves it: everything released, streams ended. Also the board's `Reset`."""
        ...

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Carry out one of its commands and return the one-shot answers. Nothing has changed when it raises.

        Raises:
            CallerError: what is wrong with the command.
        """
        ...

    def advance(self, now_us: int) -> None:
        """Do, and tell, what has come due until now."""
        ...

    def next_change_us(self, now_us: int) -> int | None:
        """Return when `advance` should be called although nobody asks anything; None when there is nothing to do."""
        ...

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return what the points of this function hold now; the board tells those that are news."""
        ...
