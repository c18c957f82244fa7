"""Commands written for a board that speaks this dialect: as JSON, or as frames (obniz reference, sections 3 and 6)."""

from collections.abc import Iterable

from msgspec import json

from hardwire.dialects.obniz.wire.families import FRAMED_REQUESTS, REQUESTS
from hardwire.dialects.obniz.wire.family import Written
from hardwire.model.command import Command


def as_object(command: Command) -> Written | None:
    """Return a command as one object of the JSON encoding; None for one that it has no word for."""
    write = REQUESTS.get(type(command))
    return None if write is None else write(command)


def as_text(commands: Iterable[Command]) -> str:
    """Return commands as the text of one frame; those that the encoding has no word for are left out."""
    objects = [written for command in commands if (written := as_object(command)) is not None]
    return json.encode(objects).decode()


def as_frame(command: Command) -> bytes | None:
    """Return a command as frames, header included; None for one that has no binary form."""
    write = FRAMED_REQUESTS.get(type(command))
    return None if write is None else write(command)
