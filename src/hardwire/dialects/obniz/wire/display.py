"""The `display` family: text, pixels and pin names (obniz reference, sections 3.12 and 6.3)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import shape
from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, certain, choice, fields_of, needed, octets, only, whole
from hardwire.model.board.display import (
    ClearDisplay,
    Correction,
    DrawColumns,
    DrawPixels,
    NamePin,
    ShowPinStates,
    ShowQr,
    ShowText,
)
from hardwire.model.command import Command

DEPTHS = (1, 4, 16)
LABEL_LENGTH = 9
MODULE_LENGTH = 4
_MODULE = 8
_UNNAMED = "?"
_CORRECTIONS = {correction.value: correction for correction in Correction}
_QR_FIELDS = ("text", "correction")
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
    named = tuple(_named(pin, names) for pin, names in pins.items() if _PIN.fullmatch(pin))
    if not named:
        raise Misfit("a pin of one or two digits is needed", ".pin_assign")
    return named


def _named(pin: str, names: Any) -> NamePin:  # Any: JSON
    place = f".pin_assign.{pin}"
    names = fields_of(names, place)
    # As the vendor's binary encoder shortens it, and fills in what is empty, so that both encodings show the same
    # (section 6.3).
    module = shape.text(names.get("module_name", ""), f"{place}.module_name") or _UNNAMED
    use = shape.text(names.get("pin_name", ""), f"{place}.pin_name") or _UNNAMED
    return NamePin(int(pin), f"{module[:MODULE_LENGTH]} {use}"[:LABEL_LENGTH].strip())


def _qr(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    code = fields_of(fields["qr"], ".qr")
    only(code, _QR_FIELDS, ".qr")
    text = shape.text(needed(code, "text", ".qr"), ".qr.text")
    return (ShowQr(text, choice(code.get("correction", "M"), _CORRECTIONS, ".qr.correction")),)


_FORMS: Sequence[Form] = (
    ("clear", _clear),
    ("text", _text),
    ("qr", _qr),
    ("raw", _raw),
    ("pin_assign", _pin_assign),
)


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
    label = payload[1:].decode(errors="replace")
    return (NamePin(payload[0], label[:LABEL_LENGTH].strip()),)


def _framed_colours(payload: bytes) -> Sequence[Command]:
    if not payload or payload[0] not in DEPTHS:
        raise Misfit("a colour depth of 1, 4 or 16 is needed")
    return (DrawPixels(payload[1:], payload[0]),)


def _framed_states(payload: bytes) -> Sequence[Command]:
    # Inverted on the wire (section 6.3).
    return (ShowPinStates(sized(payload, 1) == b"\0"),)


def _named_request(command: NamePin) -> Written:
    module, space, use = command.label.partition(" ")
    if not space or len(module) > MODULE_LENGTH:
        # An empty name would be filled in; spaces are cut off the label again.
        module, use = " ", command.label or " "
    return {"display": {"pin_assign": {f"{command.pin}": {"module_name": module, "pin_name": use}}}}


def _pixels_frame(command: DrawPixels) -> bytes:
    if command.depth == 1:
        return frame(_MODULE, 3, command.pixels)
    return frame(_MODULE, 6, bytes((command.depth,)) + command.pixels)


FAMILY = Family(
    name="display",
    decode=lambda number, value: by_forms(number, value, _FORMS),
    module=_MODULE,
    functions={
        0: lambda payload: (ClearDisplay(),),
        1: _framed_text,
        2: lambda payload: (DrawColumns(payload),),
        3: _framed_raw,
        4: _framed_states,
        5: _framed_name,
        6: _framed_colours,
    },
    requests={
        ClearDisplay: lambda command: {"display": {"clear": True}},
        ShowText: lambda command: {"display": {"text": command.text}},
        ShowQr: lambda command: {"display": {"qr": {"text": command.text, "correction": command.correction.value}}},
        DrawPixels: lambda command: {"display": {"raw": [*command.pixels], "color_depth": command.depth}},
        NamePin: _named_request,
    },
    framed_requests={
        ClearDisplay: lambda command: frame(_MODULE, 0),
        ShowText: lambda command: frame(_MODULE, 1, command.text.encode()),
        DrawColumns: lambda command: frame(_MODULE, 2, command.pixels),
        DrawPixels: _pixels_frame,
        ShowPinStates: lambda command: frame(_MODULE, 4, bytes((not command.is_wanted,))),
        NamePin: lambda command: frame(_MODULE, 5, bytes((command.pin,)) + command.label.encode()),
    },
)
