"""The JSON of `eventlog`: what happened to a unit, each time with all that it held at that instant."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from hardwire.dialects.ezeio.path.arguments import Span
from hardwire.dialects.ezeio.unit.snapshot import Position
from hardwire.dialects.ezeio.wire import Clocked, escaped, utc_text

PARAMS = 4
"""How many numbers an event has."""


class EventMeta(Struct, frozen=True):
    """Which unit it was. Mind the types: `group` is a number here, unlike `groupid` of `status`; `tzofs` a string."""

    serial: str
    group: int
    accountgroupid: int | None
    uptime: int
    """Seconds since the unit started, where it tells; else 0."""
    name: str
    tzofs: str
    """Minutes east of UTC at that instant."""


class EventField(Struct, frozen=True):
    """A field as it was; unlike that of `status` its value is a string."""

    name: str
    unit: str
    assettag: str
    value: str


class Event(Struct, frozen=True, kw_only=True):
    """One event, in the documented order of its keys; the parameters are strings with six decimals."""

    time: str
    eventid: int
    type: str
    source: str
    sourcename: str
    actionname: str
    param1: str
    param2: str
    param3: str
    param4: str
    message: str
    meta: EventMeta
    adc: Mapping[str, int]
    out: Mapping[str, int]
    pos: Position
    fields: Mapping[str, EventField]


class _Events(Struct, frozen=True, kw_only=True):
    reqtime: str
    reqfrom: str
    reqto: str
    events: Sequence[Event]
    status: str
    exec_time: float


def params_of(params: Sequence[float]) -> tuple[str, str, str, str]:
    """Return an event's numbers as strings with six decimals; what it has not is 0."""
    first, second, third, fourth = (f"{number:.6f}" for number in (*params, *[0.0] * PARAMS)[:PARAMS])
    return first, second, third, fourth


def events_body(clocked: Clocked, span: Span, events: Sequence[Event]) -> bytes:
    """Return the answer of `eventlog`."""
    return escaped(
        _Events(
            reqtime=clocked.reqtime,
            reqfrom=utc_text(span.since),
            reqto=utc_text(span.until),
            events=events,
            status="OK",
            exec_time=clocked.exec_time,
        )
    )
