"""The room in which the bench stands: what its air, its light and its table do, slowly, by the time alone."""

from math import pi, sin

SECOND_US = 1_000_000


def swing(now_us: int, period_s: int, phase: float = 0.0) -> float:
    """Return where a slow swing stands, -1 to 1; `phase` is in turns."""
    period_us = period_s * SECOND_US
    return sin(2 * pi * (now_us % period_us / period_us + phase))


def temperature_c(now_us: int, place: int = 0) -> float:
    """Return the temperature at a place of the bench. Unit: degrees Celsius, 20 to 24."""
    return 22 + 1.7 * swing(now_us, 1_200) + 0.1 * (place % 4 - 1.5)


def humidity_percent(now_us: int, place: int = 0) -> float:
    """Return the relative humidity at a place of the bench. Unit: %, 40 to 50."""
    return 45 + 4 * swing(now_us, 1_800, 0.25) + 0.3 * (place % 4 - 1.5)


def pressure_pa(now_us: int) -> float:
    """Return the pressure of the air. Unit: Pa, 1,009 to 1,017 hPa."""
    return 101_300 + 400 * swing(now_us, 7_200)


def light_lx(now_us: int) -> float:
    """Return the light on the bench, as clouds pass. Unit: lx, 250 to 450."""
    return 350 + 100 * swing(now_us, 300)


def acceleration_g(now_us: int) -> tuple[float, float, float]:
    """Return what rests on the table feels: gravity, and a little of people's steps. Unit: g."""
    return 0.02 * swing(now_us, 7), 0.03 * swing(now_us, 11, 0.3), 0.99 + 0.01 * swing(now_us, 5)


def rotation_dps(now_us: int) -> tuple[float, float, float]:
    """Return how fast what rests on the table turns. Unit: degrees a second."""
    return 0.8 * swing(now_us, 13), -0.6 * swing(now_us, 17), 0.5 * swing(now_us, 19)


def magnetic_field_ut(now_us: int) -> tuple[float, float, float]:
    """Return the earth's field in the room's middle latitude, while the table slowly turns. Unit: µT."""
    return 20 * swing(now_us, 600, 0.25), -20 * swing(now_us, 600), -45.0


def co2_ppm(now_us: int) -> int:
    """Return the carbon dioxide, as people come and go. Unit: ppm, 500 to 900."""
    return round(700 + 200 * swing(now_us, 3_600))


def vapour_ppb(now_us: int) -> int:
    """Return the organic vapour that goes with it. Unit: ppb, 15 to 75."""
    return round(45 + 30 * swing(now_us, 3_600))
