"""One table of settings checked against its Struct: every mistake is named with its place and in plain words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from hardwire.model.errors import BadValueError

Table = Mapping[str, Any]  # Any: TOML values, checked by the Struct that a table is converted to

WORDS = {
    "`str`": "a text",
    "`int`": "a whole number",
    "`float`": "a number",
    "`bool`": "true or false",
    "`array`": "a list",
    "`object`": "a table",
    "`null`": "nothing",
    "`datetime`": "a time",
    "`date`": "a date",
    "`time`": "a time of day",
}


def converted(table: Table, into: Any, place: str) -> Any:  # Any: whatever Struct is asked for
    """Return the table as its Struct.

    Raises:
        BadValueError: with the place; for an unknown setting, the nearest known one.
    """
    allow(table, fields(into), place)
    try:
        return msgspec.convert(dict(table), into, strict=True)
    except BadValueError as error:
        raise bad(place, error.message) from error
    except msgspec.ValidationError as error:
        message, _, at = str(error).partition(" - at `$")
        inner = at.rstrip("`")
        raise bad(place + inner, _plain(message, _type_at(into, inner))) from error
    except (OverflowError, RecursionError, TypeError, ValueError) as error:
        # TOML's numbers have no bounds, what a Struct converts them to has.
        raise bad(place, f"a value does not fit: {error}") from error


def allow(table: Table, known: Iterable[str], place: str) -> None:
    """Raise BadValueError for the first key that is not known."""
    allowed = tuple(known)
    for key in table:
        if key not in allowed:
            raise bad(place, f"there is no setting {key!r}{nearest(key, allowed)}", key=key)


def inner_table(table: Table, key: str, place: str) -> Table:
    """Return the table below a key, empty where there is none. Raises BadValueError when it is something else."""
    inner = table.get(key, {})
    if not isinstance(inner, Mapping):
        raise bad(place, "must be a table")
    return inner


def text_of(table: Table, key: str, place: str) -> str:
    """Return the text below a key, empty where there is none. Raises BadValueError when it is something else."""
    value = table.get(key, "")
    if not isinstance(value, str):
        raise bad(f"{place}.{key}", "expected a text")
    return value


def fields(struct: Any) -> tuple[str, ...]:  # Any: a Struct class
    """Return the keys that a Struct takes."""
    tag_field = struct.__struct_config__.tag_field
    return (*struct.__struct_encode_fields__, *((tag_field,) if tag_field else ()))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence: what comes nearest to a word, or all that is known."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names)}"


def bad(place: str, message: str, *, key: str = "") -> BadValueError:
    """Return the error of a place."""
    return BadValueError(f"{place}: {message}" if place else message, path=".".join(filter(None, (place, key))))


def _plain(message: str, kind: Any) -> str:  # Any: the type annotation of what the message is about
    if missing := re.search(r"missing required field `(.+)`", message):
        return f"the setting {missing[1]!r} is missing"
    if unknown := re.search(r"contains unknown field `(.+)`", message):
        known = [name for struct in _structs_in(kind) for name in fields(struct)]
        return f"there is no setting {unknown[1]!r}{nearest(unknown[1], known)}"
    if choice := re.search(r"Invalid enum value '?(.+?)'?$", message):
        return f"it cannot be {choice[1]!r}{nearest(choice[1], map(str, _choices_in(kind)))}"
    # What may be left out need not be called "a text or nothing".
    message = message.replace(" | null`", "`")
    for word, plain in WORDS.items():
        message = message.replace(word, plain)
    if " matching regex " in message and (meant := next(_described(kind), "")):
        return f"expected {meant}"
    message = re.sub(r" >= ", " of at least ", re.sub(r" <= ", " of at most ", message))
    message = message.replace("of length of at least 1", "that is not empty")
    message = re.sub(r"text of length (of at \w+ \d+)", r"text \1 characters", message)
    message = re.sub(r"list of length (of at \w+ \d+)", r"list \1 entries", message)
    message = re.sub(r" matching regex (.+)", r" that matches \1", message)
    return message[:1].lower() + message[1:]


def _type_at(kind: Any, path: str) -> Any:  # Any: type annotations
    """The type of what stands at a path such as `.fields[1]` below a Struct."""
    for name in re.findall(r"\.(\w+)", path):
        structs = _structs_in(kind)
        types = {field.encode_name: field.type for struct in structs for field in msgspec.structs.fields(struct)}
        kind = types.get(name)
    return kind


def _described(kind: Any) -> Iterator[str]:  # Any: a type annotation
    """The words in which an annotation says what texts it takes."""
    for meta in getattr(kind, "__metadata__", ()):
        if isinstance(meta, Meta) and meta.description:
            yield meta.description
    for inner in get_args(kind):
        yield from _described(inner)


def _structs_in(kind: Any) -> Iterator[Any]:  # Any: a type annotation, then Struct classes
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
    for inner in get_args(kind):
        yield from _structs_in(inner)


def _choices_in(kind: Any) -> Iterator[Any]:  # Any: a type annotation, then the values of its Literal or Enum
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from (choice.value for choice in kind)
    else:
        for inner in get_args(kind):
            yield from _choices_in(inner)
