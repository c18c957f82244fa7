"""An echo on the bench: a wall that throws the sound of a distance sensor back."""

from typing import Annotated

from msgspec import Meta, Struct

SOUND_MM_PER_US = 0.3405
"""The speed of sound in air of 15 degrees Celsius, which clients reckon with unless told (obniz.js, HC-SR04)."""
BURST_US = 450
"""From the end of the trigger to the rise of the echo line: the sensor sends its burst (HC-SR04)."""


class Echo(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the wall stands. It answers every measurement, whatever pins that takes."""

    distance_mm: Annotated[float, Meta(ge=20, le=10_000)] = 1_000.0
    """How far away the wall is."""

    @property
    def flight_us(self) -> int:
        """How long the sound is on its way, there and back."""
        return round(2 * self.distance_mm / SOUND_MM_PER_US)
