"""What a board has not: commands for it are refused by its name."""

from collections.abc import Callable, Sequence

from hardwire.drivers.simulated.board.hardware import HARDWARE, Hardware
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


def absent_here(name: str, has: Callable[[Hardware], bool], commands: Sequence[type[Command]]) -> Absent:
    """Return what boards would have of which `has` is true; the sentence names the first of them."""
    other = next(kind for kind, hardware in HARDWARE.items() if has(hardware))
    return Absent(f'this board has no {name}; `hardware = "{other}"` has one', *commands)


def absent_anywhere(name: str, *commands: type[Command]) -> Absent:
    """Return what no simulated board has, whatever its hardware."""
    return Absent(f"a simulated board has no {name}", *commands)
