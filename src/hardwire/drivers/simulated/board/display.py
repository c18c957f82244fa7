"""The screen as a function of the board: clear it, write on it, draw on it."""

from collections.abc import Mapping, Sequence

from hardwire.drivers.simulated.board.hardware import Hardware
from hardwire.drivers.simulated.board.pins import Pins
from hardwire.drivers.simulated.board.screen import Screen
from hardwire.model.board.display import ClearDisplay, DrawPixels, NamePin, ShowText
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening
from hardwire.model.value import Value

PIN_LABEL_LIMIT = 9
"""Characters of a label (obniz reference, section 6.3, display function 5)."""


class Display:
    """The board's own screen."""

    commands: Sequence[type[Command]] = (ClearDisplay, ShowText, DrawPixels, NamePin)

    def __init__(self, hardware: Hardware, pins: Pins) -> None:
        self._hardware = hardware
        self._pins = pins
        self.power_on()

    def power_on(self) -> None:
        """Show nothing."""
        self._screen = Screen(self._hardware.screen_width, self._hardware.screen_height)

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Change what is shown."""
        match command:
            case ClearDisplay():
                self._screen.clear()
            case ShowText(text):
                self._screen.write(text)
            case DrawPixels(pixels, depth):
                self._draw(pixels, depth)
            case NamePin(number, label):
                # Checked first: a label beside no pin would be shown nowhere.
                self._pins[number]
                self._screen.label(number, label[:PIN_LABEL_LIMIT])
        return ()

    def advance(self, now_us: int) -> None:
        """Nothing moves by itself."""

    def next_change_us(self, now_us: int) -> int | None:
        """Nothing moves by itself."""
        return None

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return the text on the screen and the names beside the pins."""
        return {"display_text": self._screen.text, "display_labels": self._screen.labels}

    def _draw(self, pixels: bytes, depth: int) -> None:
        if depth != 1:
            raise BadValueError("this board's screen has one bit a pixel; send depth 1", path="depth")
        if len(pixels) > self._screen.picture_bytes:
            problem = f"a picture of this screen has {self._screen.picture_bytes} bytes, not {len(pixels)}"
            raise BadValueError(problem, path="pixels")
        # Pixels that the client leaves out stay dark.
        self._screen.draw(pixels.ljust(self._screen.picture_bytes, b"\0"))
