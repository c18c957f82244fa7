"""What stands around a simulated board: square waves on two pins, a slow sine before each analog channel."""

from datetime import UTC, datetime, timedelta
from math import pi, sin

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

WAVE_PINS = (1, 6)
"""The pins that a generator drives from outside."""
HALF_WAVE_US = 250_000
"""Half the period of 2 Hz."""

SINE_PERIOD_US = 20_000_000
CHANNELS_PER_TURN = 12
"""Neighbouring channels are a twelfth of a period apart."""
SUPPLY_V = 5.0


def unix_us(now: datetime) -> int:
    """Return the instant in whole microseconds since 1970."""
    return (now - EPOCH) // MICROSECOND


def at_us(unix_us: int) -> datetime:
    """Return the instant that many microseconds after 1970."""
    return EPOCH + unix_us * MICROSECOND


def next_mark_us(now_us: int, grid_us: int) -> int:
    """Return the first instant after `now_us` that is a multiple of the grid."""
    return (now_us // grid_us + 1) * grid_us


def wave_level(now_us: int) -> bool:
    """Return the level of the 2 Hz square wave: high in the first half of each period."""
    return now_us // HALF_WAVE_US % 2 == 0


def sine_v(channel: int, now_us: int) -> float:
    """Return the voltage before a channel. Unit: V, 0 to 5, in steps of a millivolt."""
    turn = now_us % SINE_PERIOD_US / SINE_PERIOD_US + channel % CHANNELS_PER_TURN / CHANNELS_PER_TURN
    return round(SUPPLY_V / 2 * (1 + sin(2 * pi * turn)), 3)
