"""The `debug` family: what went wrong, told to the client (obniz reference, section 4)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import quoted
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, text
from hardwire.model.board.system import BoardFailed, BoardWarned
from hardwire.model.fact import Happening

NOTICE = 0xFF
"""The function by which any module tells of an error (obniz reference, section 6.1)."""
NOTICE_SIZE = 3
"""The size of a notice in the form that all modules have; some have others beside it."""


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


def reported(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    """Read what a board complains about.

    Raises:
        Misfit: it is neither a warning nor an error with a message.
    """
    complaints = fields_of(value, "")
    happenings: list[Happening] = []
    if "warning" in complaints:
        happenings.append(BoardWarned(message_of(complaints["warning"], ".warning")))
    if "error" in complaints:
        happenings.append(BoardFailed(message_of(complaints["error"], ".error")))
    if not happenings:
        raise Misfit("a warning or an error is needed")
    return happenings


def noticed(name: str, payload: bytes) -> BoardFailed:
    """Return a module's error notice in words (obniz reference, section 6.1). Never raises."""
    if len(payload) == NOTICE_SIZE:
        error, detail, function = payload
        return BoardFailed(f"{name}: function {function} failed with error {error}, {detail}")
    return BoardFailed(f"{name} failed: {payload[:60].hex(' ')}")


def message_of(complaint: Any, field: str) -> str:  # Any: JSON
    """Return the sentence of `{"message": "..."}`, which is what every warning and error looks like.

    Raises:
        Misfit: it looks different.
    """
    return text(needed(fields_of(complaint, field), "message", field), f"{field}.message")
