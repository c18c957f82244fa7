"""What a point can hold."""

from typing import TypeAlias

Value: TypeAlias = bool | int | float | str | tuple[str, ...]
"""A boolean, a number, a text or a list of texts."""
