"""Texts from elsewhere, made safe for a terminal."""


def plain(text: str) -> str:
    """Return a text on one line in which nothing commands a terminal: devices, and other users, choose names."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )
