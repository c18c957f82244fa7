"""The `debug` family: what went wrong, told to the client (obniz reference, section 4)."""

from collections.abc import Callable, Mapping
from typing import Any

from hardwire.dialects.obniz.wire.family import quoted
from hardwire.model.board.system import BoardFailed, BoardWarned
from hardwire.model.fact import Happening


def warning(message: str) -> str:
    """Return a warning as one JSON object: something was not done, and the rest was."""
    return f'{{"debug":{{"warning":{{"message":{quoted(message)}}}}}}}'


def error(message: str) -> str:
    """Return an error as one JSON object."""
    return f'{{"debug":{{"error":{{"message":{quoted(message)}}}}}}}'


ANSWERS: Mapping[type[Happening], Callable[[Any], str]] = {  # Any: the happening of that type
    BoardWarned: lambda happening: warning(happening.message),
    BoardFailed: lambda happening: error(happening.message),
}
