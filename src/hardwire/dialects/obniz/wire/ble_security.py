"""What programs ask of Bluetooth's pairing, within the `ble` family (obniz reference, sections 3.22 and 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.ble_flags import flags, flags_of_bits, words
from hardwire.dialects.obniz.wire.ble_hci import MODULE
from hardwire.dialects.obniz.wire.family import Form, FrameDecoder, Written, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, certain, fields_of, needed, whole
from hardwire.model.board.ble_security import (
    Authentication,
    ForgetBonds,
    IndicateSecurityLevel,
    KeyType,
    SetAuthentication,
    SetKeySize,
    SetKeyTypes,
)
from hardwire.model.command import Command

# The vendor's schema means these limits too, in words that its validator does not know.
_MOST_LEVEL = 4
_SHORTEST_KEY, _LONGEST_KEY = 7, 16


def _auth(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SetAuthentication(flags(fields["auth"], Authentication, ".auth")),)


def _level(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    key = "indicate_security_level"
    return (IndicateSecurityLevel(whole(fields[key], 0, _MOST_LEVEL, f".{key}")),)


def _key(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    key = fields_of(fields["key"], ".key")
    commands: list[Command] = []
    if "type" in key:
        commands.append(SetKeyTypes(flags(key["type"], KeyType, ".key.type")))
    if "max_size" in key:
        commands.append(SetKeySize(whole(key["max_size"], _SHORTEST_KEY, _LONGEST_KEY, ".key.max_size")))
    if not commands:
        raise Misfit("a type or a max_size is needed", ".key")
    return commands


def _devices(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    within = ".devices"
    certain(needed(fields_of(fields["devices"], within), "clear", within), f"{within}.clear")
    return (ForgetBonds(),)


# In the order in which the vendor's codec carries several of one object out.
FORMS: Sequence[Form] = (
    ("auth", _auth),
    ("indicate_security_level", _level),
    ("key", _key),
    ("devices", _devices),
)
"""What `security` may hold."""


def _framed_level(payload: bytes) -> Sequence[Command]:
    return (IndicateSecurityLevel(whole(sized(payload, 1)[0], 0, _MOST_LEVEL, "")),)


def _framed_size(payload: bytes) -> Sequence[Command]:
    return (SetKeySize(whole(sized(payload, 1)[0], _SHORTEST_KEY, _LONGEST_KEY, "")),)


FUNCTIONS: Mapping[int, FrameDecoder] = {
    35: lambda payload: (SetAuthentication(flags_of_bits(sized(payload, 1)[0], Authentication)),),
    36: _framed_level,
    37: lambda payload: (SetKeyTypes(flags_of_bits(sized(payload, 1)[0], KeyType)),),
    38: _framed_size,
    40: lambda payload: (ForgetBonds(),),
}


def _written(security: Any) -> Written:  # Any: JSON
    return {"ble": {"security": security}}


REQUESTS: Mapping[type[Command], Callable[[Any], Written]] = {  # Any: the command of that type
    SetAuthentication: lambda command: _written({"auth": words(command.authentication)}),
    IndicateSecurityLevel: lambda command: _written({"indicate_security_level": command.level}),
    SetKeyTypes: lambda command: _written({"key": {"type": words(command.key_types)}}),
    SetKeySize: lambda command: _written({"key": {"max_size": command.size_bytes}}),
    ForgetBonds: lambda command: _written({"devices": {"clear": True}}),
}
FRAMED_REQUESTS: Mapping[type[Command], Callable[[Any], bytes]] = {  # Any: the command of that type
    SetAuthentication: lambda command: frame(MODULE, 35, bytes((command.authentication.value,))),
    IndicateSecurityLevel: lambda command: frame(MODULE, 36, bytes((command.level,))),
    SetKeyTypes: lambda command: frame(MODULE, 37, bytes((command.key_types.value,))),
    SetKeySize: lambda command: frame(MODULE, 38, bytes((command.size_bytes,))),
    ForgetBonds: lambda command: frame(MODULE, 40),
}
