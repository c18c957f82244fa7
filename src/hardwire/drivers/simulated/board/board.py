"""The simulated board itself: commands and time in, answers and happenings out; it never waits."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta

from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.clock import Clock
from hardwire.drivers.simulated.board.demo import furnished
from hardwire.drivers.simulated.board.fittings import Shared, fittings
from hardwire.drivers.simulated.board.function import Aside, Finish, Function, Later, Lively, Outcome, Pointed, Start
from hardwire.drivers.simulated.board.gathering import Gathering
from hardwire.drivers.simulated.board.hardware import HARDWARE
from hardwire.drivers.simulated.board.instants import NEVER_US, at_us, unix_us
from hardwire.drivers.simulated.board.news import News
from hardwire.drivers.simulated.board.power import Power
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.drivers.simulated.board.visits import Visits
from hardwire.model.board.pin import PinOwner, ReadPin
from hardwire.model.board.switch import ReadSwitch
from hardwire.model.board.system import PingBoard
from hardwire.model.command import Command
from hardwire.model.errors import CallerError
from hardwire.model.fact import Happening
from hardwire.model.value import Value

QUESTIONS = frozenset((PingBoard, ReadSwitch))
"""What changes nothing on the board and is asked often."""
LONGEST_REST = timedelta(seconds=1)
"""How long nothing may happen before the board shows that it is there."""
SHORTEST_REST_US = 1_000
"""How soon the board is looked at again at the soonest: what happens in between is exact all the same."""


def nobody_to_wake() -> None:
    """Be the `wake` of a board that is looked at anyway."""


def start_nothing(work: Coroutine[None, None, None]) -> None:
    """Be the `start` of a board without an outside."""
    work.close()


class Board:
    """A board that works like a real one as far as its clients can see.

    After `carry_out`, and whenever `next_change` has come, `advance` tells what all clients should hear, and
    `changed_points` what the points hold now. Time never goes back, whatever the clock says.
    """

    def __init__(
        self, settings: Settings, *, wake: Callable[[], None] = nobody_to_wake, start: Start = start_nothing
    ) -> None:
        """Build a board that was just switched on.

        `wake` is called when there is something to tell. `start` runs what needs the world outside.
        `settings.hardware` is one of `HARDWARE`.

        Raises:
            BadValueError: a setting names what this hardware has not.
        """
        hardware = HARDWARE[settings.hardware]
        settings = furnished(settings, hardware)
        self._told: list[Happening] = []
        self._wake = wake
        tell = self._tell
        self._pins = Pins(hardware.pins, tell, nets=settings.nets, generators=settings.generators)
        self._clock = Clock()
        self._gathering = Gathering(self._clock)
        self._power = Power(self._power_on, self._pins.next_edge_us)
        self._visits = Visits(self._power_on)
        self._functions: Sequence[Function] = (
            self._power,
            self._clock,
            self._gathering,
            self._visits,
            *fittings(settings, hardware, Shared(self._pins, tell, start, self._step)),
        )
        self._lively = [function for function in self._functions if isinstance(function, Lively)]
        self._news = News([function for function in self._functions if isinstance(function, Pointed)])
        self._by_command = {command: function for function in self._functions for command in function.commands}
        self._due_us = 0
        """When a function has something to do; 0 where that has to be asked again."""
        self._is_in_turn = False
        """Whether it is being looked at, so that nobody needs to be woken for what it tells."""
        self.is_touched = False
        """Whether the last command may have changed anything."""

    def is_offline(self, now: datetime) -> bool:
        """Say whether the board is away because it sleeps or reboots."""
        return self._power.is_offline(unix_us(now))

    @property
    def why_offline(self) -> str:
        """Why it is away, or was the last time, for people."""
        return self._power.reason

    def leave(self, now: datetime) -> None:
        """Learn that the last client has left, though commands of it may follow."""
        self._advance(self._at(now))
        self._visits.leave()
        self._news.touch()

    def meet(self) -> None:
        """Learn that a client has come where there was none."""
        self._visits.meet()

    def carry_out(self, command: Command, now: datetime) -> Outcome:
        """Carry out a command and return its one-shot answers. Nothing has changed when it raises.

        Raises:
            CallerError: code `unsupported` for a command that no board knows, else what is wrong with it.
        """
        function = self._by_command.get(type(command))
        if function is None:
            raise CallerError(f"a simulated board does not know {type(command).__name__}", code="unsupported")
        now_us = self._at(now)
        # A ping looks at nothing, and what it comes behind is told by who looks after the board, not here.
        if now_us >= self._due_us and type(command) is not PingBoard:
            # What had happened before the command is told before what it brings about.
            self._advance(now_us)
        self.is_touched = not self._only_asks(command)
        self._is_in_turn = True
        try:
            outcome = function.carry_out(command, now_us)
        finally:
            self._is_in_turn = False
        if self.is_touched:
            self._due_us = 0
            self._news.touch()
        return outcome if isinstance(outcome, Later | Aside) else self._gathering.stamped(outcome, now_us)

    def finish(self, finish: Finish, now: datetime) -> Sequence[Happening]:
        """Return the one-shot answers of a command that took its time, which is over now.

        Raises:
            CallerError: it has failed.
        """
        now_us = self._at(now)
        self._advance(now_us)
        self._due_us = 0
        return self._gathering.stamped(finish(now_us), now_us)

    def advance(self, now: datetime) -> Sequence[Happening]:
        """Return what has happened until now that every client should hear, in order."""
        now_us = self._at(now)
        self._advance(now_us)
        self._due_us = 0
        told = tuple(self._told)
        self._told.clear()
        return self._gathering.let_out(told, now_us)

    def changed_points(self, now: datetime) -> Mapping[str, Value]:
        """Return the points whose values are news since the last call."""
        return self._news.values(self._at(now))

    def next_change(self, now: datetime) -> datetime:
        """Return when the board should be looked at again although nobody asks anything."""
        now_us = self._at(now)
        if self._power.offline_until_us is not None and now_us < self._power.offline_until_us:
            return at_us(self._power.offline_until_us)
        moments = [moment for function in self._lively if (moment := function.next_change_us(now_us)) is not None]
        owed_us = self._news.next_us()
        if owed_us is not None:
            moments.append(owed_us)
        self._due_us = min(moments, default=NEVER_US)
        return min(now + LONGEST_REST, at_us(max(self._due_us, now_us + SHORTEST_REST_US)))

    def _tell(self, happening: Happening) -> None:
        self._told.append(happening)
        if not self._is_in_turn:
            self._wake()

    def _only_asks(self, command: Command) -> bool:
        """Say whether a command changes nothing: a pin that listens already is only looked at. Raises UnknownError."""
        if type(command) is ReadPin:
            return self._pins.has(PinOwner.INPUT, command.pin)
        return type(command) in QUESTIONS

    def _at(self, now: datetime) -> int:
        """Let it be that time, or the latest one that it has been; return it."""
        moment = self._pins.moment
        moment.us = max(moment.us, unix_us(now))
        return moment.us

    def _step(self, command: Command, at_us: int) -> None:
        """Carry out what an animation does at an instant, by the exact time. Raises CallerError."""
        self._pins.moment.us = at_us
        self._news.move()
        self._by_command[type(command)].carry_out(command, at_us)

    def _advance(self, now_us: int) -> None:
        self._is_in_turn = True
        for function in self._lively:
            function.advance(now_us)
            # Steps of animations were taken at instants of their own.
            self._pins.moment.us = now_us
        self._is_in_turn = False

    def _power_on(self) -> None:
        self._pins.power_on()
        for function in self._functions:
            function.power_on()
