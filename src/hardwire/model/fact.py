"""What devices tell: samples, events and log rows."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from hardwire.model.value import Value


class Sample(Struct, frozen=True):
    """One device, one instant, one or more point values.

    `at` is aware UTC: when the value was true, not when it arrived.
    """

    device: str
    at: datetime
    values: Mapping[str, Value]


class Happening(Struct, frozen=True):
    """The base of everything a board can tell that is no point value; the families are in `model.board`."""


class Event(Struct, frozen=True):
    """A happening with its device and instant."""

    device: str
    at: datetime
    happening: Happening


class Log(Enum):
    """The two logs of a logger (ezeio reference, section 1.3)."""

    STATUS = "status"
    """Every ten minutes, all fields."""

    FAST = "fast"
    """Each field at its own log interval."""


class LogRow(Struct, frozen=True):
    """A row of one of a device's two logs, as it reached the hub."""

    device: str
    at: datetime
    log: Log
    values: Mapping[str, Value]
    unbuffered_s: int = 0
    """Seconds left of the unbuffered mode when the row was sent; 0 when buffered."""


class Incident(Struct, frozen=True, kw_only=True):
    """Something that people want to read of later: an entry of the event log (ezeio reference, `eventlog`)."""

    device: str
    at: datetime
    kind: str
    """`ALARM`, `RESTORE`, `CONTROL`, `SYSTEM`."""
    source: str
    """What made it: `ALARM`, `API`, `SCRIPT`, `UNIT`, or `HUB` for what the hub itself has to tell."""
    name: str = ""
    """The alarm's, key's or script's own name."""
    action: str = ""
    """What was done because of it, such as the destinations that were told."""
    params: tuple[float, ...] = ()
    """Up to four numbers: of an alarm the value, then the threshold."""
    message: str = ""
    values: Mapping[str, Value] = {}
    """All points of the device as they were at that instant."""
    send: tuple[str, ...] = ()
    """The destinations that are to be told."""


class Confirmation(Struct, frozen=True):
    """A device has carried out a wish that it had to fetch first (`Done.pending`), or has refused it for good."""

    device: str
    at: datetime
    pending: str
    is_done: bool = True


Fact: TypeAlias = Sample | Event | LogRow | Incident | Confirmation
