"""What a board complains about single pins: taken by another function, or loaded too heavily (section 6.3, io 0xff)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import debug
from hardwire.dialects.obniz.wire.family import quoted
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit
from hardwire.model.board.pin import PinFailed, PinOwner, PinTaken, PinWarned
from hardwire.model.fact import Happening

_MODULE = 2
_TAKEN = 0xF0
# By whether the level that cannot be reached is the high one.
_WARNED = {True: 1, False: 2}
_FAILED = {True: 3, False: 4}
_OWNERS = {
    PinOwner.NOBODY: "nobody",
    PinOwner.INPUT: "io.input",
    PinOwner.OUTPUT: "io.output",
    PinOwner.PWM: "pwm",
    PinOwner.UART: "uart",
    PinOwner.I2C: "i2c",
    PinOwner.SPI: "spi",
    PinOwner.LOGIC_ANALYZER: "logic_analyzer",
    PinOwner.MEASURE: "measure",
    PinOwner.CAN: "canbus",
}
_NUMBERED = {owner.value: owner for owner in PinOwner if owner is not PinOwner.CAN}


def _taken(happening: PinTaken) -> str:
    old, new = _OWNERS[happening.old], _OWNERS[happening.new]
    return debug.warning(f"io{happening.pin} was used by {old} and is taken by {new} now")


def _warned(happening: PinWarned) -> str:
    return f'{{"io{happening.pin}":{{"warning":{{"message":{quoted(happening.message)}}}}}}}'


def _failed(happening: PinFailed) -> str:
    return f'{{"io{happening.pin}":{{"error":{{"message":{quoted(happening.message)}}}}}}}'


ANSWERS: Mapping[type[Happening], Callable[[Any], str]] = {  # Any: the happening of that type
    PinTaken: _taken,
    PinWarned: _warned,
    PinFailed: _failed,
}


def _notice(error: int, pin: int, more: bytes = b"") -> bytes:
    # The first byte is an error of the board's own chip, the third the function that was asked for: both unknown here.
    return frame(_MODULE, debug.NOTICE, bytes((0, error, 0, pin)) + more)


def _taken_frame(happening: PinTaken) -> bytes | None:
    owners = (happening.old.value, happening.new.value)
    if any(owner not in _NUMBERED for owner in owners):
        return None
    return _notice(_TAKEN, happening.pin, bytes(owners))


FRAMED_ANSWERS: Mapping[type[Happening], Callable[[Any], bytes | None]] = {  # Any: the happening of that type
    PinTaken: _taken_frame,
    PinWarned: lambda happening: _notice(_WARNED[happening.level], happening.pin),
    PinFailed: lambda happening: _notice(_FAILED[happening.level], happening.pin),
}


def read(payload: bytes) -> Sequence[Happening]:
    """Read a notice about a pin, or one in the form that all modules have.

    Raises:
        Misfit: it names an error or a function that is not known.
    """
    if len(payload) <= debug.NOTICE_SIZE:
        return (debug.noticed("io", payload),)
    error, pin = payload[1], payload[3]
    match error:
        case 1 | 2:
            return (PinWarned(pin, f"the load is too heavy for the {_level(error)} level", error == 1),)
        case 3 | 4:
            message = f"the load is too heavy for the {_level(error)} level; the pin is an input now"
            return (PinFailed(pin, message, error == 3),)
        case _ if error == _TAKEN and len(payload) >= 6 and payload[4] in _NUMBERED and payload[5] in _NUMBERED:
            return (PinTaken(pin, _NUMBERED[payload[4]], _NUMBERED[payload[5]]),)
        case _:
            raise Misfit(f"{error} is no error of a pin")


def _level(error: int) -> str:
    return "high" if error % 2 else "low"
