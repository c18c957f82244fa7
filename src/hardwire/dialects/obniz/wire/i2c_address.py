"""Addresses on an I2C bus: above 127 they have 10 bits, which frames say by bit 15 (obniz reference, section 6.3)."""

from hardwire.dialects.obniz.wire.shape import whole

HIGHEST_ADDRESS = 1023
TEN_BIT = 1 << 15


def bits_of(address: int) -> int:
    """Return how many bits an address needs at least, as buses count them: 7 or 10."""
    return 10 if address > 127 else 7


def plain(target: int) -> int:
    """Return the address that a frame names, without the bit that tells its length.

    Raises:
        Misfit: it is higher than any.
    """
    return whole(target & ~TEN_BIT, 0, HIGHEST_ADDRESS, "")
