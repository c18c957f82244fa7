"""What a simulated register shows, so that it never falls: not by a rounding, not by a restart."""

from datetime import UTC, datetime

NOISE_DIGITS = 6
"""Sums of the same energy in another order differ by less."""

STATEFUL_SINCE = datetime(2026, 7, 1, tzinfo=UTC)
"""When every device that can be controlled began to count."""


def register_kwh(energy_wh: float) -> float:
    """Return the reading of a register that resolves whole Wh, cut off: it never shows what it has not counted yet."""
    return int(round(energy_wh, NOISE_DIGITS)) / 1_000


def register_m3(volume_l: float) -> float:
    """Return the reading of a register that resolves whole litres, cut off."""
    return int(round(volume_l, NOISE_DIGITS)) / 1_000


def head_start_wh(now: datetime, most_w: float) -> float:
    """Return where a register begins that counts what was controlled, when its hub starts at that instant.

    What flowed in earlier runs is not remembered, but it was no more than the greatest power for all that time: a
    register that begins there is never behind the one before it.
    """
    return most_w * max(0.0, (now - STATEFUL_SINCE).total_seconds()) / 3_600
