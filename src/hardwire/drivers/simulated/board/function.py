"""What a function of the simulated board must be: pins, PWM, a serial port, the screen."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from hardwire.model.command import Command
from hardwire.model.fact import Happening
from hardwire.model.value import Value

Tell = Callable[[Happening], None]
"""Let every client of the board hear a happening: behind those told before it, at the end of this turn.

It may be called at any time, also by work that goes on outside the board: the board is woken.
"""

Start = Callable[[Coroutine[None, None, None]], None]
"""Run work beside the board, such as a connection: it ends with the board's task at the latest, and raises nothing."""


def no_answers(now_us: int) -> Sequence[Happening]:
    """Answer nothing."""
    return ()


class Later(Struct, frozen=True):
    """The outcome of a command that takes its time: it holds all later ones until then, while the board lives on."""

    until_us: int
    answers: Callable[[int], Sequence[Happening]] = no_answers
    """Called at that time, or a little later, for the one-shot answers; the argument is the time."""


Finish = Callable[[int], Sequence[Happening]]
"""Take over what was worked out, and return the one-shot answers; the argument is the time."""


class Aside(Struct, frozen=True):
    """The outcome of a command that takes computing: it holds all later ones until then, while the board lives on."""

    work: Callable[[], Finish]
    """Called in a thread of its own, so it touches nothing of the board; what it returns is called by the board.

    Both may raise a HardwireError: the command has failed.
    """


Outcome: TypeAlias = Sequence[Happening] | Later | Aside
"""What a command leads to: its one-shot answers at once, or later."""


class Function(Protocol):
    """One function of the board. Pure: time is an argument, and it waits for nothing.

    It is built with what it needs of the settings, the hardware and the board's pins, and with the board's `Tell`.
    Unit of all times: whole microseconds since 1970, by a clock that never goes back.
    """

    commands: Sequence[type[Command]]
    """What it carries out; each command belongs to one function."""

    def power_on(self) -> None:
        """Go back to how power-on leaves it: everything released, streams ended. Also the board's `Reset`."""
        ...

    def carry_out(self, command: Command, now_us: int) -> Outcome:
        """Carry out one of its commands and return the one-shot answers. Nothing has changed when it raises.

        Raises:
            CallerError: what is wrong with the command.
        """
        ...


@runtime_checkable
class Lively(Protocol):
    """A function that also does something although nobody asks: the board finds these two methods."""

    def advance(self, now_us: int) -> None:
        """Do, and tell, what has come due until now. Called behind every command too, whoever carried it out."""
        ...

    def next_change_us(self, now_us: int) -> int | None:
        """Return when `advance` should be called although nobody asks anything; None when there is nothing to do."""
        ...


@runtime_checkable
class Pointed(Protocol):
    """A function with points: the board finds this method."""

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return what its points hold now; the board tells those that are news."""
        ...
