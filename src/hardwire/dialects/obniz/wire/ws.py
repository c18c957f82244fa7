"""The `ws` family: what a client wants of the link itself (obniz reference, sections 1.3, 1.4 and 3.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, json

from hardwire.dialects.obniz.wire.family import Family, Form, by_forms
from hardwire.dialects.obniz.wire.shape import flag
from hardwire.model.board.system import ResetWhenLeft
from hardwire.model.command import Command

RESET_WHEN_LEFT = "reset_obniz_on_ws_disconnection"


class Greeting(Struct, frozen=True, kw_only=True):
    """What a program is told of its board before anything else."""

    hw: str
    firmware: str
    description: str = ""
    online_at_s: int | None = None
    """Since when the board is online. Unit: unix s; None where nobody knows."""
    local_ip: str = ""
    """`host:port` of a direct link to the board; empty where there is none."""


def ready(greeting: Greeting) -> str:
    """Return the first frame: `ready` and `obniz` in one object, since every SDK fails on two (section 1.3)."""
    board: dict[str, object] = {"hw": greeting.hw, "firmware": greeting.firmware}
    if greeting.description:
        # A string that holds JSON: so the SDK wants it.
        board["metadata"] = json.encode({"description": greeting.description}).decode()
    if greeting.online_at_s is not None:
        board["connected_network"] = {"online_at": greeting.online_at_s}
    link: dict[str, object] = {"ready": True, "obniz": board}
    if greeting.local_ip:
        link["local_connect"] = {"ip": greeting.local_ip}
    return json.encode([{"ws": link}]).decode()


def redirect(target: str) -> str:
    """Return the frame that sends a program to another origin, instead of `ready` (section 1.5)."""
    return json.encode([{"ws": {"redirect": target}}]).decode()


def _reset_when_left(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (ResetWhenLeft(flag(fields[RESET_WHEN_LEFT], f".{RESET_WHEN_LEFT}")),)


_FORMS: Sequence[Form] = ((RESET_WHEN_LEFT, _reset_when_left),)

FAMILY = Family(
    name="ws",
    decode=lambda number, value: by_forms(number, value, _FORMS),
    requests={ResetWhenLeft: lambda wish: {"ws": {RESET_WHEN_LEFT: wish.is_wanted}}},
)
