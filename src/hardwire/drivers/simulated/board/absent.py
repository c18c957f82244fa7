"""What a board has not: commands for it are refused by its name."""

from collections.abc import Sequence

from hardwire.model.command import Command
from hardwire.model.errors import UnknownError
from hardwire.model.fact import Happening


class Absent:
    """A function that this kind of board lacks, or every simulated one."""

    def __init__(self, problem: str, *commands: type[Command]) -> None:
        """`problem` is the sentence for whoever asks."""
        self._problem = problem
        self.commands: Sequence[type[Command]] = commands

    def power_on(self) -> None:
        """There is nothing."""

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Refuse. Raises UnknownError."""
        raise UnknownError(self._problem)


def absent_here(name: str, commands: Sequence[type[Command]]) -> Absent:
    """Return what another kind of board would have; `name` as in "a switch"."""
    return Absent(f"this board has not {name}; choose another `hardware` that has", *commands)


def absent_anywhere(name: str, *commands: type[Command]) -> Absent:
    """Return what no simulated board has, whatever its hardware."""
    return Absent(f"a simulated board has no {name}", *commands)
