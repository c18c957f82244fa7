"""What an encoding cannot say of a word, and where the vendor's codec differs: each with its reason."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct


class Loss(Struct, frozen=True):
    """What one encoding makes of a command or happening that it cannot carry whole."""

    why: str
    left: Callable[[Any], tuple[Any, ...] | None]  # Any: the word of the type that the loss stands under
    """The word -> what is read again when it was written; None where it has no form in this encoding."""


class Deviation(Struct, frozen=True):
    """Where the vendor's own codec does something else than this hub, on purpose or by its bugs."""

    why: str
    is_met: Callable[[Any], bool] = lambda word: True  # Any: the word of the type that the deviation stands under
    """Whether it shows in this word."""
    still_reads: bool = False
    """Whether what the vendor's encoder makes is read as the same command all the same."""
