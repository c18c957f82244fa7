"""The vocabulary of a board."""

from collections.abc import Iterator

import pytest
from msgspec import Struct

from hardwire.model.board import analog, display, message, pin, switch, system
from hardwire.model.command import Command
from hardwire.model.fact import Happening


def words() -> Iterator[type[Struct]]:
    """Every request and happening of every family."""
    for family in (analog, display, message, pin, switch, system):
        for word in vars(family).values():
            if isinstance(word, type) and issubclass(word, Command | Happening) and word.__module__ == family.__name__:
                yield word


@pytest.mark.parametrize("word", list(words()), ids=lambda word: word.__name__)
def test_a_word_is_a_value_with_a_contract(word: type[Struct]) -> None:
    assert word.__struct_config__.frozen
    assert word.__doc__


def test_requests_with_the_same_fields_are_equal() -> None:
    assert pin.DrivePin(0, True) == pin.DrivePin(0, True)
    assert pin.DrivePin(0, True) != pin.DrivePin(0, False)


def test_a_picture_has_one_bit_a_pixel_unless_it_says_otherwise() -> None:
    assert display.DrawPixels(b"\xff").depth == 1
