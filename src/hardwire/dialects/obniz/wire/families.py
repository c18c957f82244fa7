"""Every family of commands that this hub knows, and the tables made of them; a further family is one line here."""

from collections.abc import Callable, Mapping
from typing import Any

from hardwire.dialects.obniz.wire import ad, animation, debug, display, io, message, switch, system, ws
from hardwire.dialects.obniz.wire.family import Family, FrameDecoder, TextDecoder
from hardwire.model.fact import Happening

FAMILIES: tuple[Family, ...] = (
    ws.FAMILY,
    system.FAMILY,
    animation.FAMILY,
    io.FAMILY,
    ad.FAMILY,
    display.FAMILY,
    switch.FAMILY,
    message.FAMILY,
)

KEYS: Mapping[str, tuple[TextDecoder, int]] = {
    family.name if family.keys is None else f"{family.name}{number}": (family.decode, number)
    for family in FAMILIES
    for number in range(family.keys or 1)
}
"""What makes commands of the value under a key, and the number in that key."""

FUNCTIONS: Mapping[int, tuple[str, FrameDecoder]] = {
    family.module << 8 | function: (family.name, decode)
    for family in FAMILIES
    if family.module is not None
    for function, decode in family.functions.items()
}
"""What makes commands of a frame, by module * 256 + function, and the name of its family."""

MODULES: Mapping[int, str] = {family.module: family.name for family in FAMILIES if family.module is not None}

ANSWERS: Mapping[type[Happening], Callable[[Any], str]] = {  # Any: the happening of that type
    kind: write
    for answers in (debug.ANSWERS, *(family.answers for family in FAMILIES))
    for kind, write in answers.items()
}
"""How a happening reads as one JSON object."""
