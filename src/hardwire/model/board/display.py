"""The board's screen: text, pixels, and the names beside the pins. It answers nothing."""

from hardwire.model.command import Command


class ClearDisplay(Command, frozen=True):
    """Wipe the screen and put the cursor at its beginning; pin names stay."""


class ShowText(Command, frozen=True):
    """Write the text at the cursor in the board's own font."""

    text: str


class DrawPixels(Command, frozen=True):
    """Draw a picture of the whole screen, row by row from the top left.

    Depth 1: 8 pixels a byte, the leftmost in the highest bit. Depth 4: 2 pixels a byte, bits R, G, B,
    brightness. Depth 16: RGB565, big-endian (obniz reference, section 3.12).
    """

    pixels: bytes
    depth: int = 1


class NamePin(Command, frozen=True):
    """Show this label, at most 9 characters, beside the pin; an empty one takes it away."""

    pin: int
    label: str
