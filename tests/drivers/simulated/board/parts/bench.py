"""What the tests of the parts share: an instant, and the numbers in rows of bytes."""

from hardwire.drivers.simulated.board.parts.part import I2cPart
from hardwire.drivers.simulated.board.parts.table import KINDS, I2cKind

NOON_US = 1_795_867_200_000_000
"""2026-11-28, 12:00 UTC."""
MINUTE_US = 60_000_000


def part(name: str, address: int | None = None) -> I2cPart:
    """A part from the table, at its first address unless another one is given."""
    kind = KINDS[name]
    assert isinstance(kind, I2cKind)
    return kind.make(kind.addresses[0] if address is None else address)


def asked(one: I2cPart, question: bytes, count: int, now_us: int = NOON_US) -> bytes:
    """What a master reads right after it has written."""
    one.write(question, now_us)
    return one.read(count, now_us)


def words(octets: bytes) -> list[int]:
    """16-bit numbers with a sign, high byte first."""
    return [int.from_bytes(octets[at : at + 2], "big", signed=True) for at in range(0, len(octets), 2)]


def small_words(octets: bytes) -> list[int]:
    """16-bit numbers with a sign, low byte first."""
    return [int.from_bytes(octets[at : at + 2], "little", signed=True) for at in range(0, len(octets), 2)]
