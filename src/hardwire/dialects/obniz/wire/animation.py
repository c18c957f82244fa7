"""The `io` family without a number: animations (obniz reference, sections 3.4 and 6.3).

No board of this hub keeps animations, so every name is unknown to it: to pause or resume one means nothing, without a
word, since parts such as LEDs do that whenever they begin. To start one is refused in words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import shape
from hardwire.dialects.obniz.wire.family import Family, Form, by_forms
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed
from hardwire.model.command import Command

_REFUSAL = "no board here keeps animations"


def _animation(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    place = ".animation"
    animation = fields_of(fields["animation"], place)
    shape.text(needed(animation, "name", place), f"{place}.name")
    if needed(animation, "status", place) not in ("pause", "resume"):
        raise Misfit(_REFUSAL, f"{place}.status")
    return ()


_FORMS: Sequence[Form] = (("animation", _animation),)


def _framed_start(payload: bytes) -> Sequence[Command]:
    raise Misfit(_REFUSAL)


def _framed_control(payload: bytes) -> Sequence[Command]:
    # The length counts the zero behind the name too.
    if len(payload) < 2 or payload[0] != len(payload) - 1 or payload[-1] != 0:
        raise Misfit("a name with a zero behind it is needed")
    return ()


FAMILY = Family(
    name="io",
    decode=lambda number, value: by_forms(number, value, _FORMS),
    module=1,
    functions={0: _framed_start, 1: _framed_control, 2: _framed_control},
)
