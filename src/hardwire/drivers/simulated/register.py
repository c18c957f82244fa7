"""What a simulated register shows, and where one begins that has never counted."""

from zlib import crc32

NOISE_DIGITS = 6
"""Sums of the same energy in another order differ by less."""

LEAST_USED_KWH, MOST_USED_KWH = 50, 400
"""What a device that can be controlled has counted before its first day in this house: none is new."""


def register_kwh(energy_wh: float) -> float:
    """Return the reading of a register that resolves whole Wh, cut off: it never shows what it has not counted yet."""
    return int(round(energy_wh, NOISE_DIGITS)) / 1_000


def register_m3(volume_l: float) -> float:
    """Return the reading of a register that resolves whole litres, cut off."""
    return int(round(volume_l, NOISE_DIGITS)) / 1_000


def used_before_wh(device: str) -> float:
    """Return where the register of a device begins that nothing is remembered of: at its very first start."""
    return 1_000.0 * (LEAST_USED_KWH + crc32(device.encode()) % (MOST_USED_KWH - LEAST_USED_KWH + 1))
