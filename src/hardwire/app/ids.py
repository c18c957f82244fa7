"""What a device, or a group, may be called where commands, paths and files name it."""

ID_LIMIT = 64


def trouble_of(id: str, what: str) -> str | None:
    """Return the sentence of what is wrong with an id; None where nothing is. `what` is whose it is, `a device's`."""
    letters_fit = all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in id)
    if not 0 < len(id) <= ID_LIMIT or not letters_fit:
        return f"{what} id is made of letters, digits, - and _, at most {ID_LIMIT} of them"
    if id.startswith("-"):
        # Every command would take it for an option.
        return f"{what} id does not begin with -"
    return None
