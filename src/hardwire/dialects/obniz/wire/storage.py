"""The `storage` family: files on the board (obniz reference, sections 3.18 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, listed
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.payload import utf8
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, octets, text
from hardwire.model.board.storage import FileRead, ReadFile, SaveFile
from hardwire.model.command import Command
from hardwire.model.fact import Happening

# One byte says how long it is on the binary wire.
LONGEST_NAME_BYTES = 255


def _name(fields: Mapping[str, Any], within: str) -> str:
    place = f"{within}.fileName"
    name = text(needed(fields, "fileName", within), place)
    if len(name.encode()) > LONGEST_NAME_BYTES:
        raise Misfit(f"at most {LONGEST_NAME_BYTES} bytes of UTF-8 are taken", place)
    return name


def _save(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    file = fields_of(fields["save"], ".save")
    return (SaveFile(_name(file, ".save"), octets(needed(file, "data", ".save"), ".save.data")),)


def _read(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (ReadFile(_name(fields_of(fields["read"], ".read"), ".read")),)


_FORMS: Sequence[Form] = (("save", _save), ("read", _read))


def _saved(save: SaveFile) -> Written:
    return {"storage": {"save": {"fileName": save.name, "data": [*save.octets]}}}


def _split(payload: bytes) -> tuple[bytes, bytes]:
    """Return a name and what stands behind it."""
    if not payload or len(payload) <= payload[0]:
        raise Misfit("a name with its length before it is needed")
    name_after = 1 + payload[0]
    return payload[1:name_after], payload[name_after:]


def _framed_save(payload: bytes) -> Sequence[Command]:
    name, rest = _split(payload)
    return (SaveFile(utf8(name), rest),)


def _framed_read(payload: bytes) -> Sequence[Command]:
    name, rest = _split(payload)
    if rest:
        raise Misfit(f"{len(rest)} bytes too many stand behind the name")
    return (ReadFile(utf8(name)),)


def _named(name: str) -> bytes:
    # Cut for a board's sake, whose name may have been mended to more bytes than it had.
    octets = name.encode()[:LONGEST_NAME_BYTES]
    return bytes((len(octets),)) + octets


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    # JSON does not say of which file.
    return (FileRead("", octets(needed(fields_of(value, ""), "read"), ".read")),)


def _framed_told(payload: bytes) -> Sequence[Happening]:
    name, rest = _split(payload)
    return (FileRead(name.decode(errors="replace"), rest),)


FAMILY = Family(
    name="storage",
    module=17,
    decode=lambda number, value: by_forms(number, value, _FORMS),
    functions={0: _framed_save, 1: _framed_read},
    requests={
        SaveFile: _saved,
        ReadFile: lambda read: {"storage": {"read": {"fileName": read.name}}},
    },
    framed_requests={
        SaveFile: lambda save: frame(17, 0, _named(save.name) + save.octets),
        ReadFile: lambda read: frame(17, 1, _named(read.name)),
    },
    answers={FileRead: lambda read: f'{{"storage":{{"read":{listed(read.octets)}}}}}'},
    framed_answers={FileRead: lambda read: frame(17, 1, _named(read.name) + read.octets)},
    reports=_told,
    framed_reports={1: _framed_told},
)
