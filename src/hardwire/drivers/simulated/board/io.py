"""Digital pins as a function of the board: drive, read, stream, release."""

from collections.abc import Mapping, Sequence

from hardwire.drivers.simulated.board.budget import Budget
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.circuit.signal import HIGH, LOW, steady
from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.instants import next_mark_us
from hardwire.drivers.simulated.board.points import POINTS_US
from hardwire.model.board.pin import (
    DrivePin,
    PinLevel,
    PinOwner,
    ReadPin,
    ReleasePin,
    SetDrive,
    SetPull,
    StreamPin,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from hardwire.model.value import Value

EDGE_US = 1_000
EDGES_SAVED = 200
"""A board tells 1,000 changes a second of all its streams; of faster lines the last level only."""


class _Stream:
    """What the readers of a stream know."""

    __slots__ = ("level", "looked_us")

    def __init__(self) -> None:
        self.level: bool | None = None
        self.looked_us = 0
        """Until when they know every change."""


class Io:
    """The pins as their programs use them one by one."""

    commands: Sequence[type[Command]] = (DrivePin, ReadPin, StreamPin, SetDrive, SetPull, ReleasePin)

    def __init__(self, pins: Pins, tell: Tell) -> None:
        self._pins = pins
        self._tell = tell
        self._budget = Budget(EDGE_US, EDGES_SAVED)
        self._points = [(f"io{pin.number}", pin) for pin in pins.all()]
        self.power_on()

    def power_on(self) -> None:
        """End every stream."""
        self._streamed: dict[int, _Stream] = {}

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Do one thing to one pin."""
        match command:
            case DrivePin(number, level):
                self.drive(number, level=level)
            case ReadPin(number):
                self._pins.take(PinOwner.INPUT, number)
                return (PinLevel(number, self._pins[number].level(now_us)),)
            case StreamPin(number):
                self._pins.take(PinOwner.INPUT, number)
                self._streamed[number] = _Stream()
            case SetDrive(number, drive):
                self._pins.choose_drive(number, drive)
            case SetPull(number, pull):
                self._pins.choose_pull(number, pull)
            case ReleasePin(number):
                self._pins.clear(number)
        return ()

    def drive(self, number: int, *, level: bool) -> None:
        """Make a pin an output; a stream of it ends. Raises UnknownError where there is no such pin."""
        self._pins.take(PinOwner.OUTPUT, number)
        self._pins.put(number, steady(level))

    def advance(self, now_us: int) -> None:
        """Tell the changes of level that streams' readers do not know yet; another function ends a pin's stream."""
        for number, stream in list(self._streamed.items()):
            if self._pins[number].owner is PinOwner.INPUT:
                self._tell_changes(number, stream, now_us)
            else:
                del self._streamed[number]

    def next_change_us(self, now_us: int) -> int | None:
        """Return the next edge of a stream, or when the points of moving lines are looked at again."""
        moments = []
        for number, stream in self._streamed.items():
            history = self._pins[number].history
            edge_us = now_us if history.level(now_us) is not stream.level else history.next_edge_us(now_us)
            if edge_us is not None:
                moments.append(max(edge_us, self._budget.next_us(now_us)))
        for _, pin in self._points:
            signal = pin.history.signal
            # Asked behind every command: most lines stand still, which costs no call.
            if signal is not LOW and signal is not HIGH and signal.next_edge_us(now_us) is not None:
                moments.append(next_mark_us(now_us, POINTS_US))
                break
        return min(moments, default=None)

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return the level of each pin."""
        return {name: pin.history.level(now_us) for name, pin in self._points}

    def _tell_changes(self, number: int, stream: _Stream, now_us: int) -> None:
        """Tell each change in order as far as the budget goes, else only what has come of them."""
        history = self._pins[number].history
        since_us, stream.looked_us = stream.looked_us, now_us
        if stream.level is None:
            stream.level = history.level(now_us)
            self._tell(PinLevel(number, stream.level))
            return
        for edge in history.edges(since_us, now_us):
            if edge.level is not stream.level:
                if not self._budget.take(now_us):
                    break
                stream.level = edge.level
                self._tell(PinLevel(number, edge.level))
        level = history.level(now_us)
        if level is not stream.level and self._budget.take(now_us):
            stream.level = level
            self._tell(PinLevel(number, level))
