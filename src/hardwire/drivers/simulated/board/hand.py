"""A hand at the board as a function of it: people write points of the hub, and ask which board it is."""

from collections.abc import Mapping, Sequence

from hardwire.drivers.simulated.board.io import Io
from hardwire.drivers.simulated.board.switch import Switch, position_of
from hardwire.model.command import Command, Identify, WritePoints
from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.fact import Happening
from hardwire.model.value import Value


class Hand:
    """Drives pins and moves the switch as a person at the board would."""

    commands: Sequence[type[Command]] = (WritePoints, Identify)

    def __init__(self, numbers: Sequence[int], io: Io, switch: Switch | None) -> None:
        self._numbers = {f"io{number}": number for number in numbers}
        self._io = io
        self._switch = switch

    def power_on(self) -> None:
        """Stay."""

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Write points, all or none; identifying a board needs no more than saying yes."""
        if isinstance(command, WritePoints):
            self._write(command.values)
        return ()

    def _write(self, values: Mapping[str, Value]) -> None:
        levels: dict[int, bool] = {}
        moves = []
        for name, value in values.items():
            if name == "switch" and self._switch is not None:
                moves.append((self._switch, position_of(value)))
            elif name not in self._numbers:
                problem = f"{name} cannot be written; io pins and the switch can, where the board has them"
                raise CallerError(problem, code="not-writable", path=name)
            elif not isinstance(value, bool):
                raise BadValueError(f"{name} takes true or false", path=name)
            else:
                levels[self._numbers[name]] = value
        for number, level in levels.items():
            self._io.drive(number, level=level)
        for switch, position in moves:
            switch.move(position)
