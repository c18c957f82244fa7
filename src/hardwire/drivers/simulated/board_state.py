"""The simulated board itself: commands and time in, answers and happenings out; it never waits."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from hardwire.drivers.simulated.board_bench import HALF_WAVE_MS, next_mark, sine_v, unix_ms
from hardwire.drivers.simulated.board_hardware import Hardware
from hardwire.drivers.simulated.board_pin import Owner, Pin
from hardwire.drivers.simulated.board_screen import Screen
from hardwire.model.board.analog import AnalogValue, ReadAnalog, StopAnalog, StreamAnalog
from hardwire.model.board.display import ClearDisplay, DrawPixels, NamePin, ShowText
from hardwire.model.board.pin import DrivePin, PinLevel, ReadPin, ReleasePin, SetDrive, SetPull, StreamPin
from hardwire.model.board.switch import ReadSwitch, SwitchMoved, SwitchPosition, SwitchRead
from hardwire.model.board.system import EndVisit, PingBoard, Pong, Reboot, Reset, ResetWhenLeft
from hardwire.model.command import Command, Identify, WritePoints
from hardwire.model.errors import BadValueError, CallerError, UnknownError
from hardwire.model.fact import Happening
from hardwire.model.value import Value

REBOOT_TAKES = timedelta(seconds=1)

ANALOG_STREAM_MS = 100
"""How often a streamed channel is looked at."""
ANALOG_STREAM_V = 0.010
"""By how much it must have moved to be told again."""
ANALOG_POINT_MS = 1_000
"""How often the points of all channels get new values."""

PIN_LABEL_LIMIT = 9
"""Characters of a label (obniz reference, section 6.3, display function 5)."""


class _Told(Struct, frozen=True):
    """The voltage that a stream's readers know, with the tenth of a second in which it was told."""

    mark: int
    volts: float


