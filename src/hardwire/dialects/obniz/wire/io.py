"""The `io` family: digital pins (obniz reference, sections 3.3 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import debug, pin_notices
from hardwire.dialects.obniz.wire.family import Family, Form, by_forms, sized, unknown_command
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, choice, fields_of, flag, needed
from hardwire.model.board.pin import (
    Drive,
    DrivePin,
    PinFailed,
    PinLevel,
    PinWarned,
    Pull,
    ReadPin,
    ReleasePin,
    SetDrive,
    SetPull,
    StreamPin,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

# The request schema stops at io11, the vendor's codec at io39, and ESP32 boards use io39 (section 3).
PINS = 40
_MODULE = 2

_DRIVES = {drive.value: drive for drive in Drive}
_PULLS = {pull.value: pull for pull in Pull}


def _direction(pin: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    match fields["direction"]:
        case "input":
            is_streamed = flag(fields.get("stream", False), ".stream")
            return (StreamPin(pin) if is_streamed else ReadPin(pin),)
        case "output":
            return (DrivePin(pin, flag(needed(fields, "value"), ".value")),)
        case _:
            raise Misfit("one of input, output is needed", ".direction")


def _output_type(pin: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SetDrive(pin, choice(fields["output_type"], _DRIVES, ".output_type")),)


def _pull_type(pin: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (SetPull(pin, choice(fields["pull_type"], _PULLS, ".pull_type")),)


_FORMS: Sequence[Form] = (("direction", _direction), ("output_type", _output_type), ("pull_type", _pull_type))


def _decode(pin: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if value is True or value is False:
        return (DrivePin(pin, value),)
    if value is None:
        return (ReleasePin(pin),)
    if type(value) is str:
        if value == "get":
            return (ReadPin(pin),)
        raise unknown_command()
    return by_forms(pin, value, _FORMS)


_FRAMED_DRIVES = {0: Drive.PUSH_PULL_5V, 2: Drive.PUSH_PULL_3V, 3: Drive.OPEN_DRAIN}
_FRAMED_PULLS = {0: Pull.FLOAT, 1: Pull.UP_3V, 2: Pull.DOWN, 3: Pull.UP_5V}


def _framed_output(payload: bytes) -> Sequence[Command]:
    pin, level = sized(payload, 2)
    return (DrivePin(pin, level > 0),)


def _framed_stream(payload: bytes) -> Sequence[Command]:
    return (StreamPin(sized(payload, 1)[0]),)


def _framed_read(payload: bytes) -> Sequence[Command]:
    return (ReadPin(sized(payload, 1)[0]),)


def _framed_drive(payload: bytes) -> Sequence[Command]:
    pin, drive = sized(payload, 2)
    if drive not in _FRAMED_DRIVES:
        raise Misfit(f"{drive} is no output type")
    return (SetDrive(pin, _FRAMED_DRIVES[drive]),)


def _framed_pull(payload: bytes) -> Sequence[Command]:
    pin, pull = sized(payload, 2)
    if pull not in _FRAMED_PULLS:
        raise Misfit(f"{pull} is no pull type")
    return (SetPull(pin, _FRAMED_PULLS[pull]),)


def _framed_end(payload: bytes) -> Sequence[Command]:
    return (ReleasePin(sized(payload, 1)[0]),)


_DRIVE_CODES = {drive: code for code, drive in _FRAMED_DRIVES.items()}
_PULL_CODES = {pull: code for code, pull in _FRAMED_PULLS.items()}


def _level(happening: PinLevel) -> str:
    # Never 0 or 1: obniz.js drops what is no boolean (section 1.8).
    return f'{{"io{happening.pin}":{"true" if happening.level else "false"}}}'


def _told(pin: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    if value is True or value is False:
        return (PinLevel(pin, value),)
    complaints = fields_of(value, "")
    happenings: list[Happening] = []
    if "warning" in complaints:
        happenings.append(PinWarned(pin, debug.message_of(complaints["warning"], ".warning")))
    if "error" in complaints:
        happenings.append(PinFailed(pin, debug.message_of(complaints["error"], ".error")))
    if not happenings:
        raise Misfit("a level, a warning or an error is needed")
    return happenings


def _framed_levels(payload: bytes) -> Sequence[Happening]:
    pairs = sized(payload, max(2, len(payload) & ~1))
    return tuple(PinLevel(pairs[at], pairs[at + 1] > 0) for at in range(0, len(pairs), 2))


FAMILY = Family(
    name="io",
    keys=PINS,
    decode=_decode,
    module=_MODULE,
    functions={
        0: _framed_output,
        1: _framed_stream,
        2: _framed_read,
        3: _framed_drive,
        4: _framed_pull,
        5: _framed_end,
    },
    requests={
        DrivePin: lambda command: {f"io{command.pin}": command.level},
        ReadPin: lambda command: {f"io{command.pin}": "get"},
        StreamPin: lambda command: {f"io{command.pin}": {"direction": "input", "stream": True}},
        SetDrive: lambda command: {f"io{command.pin}": {"output_type": command.drive.value}},
        SetPull: lambda command: {f"io{command.pin}": {"pull_type": command.pull.value}},
        ReleasePin: lambda command: {f"io{command.pin}": None},
    },
    framed_requests={
        DrivePin: lambda command: frame(_MODULE, 0, bytes((command.pin, command.level))),
        StreamPin: lambda command: frame(_MODULE, 1, bytes((command.pin,))),
        ReadPin: lambda command: frame(_MODULE, 2, bytes((command.pin,))),
        SetDrive: lambda command: frame(_MODULE, 3, bytes((command.pin, _DRIVE_CODES[command.drive]))),
        SetPull: lambda command: frame(_MODULE, 4, bytes((command.pin, _PULL_CODES[command.pull]))),
        ReleasePin: lambda command: frame(_MODULE, 5, bytes((command.pin,))),
    },
    answers={PinLevel: _level, **pin_notices.ANSWERS},
    framed_answers={
        PinLevel: lambda happening: frame(_MODULE, 1, bytes((happening.pin, happening.level))),
        **pin_notices.FRAMED_ANSWERS,
    },
    reports=_told,
    framed_reports={1: _framed_levels, 2: _framed_levels, debug.NOTICE: pin_notices.read},
)
