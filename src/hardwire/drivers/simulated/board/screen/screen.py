"""The simulated board's screen: the text on it, the last picture, the names beside the pins; painted when asked for."""

from collections.abc import Mapping

from msgspec import Struct

# The board's own font takes 8 x 16 pixels a character.
FONT_WIDTH = 8
FONT_HEIGHT = 16


class Picture(Struct, frozen=True):
    """A picture of the whole screen as it was sent (`DrawPixels`, `DrawColumns`)."""

    pixels: bytes
    depth: int = 1
    """Bits a pixel."""
    has_columns: bool = False
    """Whether each byte holds 8 pixels above each other, the topmost in the lowest bit, instead of a row's pixels."""


class View(Struct, frozen=True):
    """What is to be seen at one moment: all that painting it takes."""

    width: int
    height: int
    has_colours: bool
    is_paper: bool
    """Whether what is lit is dark, on white paper."""
    picture: Picture | None
    scrolled_px: int
    """How far the picture has moved up."""
    lines: tuple[str, ...]
    labels: tuple[str, ...]
    """The names beside the pins, as `3 led`; seen below the text while there is no picture, as far as they fit."""


class Screen:
    """What a person would see. Text runs on from line to line; at the bottom everything scrolls."""

    def __init__(self, width: int, height: int, *, has_colours: bool = False, is_paper: bool = False) -> None:
        self._width = width
        self._height = height
        self._has_colours = has_colours
        self._is_paper = is_paper
        self._columns = width // FONT_WIDTH
        self._rows = height // FONT_HEIGHT
        self._names: dict[int, str] = {}
        self.labels: tuple[str, ...] = ()
        """The names beside the pins, as `io3: button`."""
        self.clear()

    def clear(self) -> None:
        """Wipe text and picture, and put the cursor at the top left; the names beside the pins stay."""
        self._lines = [""]
        self._picture: Picture | None = None
        self._scrolled = 0
        self.text = ""
        """What is written on the screen, line by line."""

    def write(self, text: str) -> None:
        """Write at the cursor, which is behind the last character, over what is drawn there."""
        # Only the last lines can stay in sight, so that the cost does not grow with the text.
        first, *others = text.replace("\r", "").split("\n")
        self._append(self._wrapped(self._lines.pop() + first))
        if len(others) > self._rows:
            self._scrolled += len(others) - self._rows
            others = others[-self._rows :]
        for line in others:
            self._append(self._wrapped(line))
        self.text = "\n".join(self._lines)

    def draw(self, picture: Picture) -> None:
        """Replace everything by a picture; the cursor goes to the top left."""
        self.clear()
        self._picture = picture

    def size_bytes(self, depth: int) -> int:
        """Return how many bytes a picture of that depth has."""
        return self._width * self._height * depth // 8

    def label(self, pin: int, label: str) -> None:
        """Name a pin; an empty name takes the old one away."""
        self._names[pin] = label
        self.labels = tuple(f"io{number}: {name}" for number, name in sorted(self._names.items()) if name)

    def view(self, levels: Mapping[int, bool]) -> View:
        """Return what is to be seen now; `levels` are those of the pins that are shown with their level."""
        numbers = sorted({*levels, *(number for number, name in self._names.items() if name)})
        return View(
            width=self._width,
            height=self._height,
            has_colours=self._has_colours,
            is_paper=self._is_paper,
            picture=self._picture,
            scrolled_px=min(self._scrolled * FONT_HEIGHT, self._height),
            lines=tuple(self._lines),
            labels=tuple(self._beside(number, levels.get(number)) for number in numbers),
        )

    def _beside(self, number: int, level: bool | None) -> str:
        mark = "" if level is None else "=1" if level else "=0"
        return f"{number}{mark} {self._names.get(number, '')}".strip()

    def _append(self, lines: list[str]) -> None:
        self._lines += lines
        gone = max(0, len(self._lines) - self._rows)
        self._scrolled += gone
        del self._lines[:gone]

    def _wrapped(self, line: str) -> list[str]:
        starts = range(0, max(len(line), 1), self._columns)
        gone = max(0, len(starts) - self._rows)
        self._scrolled += gone
        return [line[start : start + self._columns] for start in starts[gone:]]
