"""Visits as a function of the board: what it does when its last client has left."""

from collections.abc import Callable, Sequence

from hardwire.model.board.system import EndVisit, ResetWhenLeft
from hardwire.model.command import Command
from hardwire.model.fact import Happening


class Visits:
    """Whether anybody is there, and whether somebody wanted a reset behind the last one (obniz reference, 1.4)."""

    commands: Sequence[type[Command]] = (ResetWhenLeft, EndVisit)

    def __init__(self, restart: Callable[[], None]) -> None:
        """`restart` brings all functions of the board back to power-on."""
        self._restart = restart
        self._is_left = False
        self._is_reset_when_left = False
        self._is_reset_behind_visit = False

    def power_on(self) -> None:
        """Keep what the clients that are there have asked for."""

    def leave(self) -> None:
        """Learn that the last client has left, though commands of it may follow."""
        self._is_left = True
        self._is_reset_behind_visit = False
        self._reset_behind_visit()

    def meet(self) -> None:
        """Learn that a client has come where there was none."""
        self._is_left = False
        self._is_reset_behind_visit = False

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Note the wish, or reset behind what a gone client had waiting."""
        match command:
            case ResetWhenLeft(is_wanted):
                self._is_reset_when_left = is_wanted
            case EndVisit():
                if self._is_left:
                    self._reset_behind_visit()
        return ()

    def _reset_behind_visit(self) -> None:
        self._is_reset_behind_visit |= self._is_reset_when_left
        self._is_reset_when_left = False
        if self._is_reset_behind_visit:
            self._restart()
