"""What stands around a simulated board: square waves on two pins, a slow sine before each analog channel."""

from datetime import UTC, datetime, timedelta
from math import pi, sin

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

WAVE_PINS = (1, 6)
"""The pins that a generator drives from outside."""
HALF_WAVE_MS = 250
"""Half the period of 2 Hz."""

SINE_PERIOD_MS = 20_000
CHANNELS_PER_TURN = 12
"""Neighbouring channels are a twelfth of a period apart."""
SUPPLY_V = 5.0


def unix_ms(now: datetime) -> int:
    """Return the instant in whole milliseconds since 1970."""
    return (now - EPOCH) // MILLISECOND


def next_mark(now: datetime, grid_ms: int) -> datetime:
    """Return the first instant after `now` that is a multiple of the grid."""
    return EPOCH + (unix_ms(now) // grid_ms + 1) * grid_ms * MILLISECOND


def wave_level(now: datetime) -> bool:
    """Return the level of the 2 Hz square wave: high in the first half of each period."""
    return unix_ms(now) // HALF_WAVE_MS % 2 == 0


def sine_v(channel: int, now: datetime) -> float:
    """Return the voltage before a channel. Unit: V, 0 to 5, in steps of a millivolt."""
    turn = unix_ms(now) % SINE_PERIOD_MS / SINE_PERIOD_MS + channel % CHANNELS_PER_TURN / CHANNELS_PER_TURN
    return round(SUPPLY_V / 2 * (1 + sin(2 * pi * turn)), 3)
