"""What a control command says: `field[12]=4711`, `register[2,34]=56`, `output[2]=100` (ezeio reference, `control`)."""

import math
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from hardwire.dialects.ezeio.path.arguments import FIELDS
from hardwire.dialects.ezeio.path.grammar import shown
from hardwire.dialects.ezeio.unit.outputs import ON_FROM, outputs_of
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError
from hardwire.model.point import Point, PointKind
from hardwire.model.unit import OUTPUTS, register_name
from hardwire.model.value import Value, number_text

WRITES_PER_CALL = 100
"""More do not fit into an address that servers and proxies let through."""

BUS_DEVICES = 40
REGISTERS = 150
"""What a unit has of them (ezeio reference, section 4)."""

_WRITE = re.compile(r"(field|register|output) *\[ *([0-9]{1,4}) *(?:, *([0-9]{1,4}) *)?\] *= *(.*)", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMBER_LENGTH = 40
# Beyond it a whole number is not the one that was written.
_WHOLE_LIMIT = 2.0**53

_FORMS = "field[12]=4711, register[2,34]=56 and output[2]=100"


class Write(Struct, frozen=True):
    """One command: what is to be set, to which number."""

    what: str
    """`field`, `register` or `output`."""
    numbers: tuple[int, ...]
    value: int | float

    @property
    def words(self) -> str:
        """What is to be set: `field 12`, `register 2,34`."""
        return f"{self.what} {','.join(map(str, self.numbers))}"

    @property
    def action(self) -> str:
        """What is reported of it: `Set field 12 to 888`."""
        return f"Set {self.words} to {number_text(self.value)}"

    @property
    def is_flush(self) -> bool:
        """Whether nothing is to be set: the unit sends what it has buffered."""
        return self.what == "field" and self.numbers == (0,)


def write_of(text: str) -> Write:
    """Return the command that a segment of the path holds, decoded.

    Raises:
        BadValueError: it is none, or its numbers are out of range; the sentence says what is known.
    """
    found = _WRITE.fullmatch(text.strip())
    if found is None:
        raise BadValueError(f"{shown(text)} is no command: {_FORMS} are known")
    what = found[1].lower()
    numbers = tuple(int(number) for number in (found[2], found[3]) if number is not None)
    write = Write(what, numbers, _number(found[4].strip(), f"{what}[{','.join(map(str, numbers))}]"))
    _check(write)
    return write


def steps_of(writes: Sequence[Write], device: Device, numbers: Mapping[str, int]) -> tuple[Mapping[str, Value], ...]:
    """Return what a device is to be told, step by step; `numbers` are its fields' by point.

    What is set twice in a call is set in two steps, so that a pulse is one. An empty step sends what is buffered.

    Raises:
        BadValueError: one of the commands cannot be carried out, so none is.
    """
    if not any(point.writable for point in device.points) and not all(write.is_flush for write in writes):
        raise BadValueError("This system has nothing that can be set")
    steps: list[dict[str, Value]] = []
    for write in writes:
        if write.is_flush:
            steps.append({})
            continue
        point = _point(write, device, numbers)
        if not steps or not steps[-1] or point.name in steps[-1]:
            steps.append({})
        steps[-1][point.name] = _fitting(write, point)
    return tuple(steps)


def _number(text: str, place: str) -> int | float:
    if len(text) > _NUMBER_LENGTH or not _NUMBER.fullmatch(text):
        raise BadValueError(f"{place} takes a number, not {shown(text) or 'nothing'}")
    number = float(text)
    if not math.isfinite(number):
        raise BadValueError(f"{place} takes no number as large as {shown(text)}")
    return int(number) if number.is_integer() and abs(number) < _WHOLE_LIMIT else number


def _check(write: Write) -> None:
    match write:
        case Write("field", (number,), value) if number <= FIELDS:
            if write.is_flush and value != 0:
                raise BadValueError("field[0] takes 0 only: it sends what is buffered and sets nothing")
        case Write("register", (device, register)) if 1 <= device <= BUS_DEVICES and 1 <= register <= REGISTERS:
            pass
        case Write("output", (number,), value) if 1 <= number <= OUTPUTS:
            if not 0 <= value <= 100:
                raise BadValueError(f"output[{number}] takes 0 to 100")
        case _:
            raise BadValueError(
                f"There is no {write.words}: fields are 1 to {FIELDS}, outputs 1 to {OUTPUTS}, "
                f"registers 1 to {REGISTERS} of devices 1 to {BUS_DEVICES}"
            )


def _point(write: Write, device: Device, numbers: Mapping[str, int]) -> Point:
    match write:
        case Write("field", (number,)):
            name = next((name for name, given in numbers.items() if given == number), "")
        case Write("output", (number,)):
            output = outputs_of(device).get(number)
            name = "" if output is None else output.name
        case _:
            name = register_name(*write.numbers)
    point = device.point(name)
    if point is None:
        raise BadValueError(f"The system has no {write.words}")
    if not point.writable:
        raise BadValueError(f"{write.words.capitalize()} is not writable")
    return point


def _fitting(write: Write, point: Point) -> Value:
    """The value as the point holds it."""
    if point.kind is PointKind.NUMBER:
        return write.value
    if point.kind is PointKind.FLAG and write.what == "output":
        return write.value >= ON_FROM
    if point.kind is PointKind.FLAG and write.value in (0, 1):
        return bool(write.value)
    raise BadValueError(f"{write.words.capitalize()} takes {'0 or 1' if point.kind is PointKind.FLAG else 'no number'}")
