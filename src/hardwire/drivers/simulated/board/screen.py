"""The simulated board's screen: the text on it, the last picture, the names beside the pins."""

# The board's own font takes 8 x 16 pixels a character.
FONT_WIDTH = 8
FONT_HEIGHT = 16


class Screen:
    """What a person would see. Text runs on from line to line; at the bottom the screen scrolls."""

    def __init__(self, width: int, height: int) -> None:
        self.picture_bytes = width * height // 8
        self._columns = width // FONT_WIDTH
        self._rows = height // FONT_HEIGHT
        self._names: dict[int, str] = {}
        self.labels: tuple[str, ...] = ()
        """The names beside the pins, as `io3: button`."""
        self.clear()

    def clear(self) -> None:
        """Wipe text and picture; the names beside the pins stay."""
        self._lines = [""]
        self.text = ""
        """What is written on the screen, line by line."""
        self.picture = b""
        """The last picture, 8 pixels a byte; empty when there is none."""

    def write(self, text: str) -> None:
        """Write at the cursor, which is behind the last character."""
        # Only the last lines can stay in sight, so that the cost does not grow with the text.
        first, *others = text.replace("\r", "").split("\n")
        self._lines[-1:] = self._wrapped(self._lines[-1] + first)
        for line in others[-self._rows :]:
            self._lines += self._wrapped(line)
        self._lines = self._lines[-self._rows :]
        self.text = "\n".join(self._lines)

    def draw(self, picture: bytes) -> None:
        """Replace everything by a picture."""
        self.clear()
        self.picture = picture

    def label(self, pin: int, label: str) -> None:
        """Name a pin; an empty name takes the old one away."""
        self._names[pin] = label
        self.labels = tuple(f"io{number}: {name}" for number, name in sorted(self._names.items()) if name)

    def _wrapped(self, line: str) -> list[str]:
        starts = range(0, max(len(line), 1), self._columns)
        return [line[start : start + self._columns] for start in starts[-self._rows :]]
