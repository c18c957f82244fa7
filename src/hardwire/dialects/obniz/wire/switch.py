"""The `switch` family (obniz reference, sections 3.13 and 6.3)."""

from collections.abc import Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Family, sized, unknown_command
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, choice, fields_of, needed
from hardwire.model.board.switch import ReadSwitch, SwitchMoved, SwitchPosition, SwitchRead
from hardwire.model.command import Command
from hardwire.model.fact import Happening

_MODULE = 9
_WORDS = {position.value: position for position in SwitchPosition}
_POSITIONS = (SwitchPosition.NONE, SwitchPosition.PUSH, SwitchPosition.LEFT, SwitchPosition.RIGHT)


def _decode(_number: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value != "get":
        raise unknown_command()
    return (ReadSwitch(),)


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    fields = fields_of(value, "")
    position = choice(needed(fields, "state"), _WORDS, ".state")
    return (SwitchRead(position) if fields.get("action") == "get" else SwitchMoved(position),)


def _position(payload: bytes) -> SwitchPosition:
    number = sized(payload, 1)[0]
    if number >= len(_POSITIONS):
        raise Misfit(f"{number} is no position")
    return _POSITIONS[number]


def _framed(function: int, position: SwitchPosition) -> bytes:
    return frame(_MODULE, function, bytes((_POSITIONS.index(position),)))


FAMILY = Family(
    name="switch",
    decode=_decode,
    module=_MODULE,
    functions={1: lambda payload: (ReadSwitch(),)},
    requests={ReadSwitch: lambda command: {"switch": "get"}},
    framed_requests={ReadSwitch: lambda command: frame(_MODULE, 1)},
    answers={
        SwitchRead: lambda happening: f'{{"switch":{{"state":"{happening.position.value}","action":"get"}}}}',
        SwitchMoved: lambda happening: f'{{"switch":{{"state":"{happening.position.value}"}}}}',
    },
    framed_answers={
        SwitchRead: lambda happening: _framed(1, happening.position),
        SwitchMoved: lambda happening: _framed(0, happening.position),
    },
    reports=_told,
    framed_reports={
        0: lambda payload: (SwitchMoved(_position(payload)),),
        1: lambda payload: (SwitchRead(_position(payload)),),
    },
)
