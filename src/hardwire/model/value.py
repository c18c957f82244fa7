"""What a point can hold."""

from typing import TypeAlias

Value: TypeAlias = bool | int | float | str | tuple[str, ...]
"""A boolean, a number, a text or a list of texts."""

# Up to here every whole number has a double of its own (IEEE 754).
_WHOLE_IN_A_DOUBLE = 2.0**53


def number_text(value: int | float) -> str:
    """Return a number as people write it: `38.4`, `12`, never `12.0`."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE_IN_A_DOUBLE:
        return str(int(value))
    return str(value)
