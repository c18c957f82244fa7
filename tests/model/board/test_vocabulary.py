"""The vocabulary of a board."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from msgspec import Struct

import hardwire.model.board
from hardwire.model.board import display, pin
from hardwire.model.command import Command
from hardwire.model.fact import Happening


def words() -> Iterator[type[Struct]]:
    """Every request and happening of every family."""
    for found in iter_modules(hardwire.model.board.__path__, "hardwire.model.board."):
        family = import_module(found.name)
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
