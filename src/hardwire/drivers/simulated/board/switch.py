"""The switch as a function of the board: a hand moves it, programs ask for it and hear of it."""

from collections.abc import Mapping, Sequence

from hardwire.drivers.simulated.board.function import Tell
from hardwire.model.board.switch import ReadSwitch, SwitchMoved, SwitchPosition, SwitchRead
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening
from hardwire.model.value import Value


class Switch:
    """The board's own switch; it stays where a hand has put it, whatever the board does."""

    commands: Sequence[type[Command]] = (ReadSwitch,)

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._position = SwitchPosition.NONE

    def power_on(self) -> None:
        """Stay."""

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Tell the position."""
        return (SwitchRead(self._position),)

    def move(self, position: SwitchPosition) -> None:
        """Put it somewhere, as a hand would."""
        if position is not self._position:
            self._position = position
            self._tell(SwitchMoved(position))

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return the position."""
        return {"switch": self._position.value}


def position_of(value: Value) -> SwitchPosition:
    """Return the position of that name. Raises BadValueError."""
    known = [position.value for position in SwitchPosition]
    if value not in known:
        raise BadValueError(f"switch takes one of {', '.join(known)}", path="switch")
    return SwitchPosition(value)
