"""An obniz id: 8 digits, with or without a dash (obniz reference, section 1.2)."""


def canonical(text: str) -> str | None:
    """Return the id as `dddd-dddd`; None when it is none."""
    digits = text.replace("-", "")
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    return f"{digits[:4]}-{digits[4:]}"
