"""The simulated board itself: commands and time in, answers and happenings out; it never waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hardwire.drivers.simulated.board.ad import Ad
from hardwire.drivers.simulated.board.bench import at_us, unix_us
from hardwire.drivers.simulated.board.display import Display
from hardwire.drivers.simulated.board.function import Function
from hardwire.drivers.simulated.board.hardware import Hardware
from hardwire.drivers.simulated.board.io import Io
from hardwire.drivers.simulated.board.pins import Pins
from hardwire.drivers.simulated.board.switch import Switch, position_of
from hardwire.model.board.system import EndVisit, PingBoard, Pong, Reboot, Reset, ResetWhenLeft
from hardwire.model.command import Command, Identify, WritePoints
from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.fact import Happening
from hardwire.model.value import Value

REBOOT_TAKES = timedelta(seconds=1)
LONGEST_REST = timedelta(seconds=1)
"""How long nothing may happen before the board shows that it is there."""


class Board:
    """A board that works like a real one as far as its clients can see.

    After `carry_out`, and whenever `next_change` has come, `advance` tells what all clients should hear, and
    `changed_points` what the points hold now.
    """

    def __init__(self, hardware: Hardware) -> None:
        self._told: list[Happening] = []
        tell = self._told.append
        self._pins = Pins(hardware.pins, tell)
        self._io = Io(self._pins, tell)
        self._switch = Switch(tell)
        self._functions: Sequence[Function] = (
            self._io,
            Ad(hardware.channels, self._pins, tell),
            Display(hardware, self._pins),
            self._switch,
        )
        self._by_command = {command: function for function in self._functions for command in function.commands}
        self._is_left = False
        self._is_reset_when_left = False
        self._is_reset_behind_visit = False
        self._offline_until: datetime | None = None
        self._shown: dict[str, Value] = {}

    def is_offline(self, now: datetime) -> bool:
        """Say whether the board is away because it reboots."""
        return self._offline_until is not None and now < self._offline_until

    def leave(self) -> None:
        """Learn that the last client has left, though commands of it may follow."""
        self._is_left = True
        self._is_reset_behind_visit = False
        self._reset_behind_visit()

    def meet(self) -> None:
        """Learn that a client has come where there was none."""
        self._is_left = False
        self._is_reset_behind_visit = False

    def carry_out(self, command: Command, now: datetime) -> Sequence[Happening]:
        """Carry out a command and return its one-shot answers. Nothing has changed when it raises.

        Raises:
            CallerError: code `unsupported` for a command that no board knows, else what is wrong with it.
        """
        function = self._by_command.get(type(command))
        if function is not None:
            return function.carry_out(command, unix_us(now))
        match command:
            case PingBoard(key, sent_ms):
                return (Pong(key, unix_us(now) // 1_000, sent_ms),)
            case ResetWhenLeft(is_wanted):
                self._is_reset_when_left = is_wanted
            case EndVisit():
                if self._is_left:
                    self._reset_behind_visit()
            case Reset():
                self._power_on()
            case Reboot():
                self._power_on()
                self._offline_until = now + REBOOT_TAKES
            case WritePoints(values):
                self._write(values)
            case Identify():
                pass
            case _:
                problem = f"a simulated board does not know {type(command).__name__}"
                raise CallerError(problem, code="unsupported")
        return ()

    def advance(self, now: datetime) -> Sequence[Happening]:
        """Return what has happened until now that every client should hear, in order."""
        now_us = unix_us(now)
        for function in self._functions:
            function.advance(now_us)
        told = tuple(self._told)
        # Emptied in place: every function appends to this very list.
        self._told.clear()
        return told

    def changed_points(self, now: datetime) -> Mapping[str, Value]:
        """Return the points whose values are news since the last call."""
        now_us = unix_us(now)
        shown = self._shown
        news: dict[str, Value] = {}
        for function in self._functions:
            for name, value in function.values(now_us).items():
                if shown.get(name) != value:
                    shown[name] = news[name] = value
        return news

    def next_change(self, now: datetime) -> datetime:
        """Return when the board should be looked at again although nobody asks anything."""
        if self._offline_until is not None and now < self._offline_until:
            return self._offline_until
        now_us = unix_us(now)
        moments = [moment for function in self._functions if (moment := function.next_change_us(now_us)) is not None]
        rest_until = now + LONGEST_REST
        return min(rest_until, at_us(min(moments))) if moments else rest_until

    def _power_on(self) -> None:
        self._pins.power_on()
        for function in self._functions:
            function.power_on()

    def _reset_behind_visit(self) -> None:
        self._is_reset_behind_visit |= self._is_reset_when_left
        self._is_reset_when_left = False
        if self._is_reset_behind_visit:
            self._power_on()

    def _write(self, values: Mapping[str, Value]) -> None:
        """Drive pins and move the switch as a person at the board would; all values are checked first."""
        levels: dict[int, bool] = {}
        position = None
        names = {f"io{pin.number}": pin.number for pin in self._pins.all()}
        for name, value in values.items():
            if name == "switch":
                position = position_of(value)
            elif name not in names:
                problem = f"{name} cannot be written; io pins and the switch can"
                raise CallerError(problem, code="not-writable", path=name)
            elif not isinstance(value, bool):
                raise BadValueError(f"{name} takes true or false", path=name)
            else:
                levels[names[name]] = value
        for number, level in levels.items():
            self._io.drive(number, level=level)
        if position is not None:
            self._switch.move(position)
