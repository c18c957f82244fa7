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


Fact: TypeAlias = Sample | Event | LogRow
