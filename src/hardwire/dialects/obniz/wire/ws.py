"""The `ws` family: what a client wants of the link itself (obniz reference, sections 1.3, 1.4 and 3.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire.family import Family, Form, by_forms
from hardwire.dialects.obniz.wire.shape import flag
from hardwire.model.board.system import ResetWhenLeft
from hardwire.model.command import Command

RESET_WHEN_LEFT = "reset_obniz_on_ws_disconnection"


def ready(hw: str, firmware: str, description: str = "") -> str:
    """Return the first frame: `ready` and `obniz` in one object, since every SDK fails on two (section 1.3)."""
    board = {"hw": hw, "firmware": firmware}
    if description:
        # A string that holds JSON: so the SDK wants it.
        board["metadata"] = json.encode({"description": description}).decode()
    return json.encode([{"ws": {"ready": True, "obniz": board}}]).decode()


def _reset_when_left(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (ResetWhenLeft(flag(fields[RESET_WHEN_LEFT], f".{RESET_WHEN_LEFT}")),)


_FORMS: Sequence[Form] = ((RESET_WHEN_LEFT, _reset_when_left),)

FAMILY = Family(name="ws", decode=lambda number, value: by_forms(number, value, _FORMS))
