"""Durations: milliseconds with a fraction in JSON, whole microseconds in frames and in the model."""

from math import nextafter
from typing import Any

from hardwire.dialects.obniz.wire.shape import number


def microseconds(value: Any, minimum_ms: float, maximum_ms: float, field: str) -> int:  # Any: JSON
    """Return a duration as both encodings say it: what is finer than a microsecond is cut (obniz reference, 6.3).

    Raises:
        Misfit: it is no number, or out of its range.
    """
    return int(number(value, minimum_ms, maximum_ms, field) * 1000)


def milliseconds(duration_us: int) -> int | float:
    """Return the number to write for a duration: one that cuts to the same microseconds."""
    if duration_us % 1000 == 0:
        return duration_us // 1000
    written = duration_us / 1000
    # 1.001 * 1000 is 1000.9999999999999, so the next number is needed there.
    return written if int(written * 1000) == duration_us else nextafter(written, duration_us)
