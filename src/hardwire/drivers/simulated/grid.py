"""The mains that all simulated devices hang on: its voltage and its frequency at any instant."""

from math import pi, sin
from zlib import crc32

from hardwire.model.energy import PHASES

NOMINAL_V = (231.2, 230.4, 232.1)
LINE_OHM = 0.35
"""The street's cable: a phase's voltage falls as it draws and rises as it feeds in."""

LOWEST_V, HIGHEST_V = 207.0, 253.0
"""The grid company keeps it within a tenth of 230 V (EN 50160)."""

NOMINAL_HZ = 50.0


def voltage_v(phase: int, at_s: float, drawn_w: float) -> float:
    """Return the voltage of a phase, 1 to 3, where so much is drawn; the instant is given as seconds since 1970."""
    nominal = NOMINAL_V[phase - 1]
    sway = (at_s // 10 * 37 % 23 - 11) / 10
    return min(max(nominal + sway - LINE_OHM * drawn_w / nominal, LOWEST_V), HIGHEST_V)


def frequency_hz(at_s: float) -> float:
    """Return the frequency, the same for everybody; the instant is given as seconds since 1970."""
    swings = 0.021 * sin(2 * pi * at_s / 53) + 0.014 * sin(2 * pi * at_s / 317) + 0.009 * sin(2 * pi * at_s / 7)
    return round(NOMINAL_HZ + swings, 3)


def phase_of(device: str) -> int:
    """Return the phase that a device of one phase is plugged into: always the same one."""
    return PHASES[crc32(device.encode()) % len(PHASES)]
