"""The board's screen: text, codes, pixels, and the names beside the pins; only what it shows is ever answered."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class Correction(Enum):
    """How much of a QR code may be lost: about 7, 15, 25 or 30 %."""

    LOW = "L"
    MEDIUM = "M"
    QUARTILE = "Q"
    HIGH = "H"


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


class ShowQr(Command, frozen=True):
    """Clear the screen and draw a text as a QR code, two pixels a module (obniz reference, section 3.12)."""

    text: str
    correction: Correction = Correction.MEDIUM


class DrawColumns(Command, frozen=True):
    """Draw a picture of the whole screen, 8 pixels above each other a byte (binary only, obniz reference, 6.3)."""

    pixels: bytes


class ShowPinStates(Command, frozen=True):
    """Choose whether the screen shows the levels of the pins (binary only, obniz reference, section 6.3)."""

    is_wanted: bool


SCREEN_POINT = "display_text"
"""The point that holds the text on a screen: a device that has it has a screen to look at."""
SCALE_LIMIT = 8


class ReadDisplay(Command, frozen=True):
    """Give a picture of what the screen shows. Answer: one `DisplayShown`. For the hub's own API: no dialect asks."""

    scale: int = 1
    """How many pixels wide and high each pixel of the screen is, 1 to `SCALE_LIMIT`."""


class DisplayShown(Happening, frozen=True):
    """The answer to `ReadDisplay`: a PNG of the screen."""

    png: bytes
