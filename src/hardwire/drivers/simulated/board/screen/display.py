"""The screen as a function of the board: clear it, write on it, draw on it, look at it."""

from collections.abc import Mapping, Sequence
from functools import partial

from hardwire.drivers.simulated.board import extras
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.function import Aside, Finish, Outcome
from hardwire.drivers.simulated.board.hardware import Hardware
from hardwire.drivers.simulated.board.screen.screen import Picture, Screen, View
from hardwire.model.board.display import (
    SCALE_LIMIT,
    ClearDisplay,
    DisplayShown,
    DrawColumns,
    DrawPixels,
    NamePin,
    ReadDisplay,
    ShowPinStates,
    ShowQr,
    ShowText,
)
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening
from hardwire.model.value import Value

PIN_LABEL_LIMIT = 9
"""Characters of a label (obniz reference, section 6.3, display function 5)."""

# As the vendor's own client draws a code: 2 x 2 pixels a module at the top left, one light module around it.
PIXELS_PER_MODULE = 2
QUIET_MODULES = 1


class Display:
    """The board's own screen."""

    commands: Sequence[type[Command]] = (
        ClearDisplay,
        ShowText,
        DrawPixels,
        DrawColumns,
        NamePin,
        ShowPinStates,
        ShowQr,
        ReadDisplay,
    )

    def __init__(self, hardware: Hardware, pins: Pins) -> None:
        self._hardware = hardware
        self._pins = pins
        self.power_on()

    def power_on(self) -> None:
        """Show nothing."""
        hardware = self._hardware
        self._screen = Screen(
            hardware.screen_width,
            hardware.screen_height,
            has_colours=max(hardware.screen_depths, default=1) > 1,
            is_paper=hardware.screen_is_paper,
        )
        self._has_states = False

    def carry_out(self, command: Command, now_us: int) -> Outcome:
        """Change what is shown, or make a picture of it.

        Raises:
            UnknownError: no such pin.
            BadValueError: what to draw does not fit this screen.
        """
        match command:
            case ClearDisplay():
                self._screen.clear()
            case ShowText(text):
                self._screen.write(text)
            case DrawPixels(pixels, depth):
                self._draw(pixels, depth)
            case DrawColumns(pixels):
                self._draw(pixels, 1, has_columns=True)
            case NamePin(number, label):
                # obniz.js takes the address of a 24LC256 for a pin: a label beside no pin is shown nowhere.
                if any(pin.number == number for pin in self._pins.all()):
                    self._screen.label(number, label[:PIN_LABEL_LIMIT])
            case ShowPinStates(is_wanted):
                self._has_states = is_wanted
            case ShowQr():
                return Aside(partial(self._encode, command, self._screen))
            case _:
                assert isinstance(command, ReadDisplay)
                if not 1 <= command.scale <= SCALE_LIMIT:
                    raise BadValueError(f"scale is a number from 1 to {SCALE_LIMIT}", path="scale")
                shown = self._pins.all() if self._has_states else ()
                levels = {pin.number: pin.level(now_us) for pin in shown}
                return Aside(partial(_painted, self._screen.view(levels), command.scale))
        return ()

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return the text on the screen and the names beside the pins."""
        return {"display_text": self._screen.text, "display_labels": self._screen.labels}

    def _draw(self, pixels: bytes, depth: int, *, has_columns: bool = False) -> None:
        depths = self._hardware.screen_depths
        if depth not in depths:
            problem = f"this board's screen takes pictures of depth {', '.join(map(str, depths))}, not {depth}"
            raise BadValueError(problem, path="depth")
        size_bytes = self._screen.size_bytes(depth)
        if len(pixels) > size_bytes:
            problem = f"a picture of this screen has {size_bytes} bytes, not {len(pixels)}"
            raise BadValueError(problem, path="pixels")
        # Pixels that the client leaves out stay dark.
        self._screen.draw(Picture(pixels.ljust(size_bytes, b"\0"), depth, has_columns))

    def _encode(self, command: ShowQr, screen: Screen) -> Finish:
        """Make the code, aside; `screen` is the one that was there when it was asked for."""
        width, height = self._hardware.screen_width, self._hardware.screen_height
        size_limit = min(width, height) // PIXELS_PER_MODULE - 2 * QUIET_MODULES
        rows = extras.qr_modules(command.text, command.correction, size_limit)
        if rows is None:
            problem = f"a QR code of this text does not fit a screen of {width} x {height} pixels; shorten the text"
            raise BadValueError(problem, path="text")
        picture = Picture(_code_pixels(rows, width, height, is_paper=self._hardware.screen_is_paper))

        def show(now_us: int) -> Sequence[Happening]:
            screen.draw(picture)
            return ()

        return show


def _painted(view: View, scale: int) -> Finish:
    png = extras.paint(view, scale)
    return lambda now_us: (DisplayShown(png),)


def _code_pixels(rows: Sequence[bytes], width: int, height: int, *, is_paper: bool) -> bytes:
    """Return the picture of a code: light modules are lit, on paper the dark ones are inked."""
    margin = bytes(len(rows) + 2 * QUIET_MODULES)
    framed = [margin, *(bytes(QUIET_MODULES) + row + bytes(QUIET_MODULES) for row in rows), margin]
    lines = []
    for row in framed:
        bits = "".join(("1" if dark == is_paper else "0") * PIXELS_PER_MODULE for dark in map(bool, row))
        lines += [int(bits.ljust(width, "0"), 2).to_bytes(width // 8, "big")] * PIXELS_PER_MODULE
    return b"".join(lines).ljust(width * height // 8, b"\0")
