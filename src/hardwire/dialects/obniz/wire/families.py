"""Every family of commands that this hub knows, and the tables made of them; a further family is one line here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import (
    ad,
    animation,
    ble,
    canbus,
    debug,
    display,
    i2c,
    io,
    location,
    logic_analyzer,
    measure,
    message,
    motion,
    plugin,
    pwm,
    spi,
    storage,
    switch,
    system,
    tcp,
    uart,
    wifi,
    ws,
)
from hardwire.dialects.obniz.wire.family import Family, FrameDecoder, FrameReader, TextDecoder, TextReader, Written
from hardwire.model.command import Command
from hardwire.model.fact import Happening

# In the order in which the vendor's codec walks them: so are the keys of one object carried out (section 6.2).
FAMILIES: tuple[Family, ...] = (
    ws.FAMILY,
    system.FAMILY,
    animation.FAMILY,
    io.FAMILY,
    pwm.FAMILY,
    uart.FAMILY,
    ad.FAMILY,
    spi.FAMILY,
    i2c.FAMILY,
    logic_analyzer.FAMILY,
    display.FAMILY,
    switch.FAMILY,
    ble.FAMILY,
    measure.FAMILY,
    tcp.FAMILY,
    wifi.FAMILY,
    plugin.FAMILY,
    canbus.FAMILY,
    location.FAMILY,
    motion.FAMILY,
    storage.FAMILY,
    message.FAMILY,
)


def _keys(family: Family) -> Sequence[tuple[str, int]]:
    if family.keys is None:
        return ((family.name, 0),)
    return [(f"{family.name}{number}", number) for number in range(family.keys)]


KEYS: Mapping[str, tuple[TextDecoder, int]] = {
    key: (family.decode, number) for family in FAMILIES for key, number in _keys(family)
}
"""What makes commands of the value under a key, and the number in that key."""

RANKS: Mapping[str, int] = {key: rank for rank, key in enumerate(KEYS)}
"""In which order the keys of one object are carried out."""

FUNCTIONS: Mapping[int, tuple[str, FrameDecoder]] = {
    family.module << 8 | function: (family.name, decode)
    for family in FAMILIES
    if family.module is not None
    for function, decode in family.functions.items()
}
"""What makes commands of a frame, by module * 256 + function, and the name of its family."""

MODULES: Mapping[int, str] = {family.module: family.name for family in FAMILIES if family.module is not None}

REQUESTS: Mapping[type[Command], Callable[[Any], Written]] = {  # Any: the command of that type
    kind: write for family in FAMILIES for kind, write in family.requests.items()
}
"""How a command is written as one JSON object."""

FRAMED_REQUESTS: Mapping[type[Command], Callable[[Any], bytes | None]] = {  # Any: the command of that type
    kind: write for family in FAMILIES for kind, write in family.framed_requests.items()
}
"""How a command is written as frames; None where this one has no binary form."""

ANSWERS: Mapping[type[Happening], Callable[[Any], str]] = {  # Any: the happening of that type
    kind: write
    for answers in (debug.ANSWERS, *(family.answers for family in FAMILIES))
    for kind, write in answers.items()
}
"""How a happening reads as one JSON object."""

FRAMED_ANSWERS: Mapping[type[Happening], Callable[[Any], bytes | None]] = {  # Any: the happening of that type
    kind: write for family in FAMILIES for kind, write in family.framed_answers.items()
}
"""How a happening is written as frames; None where this one has no binary form."""

REPORTS: Mapping[str, tuple[TextReader, int]] = {
    "debug": (debug.reported, 0),
    **{
        key: (family.reports, number)
        for family in FAMILIES
        if family.reports is not None
        for key, number in _keys(family)
    },
}
"""What makes happenings of the value under a key that a board tells, and the number in that key."""

FRAMED_REPORTS: Mapping[int, tuple[str, FrameReader]] = {
    family.module << 8 | function: (family.name, read)
    for family in FAMILIES
    if family.module is not None
    for function, read in family.framed_reports.items()
}
"""What makes happenings of a frame that a board tells, by module * 256 + function, and the name of its family."""
