"""The board's own motion sensor: temperature, acceleration, and whether it is moved."""

from enum import Enum

from msgspec import Struct

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class SenseMode(Enum):
    """When a value is told."""

    ONE_SHOT = "oneshot"
    SENSITIVE = "sensitive"
    """Whenever it changes by more than the sensitivity lets pass."""


class Sense(Struct, frozen=True):
    """How one quantity is told. `sensitivity` is 0 to 1; the binary wire has whole percent."""

    mode: SenseMode
    sensitivity: float


class SenseMotion(Command, frozen=True):
    """Choose how each quantity is told; None leaves it as it is. No answer; values are published."""

    temperature: Sense | None = None
    acceleration: Sense | None = None
    recognition: Sense | None = None


class StopMotion(Command, frozen=True):
    """Tell nothing more. No answer."""


class TemperatureMeasured(Happening, frozen=True):
    """Unit: degrees Celsius."""

    celsius: float


class AccelerationMeasured(Happening, frozen=True):
    """Acceleration as radius and two angles (obniz reference, section 3.19: r, t, p)."""

    r: float
    t: float
    p: float


class MotionRecognized(Happening, frozen=True):
    """Whether the board is moved, and how certain that is (0 to 1)."""

    is_moving: bool
    possibility: float
