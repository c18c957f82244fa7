"""What a board has not: commands for it are refused by its name."""

from collections.abc import Sequence

from hardwire.model.command import Command
from hardwire.model.errors import UnknownError
from hardwire.model.fact import Happening


class Absent:
    """A function that this kind of board lacks."""

    def __init__(self, name: str, commands: Sequence[type[Command]]) -> None:
        """`name` is what it is called with its article: `a switch`."""
        self._name = name
        self.commands = commands

    def power_on(self) -> None:
        """There is nothing."""

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Refuse. Raises UnknownError."""
        raise UnknownError(f"this board has not {self._name}; choose another `hardware` that has")
