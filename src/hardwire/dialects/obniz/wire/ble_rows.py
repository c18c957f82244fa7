"""Bluetooth words that begin with a place: one row of a table makes what both encodings need of such a word."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from hardwire.dialects.obniz.wire.ble_flags import flags, flags_of_bits, words
from hardwire.dialects.obniz.wire.ble_hci import MODULE
from hardwire.dialects.obniz.wire.ble_place import KEYS, cut_whole_place, framed_place, place, written_place
from hardwire.dialects.obniz.wire.family import Written
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, choice, fields_of, flag, needed, octets, only
from hardwire.model.board.ble_central import Property

_RESULTS = {"success": True, "failed": False}
_FAILED = 1


class Tail(Struct, frozen=True, kw_only=True):
    """What a word holds behind its place."""

    keys: Sequence[str] = ()
    """Its fields in JSON."""
    read: Callable[[Mapping[str, Any], str], Sequence[Any]]  # Any: JSON; fields of the word
    """Make the word's further fields of a JSON object that stands at a path; may raise Misfit."""
    write: Callable[[Any], Written]  # Any: a word that ends like this
    """Make the further fields of the JSON object."""
    cut: Callable[[bytes], Sequence[Any]]  # Any: fields of the word
    """Make the word's further fields of the bytes behind the place; may raise Misfit."""
    frame: Callable[[Any], bytes | None]  # Any: a word that ends like this
    """Make the bytes behind the place; None where they cannot say it."""


class Row(Struct, frozen=True):
    """A word: its key in JSON, its function in frames, its type, the fields of its place, and what follows them."""

    key: str
    function: int
    kind: Callable[..., Any]  # Any: the word of this row
    names: Sequence[str]
    tail: Tail

    def read(self, value: Any, within: str) -> Any:  # Any: JSON; the word of this row
        """Make the word of the value under its key; `within` is the path of that key.

        Raises:
            Misfit: something is missing or wrong.
        """
        found = place(value, self.names, within)
        return self.kind(*found, *self.tail.read(value, within))

    def asked(self, value: Any, within: str) -> Any:  # Any: JSON; the word of this row
        """Make the word of what a program asks, whose object may hold nothing else (obniz reference, section 3.22).

        Raises:
            Misfit: as `read`, or there is something else.
        """
        only(fields_of(value, within), [*(KEYS[name] for name in self.names), *self.tail.keys], within)
        return self.read(value, within)

    def written(self, word: Any) -> Written:  # Any: the word of this row
        """Return the word as a JSON object with its key."""
        return {self.key: written_place(word, self.names) | self.tail.write(word)}

    def cut(self, payload: bytes) -> Any:  # Any: the word of this row
        """Make the word of a frame's payload.

        Raises:
            Misfit: something is missing, or there is too much.
        """
        found, rest = cut_whole_place(payload, self.names)
        return self.kind(*found, *self.tail.cut(rest))

    def framed(self, word: Any) -> bytes | None:  # Any: the word of this row
        """Return the word as a frame; None where frames cannot say it."""
        rest = self.tail.frame(word)
        return None if rest is None else frame(MODULE, self.function, framed_place(word, self.names) + rest)


def _cut_nothing(rest: bytes) -> Sequence[Any]:  # Any: no fields at all
    if rest:
        raise Misfit(f"there are {len(rest)} bytes too many")
    return ()


def _first(rest: bytes) -> int:
    if not rest:
        raise Misfit("the last byte is missing")
    return rest[0]


def _behind_first(rest: bytes) -> bytes:
    _first(rest)
    return rest[1:]


def _value(fields: Mapping[str, Any], within: str) -> bytes:  # Any: JSON
    return octets(needed(fields, "data", within), f"{within}.data")


def _written_value(word: Any) -> Written:  # Any: a word with octets
    return {"data": [*word.octets]}


def _result(fields: Mapping[str, Any], within: str) -> bool:  # Any: JSON
    # The vendor's schemas have a boolean for some of them, its codec a word for all.
    value = needed(fields, "result", within)
    return value if type(value) is bool else choice(value, _RESULTS, f"{within}.result")


def _written_result(word: Any) -> Written:  # Any: a word with a result
    return {"result": "success" if word.is_success else "failed"}


def _framed_result(word: Any) -> bytes:  # Any: a word with a result
    return bytes((0 if word.is_success else _FAILED,))


NOTHING = Tail(
    read=lambda fields, within: (),
    write=lambda word: {},
    cut=_cut_nothing,
    frame=lambda word: b"",
)

VALUE = Tail(
    keys=("data",),
    read=lambda fields, within: (_value(fields, within),),
    write=_written_value,
    cut=lambda rest: (rest,),
    frame=lambda word: word.octets,
)

CONFIRMED_VALUE = Tail(
    keys=("data", "needResponse"),
    read=lambda fields, within: (
        _value(fields, within),
        flag(fields.get("needResponse", True), f"{within}.needResponse"),
    ),
    write=lambda word: _written_value(word) | {"needResponse": word.is_confirmed},
    cut=lambda rest: (rest[1:], _first(rest) > 0),
    frame=lambda word: bytes((word.is_confirmed,)) + word.octets,
)
"""With whether the other side has to confirm it."""

TOLD_VALUE = Tail(
    read=VALUE.read,
    write=_written_value,
    # The byte tells a notification (1) from an indication (0), which programs do not learn from JSON either.
    cut=lambda rest: (_behind_first(rest),),
    frame=lambda word: b"\1" + word.octets,
)
"""A value that was told unasked."""

RESULT = Tail(
    read=lambda fields, within: (_result(fields, within),),
    write=_written_result,
    cut=lambda rest: (_first(rest) == 0, *_cut_nothing(rest[1:])),
    frame=_framed_result,
)

RESULT_VALUE = Tail(
    read=lambda fields, within: (_result(fields, within), _value(fields, within)),
    write=lambda word: _written_result(word) | _written_value(word),
    cut=lambda rest: (_first(rest) == 0, rest[1:]),
    frame=lambda word: _framed_result(word) + word.octets,
)

SURE_VALUE = Tail(
    read=RESULT_VALUE.read,
    write=RESULT_VALUE.write,
    cut=lambda rest: (True, rest),
    frame=lambda word: word.octets if word.is_success else None,
)
"""A result and a value, where frames know no failure (obniz reference, section 6.3, functions 26 and 30)."""

PROPERTIES = Tail(
    read=lambda fields, within: (flags(needed(fields, "properties", within), Property, f"{within}.properties"),),
    write=lambda word: {"properties": words(word.properties)},
    cut=lambda rest: (flags_of_bits(_first(rest), Property), *_cut_nothing(rest[1:])),
    frame=lambda word: bytes((word.properties.value,)),
)
