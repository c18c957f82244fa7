"""Digital pins as a function of the board: drive, read, stream, release."""

from collections.abc import Mapping, Sequence

from hardwire.drivers.simulated.board.bench import HALF_WAVE_US, next_mark_us
from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.pins import Pins
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


class Io:
    """The pins as their programs use them one by one."""

    commands: Sequence[type[Command]] = (DrivePin, ReadPin, StreamPin, SetDrive, SetPull, ReleasePin)

    def __init__(self, pins: Pins, tell: Tell) -> None:
        self._pins = pins
        self._tell = tell
        self._names = [(f"io{pin.number}", pin) for pin in pins.all()]
        self.power_on()

    def power_on(self) -> None:
        """End every stream."""
        self._streamed: dict[int, bool | None] = {}
        """The level that the readers of a stream know."""

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
                self._streamed[number] = None
            case SetDrive(number, drive):
                self._pins[number].drive = drive
            case SetPull(number, pull):
                self._pins[number].pull = pull
            case ReleasePin(number):
                self._pins[number].release()
                self._streamed.pop(number, None)
        return ()

    def drive(self, number: int, *, level: bool) -> None:
        """Make a pin an output; a stream of it ends. Raises UnknownError where there is no such pin."""
        self._pins.take(PinOwner.OUTPUT, number)
        self._pins[number].driven = level
        self._streamed.pop(number, None)

    def advance(self, now_us: int) -> None:
        """Tell the levels that streams' readers do not know yet."""
        for number, known in self._streamed.items():
            level = self._pins[number].level(now_us)
            if level is not known:
                self._streamed[number] = level
                self._tell(PinLevel(number, level))

    def next_change_us(self, now_us: int) -> int | None:
        """Return the next edge of the generator."""
        if any(pin.is_waving for pin in self._pins.all()):
            return next_mark_us(now_us, HALF_WAVE_US)
        return None

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return the level of each pin."""
        return {name: pin.level(now_us) for name, pin in self._names}