class Board:
    """A board that works like a real one as far as its clients can see.

    After `carry_out`, and whenever `next_change` has come, `advance` tells what all clients should hear, and
    `changed_points` what the points hold now.
    """

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware
        self._switch = SwitchPosition.NONE
        self._is_left = False
        self._is_reset_when_left = False
        self._is_reset_behind_visit = False
        self._offline_until: datetime | None = None
        self._told: list[Happening] = []
        self._shown: dict[str, Value] = {}
        self._shown_mark = -1
        self._power_on()

    def _power_on(self) -> None:
        self._pins = {number: Pin(number) for number in self._hardware.pins}
        self._named_pins = [(f"io{number}", pin) for number, pin in self._pins.items()]
        self._streamed: dict[int, _Told | None] = {}
        self._screen = Screen(self._hardware.screen_width, self._hardware.screen_height)

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

    def carry_out(self, command: Command, now: datetime) -> tuple[Happening, ...]:
        """Carry out a command and return its one-shot answers. Nothing has changed when it raises.

        Raises:
            CallerError: code `unsupported` for a command that no board knows, else what is wrong with it.
        """
        match command:
            case DrivePin(pin, level):
                self._drive(pin, level=level)
            case ReadPin(pin):
                return (PinLevel(pin, self._pin(pin).read(now)),)
            case StreamPin(pin):
                self._pin(pin).stream()
            case SetDrive(pin, drive):
                self._pin(pin).drive = drive
            case SetPull(pin, pull):
                self._pin(pin).pull = pull
            case ReleasePin(pin):
                self._release(pin)
            case ReadAnalog(channel):
                self._check_channel(channel)
                return (AnalogValue(channel, self._volts(channel, now)),)
            case StreamAnalog(channel):
                self._stream(channel)
            case StopAnalog(channel):
                self._check_channel(channel)
                self._streamed.pop(channel, None)
            case ClearDisplay():
                self._screen.clear()
            case ShowText(text):
                self._screen.write(text)
            case DrawPixels(pixels, depth):
                self._draw(pixels, depth)
            case NamePin(pin, label):
                self._pin(pin)
                self._screen.label(pin, label[:PIN_LABEL_LIMIT])
            case ReadSwitch():
                return (SwitchRead(self._switch),)
            case PingBoard(key):
                return (Pong(key, unix_ms(now)),)
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

    def advance(self, now: datetime) -> tuple[Happening, ...]:
        """Return what has happened until now that every client should hear, in order."""
        told, self._told = self._told, []
        for number, pin in self._pins.items():
            if pin.is_streamed and (level := pin.level(now)) is not pin.told:
                pin.told = level
                told.append(PinLevel(number, level))
        mark = unix_ms(now) // ANALOG_STREAM_MS
        for channel, known in self._streamed.items():
            if known is not None and known.mark == mark:
                continue
            volts = self._volts(channel, now)
            if known is None or abs(volts - known.volts) >= ANALOG_STREAM_V:
                self._streamed[channel] = _Told(mark, volts)
                told.append(AnalogValue(channel, volts))
        return tuple(told)

    def changed_points(self, now: datetime) -> Mapping[str, Value]:
        """Return the points whose values are news since the last call; those of the channels once a second."""
        news: dict[str, Value] = {}
        shown = self._shown
        for name, pin in self._named_pins:
            level = pin.level(now)
            if shown.get(name) is not level:
                shown[name] = news[name] = level
        for name, value in (
            ("switch", self._switch.value),
            ("display_text", self._screen.text),
            ("display_labels", self._screen.labels),
        ):
            if shown.get(name) != value:
                shown[name] = news[name] = value
        mark = unix_ms(now) // ANALOG_POINT_MS
        if mark != self._shown_mark:
            self._shown_mark = mark
            news.update({f"ad{channel}": self._volts(channel, now) for channel in self._hardware.channels})
        return news

    def next_change(self, now: datetime) -> datetime:
        """Return when the board should be looked at again although nobody asks anything."""
        if self._offline_until is not None and now < self._offline_until:
            return self._offline_until
        grid_ms = ANALOG_POINT_MS
        if any(pin.is_waving for pin in self._pins.values()):
            grid_ms = HALF_WAVE_MS
        moments = [next_mark(now, grid_ms)]
        if self._streamed:
            moments.append(next_mark(now, ANALOG_STREAM_MS))
        return min(moments)

    def _reset_behind_visit(self) -> None:
        self._is_reset_behind_visit |= self._is_reset_when_left
        self._is_reset_when_left = False
        if self._is_reset_behind_visit:
            self._power_on()

    def _pin(self, number: int) -> Pin:
        pin = self._pins.get(number)
        if pin is None:
            raise UnknownError(f"this board has no io{number}; it has {_listed('io', self._hardware.pins)}")
        return pin

    def _drive(self, number: int, *, level: bool) -> None:
        self._pin(number).put_out(level=level)

    def _release(self, number: int) -> None:
        self._pin(number).release()

    def _volts(self, channel: int, now: datetime) -> float:
        pin = self._pins[channel]
        return pin.volts() if pin.owner is Owner.OUTPUT else sine_v(channel, now)

    def _stream(self, channel: int) -> None:
        # Measuring takes the pin from nobody: parts drive a pin and measure the same one (obniz.js, Potentiometer).
        self._check_channel(channel)
        self._streamed[channel] = None

    def _check_channel(self, channel: int) -> None:
        if channel not in self._hardware.channels:
            raise UnknownError(f"this board has no ad{channel}; it has {_listed('ad', self._hardware.channels)}")

    def _draw(self, pixels: bytes, depth: int) -> None:
        if depth != 1:
            raise BadValueError("this board's screen has one bit a pixel; send depth 1", path="depth")
        if len(pixels) > self._screen.picture_bytes:
            problem = f"a picture of this screen has {self._screen.picture_bytes} bytes, not {len(pixels)}"
            raise BadValueError(problem, path="pixels")
        # Pixels that the client leaves out stay dark.
        self._screen.draw(pixels.ljust(self._screen.picture_bytes, b"\0"))

    def _write(self, values: Mapping[str, Value]) -> None:
        """Drive pins and move the switch as a person at the board would; all values are checked first."""
        levels: dict[int, bool] = {}
        position = self._switch
        names = {f"io{number}": number for number in self._pins}
        for name, value in values.items():
            if name == "switch":
                position = _position(value)
            elif name not in names:
                problem = f"{name} cannot be written; io pins and the switch can"
                raise CallerError(problem, code="not-writable", path=name)
            elif not isinstance(value, bool):
                raise BadValueError(f"{name} takes true or false", path=name)
            else:
                levels[names[name]] = value
        for number, level in levels.items():
            self._drive(number, level=level)
        if position is not self._switch:
            self._switch = position
            self._told.append(SwitchMoved(position))


def _position(value: Value) -> SwitchPosition:
    known = [position.value for position in SwitchPosition]
    if value not in known:
        raise BadValueError(f"switch takes one of {', '.join(known)}", path="switch")
    return SwitchPosition(value)


def _listed(prefix: str, numbers: tuple[int, ...]) -> str:
    return f"{prefix}{numbers[0]} to {prefix}{numbers[-1]}"
