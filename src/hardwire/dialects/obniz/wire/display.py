"""The `display` family: text, pixels and pin names (obniz reference, sections 3.12 and 6.3)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import shape
from hardwire.dialects.obniz.wire.family import Family, Form, by_forms
from hardwire.dialects.obniz.wire.shape import Misfit, certain, fields_of, octets, whole
from hardwire.model.board.display import ClearDisplay, DrawPixels, NamePin, ShowText
from hardwire.model.command import Command

DEPTHS = (1, 4, 16)
LABEL_LENGTH = 9
_PIN = re.compile(r"[0-9]{1,2}")


def _clear(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    certain(fields["clear"], ".clear")
    return (ClearDisplay(),)


def _text(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (ShowText(shape.text(fields["text"], ".text")),)


def _raw(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    depth = whole(fields.get("color_depth", 1), 1, 16, ".color_depth")
    if depth not in DEPTHS:
        raise Misfit("one of 1, 4, 16 is needed", ".color_depth")
    return (DrawPixels(octets(fields["raw"], ".raw"), depth),)


def _pin_assign(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    pins = fields_of(fields["pin_assign"], ".pin_assign")
    return tuple(_named(pin, names) for pin, names in pins.items())


def _named(pin: str, names: Any) -> NamePin:  # Any: JSON
    if not _PIN.fullmatch(pin):
        raise Misfit("a pin has one or two digits", ".pin_assign")
    place = f".pin_assign.{pin}"
    names = fields_of(names, place)
    module = shape.text(names.get("module_name", "?"), f"{place}.module_name")
    use = shape.text(names.get("pin_name", "?"), f"{place}.pin_name")
    # As the vendor's binary encoder shortens it, so that both encodings show the same (section 6.3).
    return NamePin(int(pin), f"{module[:4]} {use}"[:LABEL_LENGTH].strip())


_FORMS: Sequence[Form] = (("clear", _clear), ("text", _text), ("raw", _raw), ("pin_assign", _pin_assign))


def _framed_text(payload: bytes) -> Sequence[Command]:
    try:
        return (ShowText(payload.decode()),)
    except UnicodeDecodeError:
        raise Misfit("the text is no UTF-8") from None


def _framed_raw(payload: bytes) -> Sequence[Command]:
    return (DrawPixels(payload),)


def _framed_name(payload: bytes) -> Sequence[Command]:
    if not payload:
        raise Misfit("a pin is needed")
    label = payload[1:].decode("ascii", "replace")
    return (NamePin(payload[0], label[:LABEL_LENGTH].strip()),)


def _framed_colours(payload: bytes) -> Sequence[Command]:
    if not payload or payload[0] not in DEPTHS:
        raise Misfit("a colour depth of 1, 4 or 16 is needed")
    return (DrawPixels(payload[1:], payload[0]),)


FAMILY = Family(
    name="display",
    decode=lambda number, value: by_forms(number, value, _FORMS),
    module=8,
    functions={
        0: lambda payload: (ClearDisplay(),),
        1: _framed_text,
        3: _framed_raw,
        5: _framed_name,
        6: _framed_colours,
    },
)
