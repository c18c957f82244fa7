"""What can be wrong with what a meter sends: each kind is counted by itself."""

from enum import Enum

from msgspec import Struct


class FaultKind(Enum):
    """The kinds of trouble that this driver reports; docs/reference/drivers/dsmr.md explains each."""

    BAD_CRC = "bad-crc"
    TRUNCATED = "truncated"
    TOO_LONG = "too-long"
    NOISE = "noise"
    UNPARSABLE = "unparsable"
    CLOCK = "clock"
    LINE = "line"


class Fault(Struct, frozen=True):
    """One thing that was wrong, with a sentence for people."""

    kind: FaultKind
    message: str


class UnparsableError(ValueError):
    """A telegram came whole, but a value in it is none; the text is a sentence for people."""
