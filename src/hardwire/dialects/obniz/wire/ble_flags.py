"""Sets of words as both encodings have them: an array of the words, or a number of one bit each."""

from enum import Flag
from typing import Any, TypeVar

from hardwire.dialects.obniz.wire.shape import Misfit, choice

F = TypeVar("F", bound=Flag)


def flags(value: Any, kind: type[F], field: str) -> F:  # Any: JSON
    """Return the set that an array of words names: those of `kind`, in lower case.

    Raises:
        Misfit: it is no array, or one of its elements is no such word.
    """
    if type(value) is not list:
        raise Misfit("an array of words is needed", field)
    words = {str(one.name).lower(): one for one in kind}
    found = kind(0)
    for word in value:
        found |= choice(word, words, field)
    return found


def flags_of_bits(bits: int, kind: type[F]) -> F:
    """Return the set that a number names.

    Raises:
        Misfit: a bit is set that stands for nothing.
    """
    try:
        return kind(bits)
    except ValueError:
        raise Misfit(f"{bits:#x} has bits that mean nothing") from None


def words(found: Flag) -> list[str]:
    """Return a set as an array of words."""
    return [str(one.name).lower() for one in found]
