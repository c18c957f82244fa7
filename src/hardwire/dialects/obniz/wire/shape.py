"""What a JSON value must be: checks that return the value in its own type, or say what is wrong with it."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
# Boards with an ESP32 count their pins up to 39; the schema allows one more (obniz reference, section 3).
MOST_PIN = 40
JSON_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}


class Misfit(Exception):
    """A value is not what a command needs. `field` says where in the command, as `.to` or `.0.pin_name`."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def named(value: Any) -> str:  # Any: JSON
    """Return the JSON name of a value's type."""
    return JSON_NAMES.get(type(value), "null")


def fields_of(value: Any, field: str) -> dict[str, Any]:  # Any: JSON
    """Return an object.

    Raises:
        Misfit: it is something else.
    """
    if type(value) is not dict:
        raise Misfit(f"an object is needed, not {named(value)}", field)
    return value


def needed(fields: Mapping[str, Any], name: str, within: str = "") -> Any:  # Any: JSON
    """Return a field that must be there; `within` is where its object stands in the command.

    Raises:
        Misfit: it is missing.
    """
    try:
        return fields[name]
    except KeyError:
        raise Misfit("missing", f"{within}.{name}") from None


def flag(value: Any, field: str) -> bool:  # Any: JSON
    """Return a boolean; 0 and 1 are none.

    Raises:
        Misfit: it is something else.
    """
    if value is True or value is False:
        return bool(value)
    raise Misfit(f"a boolean is needed, not {named(value)}", field)


def certain(value: Any, field: str) -> None:  # Any: JSON
    """Check for the only value that some fields may have, `true`.

    Raises:
        Misfit: it is something else.
    """
    if value is not True:
        raise Misfit("only true means something here", field)


def whole(value: Any, minimum: int, maximum: int, field: str) -> int:  # Any: JSON
    """Return an integer of the range; `5.0` counts, since JSON knows one kind of number only.

    Raises:
        Misfit: it is no integer or out of range.
    """
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise Misfit(f"an integer is needed, not {value if type(value) is float else named(value)}", field)
    if value < minimum:
        raise Misfit(f"Value {_shown(value)} is less than minimum {minimum}", field)
    if value > maximum:
        raise Misfit(f"Value {_shown(value)} is greater than maximum {maximum}", field)
    return value


def number(value: Any, minimum: float, maximum: float, field: str) -> int | float:  # Any: JSON
    """Return a number of the range.

    Raises:
        Misfit: it is no number or out of range.
    """
    if type(value) is not int and type(value) is not float:
        raise Misfit(f"a number is needed, not {named(value)}", field)
    if value < minimum:
        raise Misfit(f"Value {_shown(value)} is less than minimum {minimum}", field)
    if value > maximum:
        raise Misfit(f"Value {_shown(value)} is greater than maximum {maximum}", field)
    return value


def pin(value: Any, field: str) -> int:  # Any: JSON
    """Return the number of a pin: 0 to 40 (obniz reference, section 3; a board says which of them it has).

    Raises:
        Misfit: it is something else.
    """
    return whole(value, 0, MOST_PIN, field)


def pin_or_none(fields: Mapping[str, Any], name: str, within: str = "") -> int | None:  # Any: JSON
    """Return the number of a pin that may be missing or null: then it is not used.

    Raises:
        Misfit: it is something else.
    """
    value = fields.get(name)
    return None if value is None else pin(value, f"{within}.{name}")


def distinct(pins: Mapping[str, int | None], within: str = "") -> None:
    """Check that no pin is named twice; names of fields to pins, those that are not used do not count.

    Raises:
        Misfit: two fields name the same pin.
    """
    taken: dict[int, str] = {}
    for name, one in pins.items():
        if one is not None:
            first = taken.setdefault(one, name)
            if first != name:
                raise Misfit(f"pin {one} is {first} already", f"{within}.{name}")


def only(fields: Mapping[str, Any], names: Collection[str], field: str) -> None:  # Any: JSON
    """Check an object that may hold nothing else.

    Raises:
        Misfit: it holds another field.
    """
    for name in fields:
        if name not in names:
            raise Misfit(f"only {', '.join(names)} may be here", field)


def text(value: Any, field: str, shortest: int = 0, longest: int | None = None) -> str:  # Any: JSON
    """Return a string, of a length in characters if one is asked for.

    Raises:
        Misfit: it is something else.
    """
    if type(value) is not str:
        raise Misfit(f"a string is needed, not {named(value)}", field)
    if len(value) < shortest or (longest is not None and len(value) > longest):
        raise Misfit(f"a string of {shortest} to {longest} characters is needed, not {len(value)}", field)
    return value


def octets(value: Any, field: str, longest: int | None = None) -> bytes:  # Any: JSON
    """Return an array of integers 0 to 255 as bytes. Fast: a colour picture has 150,000 of them.

    Raises:
        Misfit: it is no array, has more than `longest` elements, or one of them is no byte.
    """
    if type(value) is not list:
        raise Misfit(f"an array of bytes is needed, not {named(value)}", field)
    if longest is not None and len(value) > longest:
        raise Misfit(f"at most {longest} bytes are taken, not {len(value)}", field)
    try:
        if set(map(type, value)) <= {int}:
            return bytes(value)
    except ValueError:
        pass
    return bytes(
        [
            element if type(element) is int and 0 <= element <= 255 else whole(element, 0, 255, f"{field}.{place}")
            for place, element in enumerate(value)
        ]
    )


def bits(value: Any, field: str) -> bytes:  # Any: JSON
    """Return an array of 0 and 1, one byte for each.

    Raises:
        Misfit: it is no array, or one of its elements is no bit.
    """
    found = octets(value, field)
    if found.strip(b"\0\1"):
        place = next(place for place, bit in enumerate(found) if bit > 1)
        raise Misfit(f"Value {found[place]} is greater than maximum 1", f"{field}.{place}")
    return found


def choice(value: Any, choices: Mapping[str, T], field: str) -> T:  # Any: JSON
    """Return what a word stands for.

    Raises:
        Misfit: it is none of the words.
    """
    if type(value) is str and value in choices:
        return choices[value]
    raise Misfit(f"one of {', '.join(choices)} is needed", field)


def _shown(value: float) -> str:
    return str(value) if abs(value) < 1 << 64 else "of that size"
