"""What a unit is called: `ABC-123` on the wire, with or without the dash and in any case when a client says it."""

import re
from collections.abc import Iterator

_LETTERS = 26
_SERIAL = re.compile(r"([A-Z]{3})-?([0-9]{3})")


def dashed(text: str) -> str | None:
    """Return the serial as messages show it, or None when the text is none.

    Source: ezeio reference, sections 1.5 and 4 (three letters, three digits; "any case, with or without dash").
    """
    # upper() makes two letters of one here and there ("ﬀ"), which would let strange texts in.
    found = _SERIAL.fullmatch(text.upper()) if text.isascii() else None
    return None if found is None else f"{found[1]}-{found[2]}"


def serials() -> Iterator[str]:
    """Yield the serials that the hub gives, in order: DEV-001 to DEV-999, then DEW-001 and so on."""
    first = _number_of("DEV")
    for number in range(first, _LETTERS**3):
        letters = "".join(chr(ord("A") + number // _LETTERS**place % _LETTERS) for place in (2, 1, 0))
        for digits in range(1, 1000):
            yield f"{letters}-{digits:03d}"


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A")
    return number
