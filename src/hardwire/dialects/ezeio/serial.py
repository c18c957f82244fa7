"""What a unit is called: `ABC-123` on the wire, with or without the dash and in any case when a client says it."""

import re

_SERIAL = re.compile(r"([A-Z]{3})-?([0-9]{3})")


def dashed(text: str) -> str | None:
    """Return the serial as messages show it, or None when the text is none.

    Source: ezeio reference, sections 1.5 and 4 (three letters, three digits; "any case, with or without dash").
    """
    # upper() makes two letters of one here and there ("ﬀ"), which would let strange texts in.
    found = _SERIAL.fullmatch(text.upper()) if text.isascii() else None
    return None if found is None else f"{found[1]}-{found[2]}"
