"""The `switch` family (obniz reference, sections 3.13 and 6.3)."""

from collections.abc import Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Family, unknown_command
from hardwire.model.board.switch import ReadSwitch, SwitchMoved, SwitchRead
from hardwire.model.command import Command


def _decode(_number: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value != "get":
        raise unknown_command()
    return (ReadSwitch(),)


FAMILY = Family(
    name="switch",
    decode=_decode,
    module=9,
    functions={1: lambda payload: (ReadSwitch(),)},
    answers={
        SwitchRead: lambda happening: f'{{"switch":{{"state":"{happening.position.value}","action":"get"}}}}',
        SwitchMoved: lambda happening: f'{{"switch":{{"state":"{happening.position.value}"}}}}',
    },
)
