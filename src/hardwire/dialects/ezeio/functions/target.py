"""Which unit a call is about: the serial comes first, whatever follows."""

from msgspec import Struct

from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.unit.account import Unit
from hardwire.dialects.ezeio.unit.serial import dashed

UNKNOWN_SYSTEM = "Unknown system"
"""What is said, with 404, of no serial, a malformed one, an unknown one and one of somebody else alike."""


class Target(Struct, frozen=True):
    """A unit in the key's scope, None where the call names none, and the arguments after its serial."""

    unit: Unit | None
    arguments: tuple[str, ...]


def target_of(visit: Visit) -> Target:
    """Return what a call is about; empty segments before, between and after say nothing."""
    segments = tuple(segment for segment in visit.arguments if segment.strip())
    serial = dashed(segments[0].strip()) if segments else None
    return Target(None if serial is None else visit.account.unit(serial), segments[1:])
