"""The words between a logger and its driver: what it brings, what it is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from hardwire.model.fact import Log

# What the store's integers hold; a greater whole number can be sent as `1e20`.
Number: TypeAlias = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | float

BODY_LIMIT_BYTES = 1 << 20
"""The longest body or message that is taken, unpacked where it was packed."""

VALUES_LIMIT = 10_000
"""How many values, and how many rows, are taken at once."""


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a logger measured at one instant."""

    fields: dict[str, Number | None]
    """Field number or name -> value; None where there was none."""
    time: datetime | int | float | None = None
    """When: an aware datetime, seconds since 1970 UTC, or now."""
    log: Log | None = None
    """Which of the two logs it belongs to; None leaves it to the way that it came."""


class Refusal(Struct, frozen=True):
    """A value or a whole row that is not taken, and why."""

    row: int
    """Its place in what was sent, from 0; in CSV without the header."""
    field: str
    """As it was sent; empty for the whole row."""
    reason: str


class Batch(Struct, frozen=True, kw_only=True):
    """What was brought in one call: rows with their places, and what became of commands."""

    rows: Sequence[tuple[int, Row]] = ()
    refused: Sequence[Refusal] = ()
    """What could not even be read."""
    done: Sequence[str] = ()
    """Ids of commands that were carried out."""
    failed: Sequence[str] = ()
    """Ids of commands that never will be."""
    log: Log = Log.FAST
    """The log of rows that name none."""
    is_partial: bool = False
    """Whether what is good is kept although something else is refused; else all or nothing."""
    needs_times: bool = False
    """Whether every row has to say when it was taken: nobody knows when it was sent."""

    @property
    def size(self) -> int:
        """How many values it has, or rows where these are more."""
        return max(len(self.rows), sum(len(row.fields) for _, row in self.rows))


class Wish(Struct, frozen=True, kw_only=True):
    """A command as the logger is told it."""

    id: str
    field: int | None = None
    name: str = ""
    """The field's name, beside its number."""
    output: int | None = None
    register: tuple[int, int] | None = None
    value: Number | None = None
    is_flush: bool = False
    """Send what is buffered, without changing anything."""


class Downlink(Struct, frozen=True):
    """What a logger is to know: whether its rows are wanted at once, what it is to do."""

    unbuffered_s: int = 0
    wishes: Sequence[Wish] = ()


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of a batch: all of it is on the disk, or nothing where something was refused."""

    at: datetime
    """The hub's own time, for loggers whose clock is off."""
    accepted: int = 0
    repeated: int = 0
    """Values that were there already, for the same field, log and instant."""
    expired: int = 0
    """Values that are older than the hub keeps the unit's past: they are not kept."""
    refused: Sequence[Refusal] = ()
    is_kept: bool = True
    downlink: Downlink = Downlink()
