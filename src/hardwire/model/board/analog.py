"""Analog inputs: convert once, stream, stop; and the voltages they tell."""

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class ReadAnalog(Command, frozen=True):
    """Convert once; an earlier stream of the channel goes on. Answer: one `AnalogValue`.

    Parts stream a channel and still ask for single values (obniz reference, section 3.5: `null` ends a stream).
    """

    channel: int


class StreamAnalog(Command, frozen=True):
    """Tell the voltage at once, then again and again as it changes, until stopped: published, not answered."""

    channel: int


class StopAnalog(Command, frozen=True):
    """End the channel's stream. No answer."""

    channel: int


class AnalogValue(Happening, frozen=True):
    """A channel's voltage: the answer to `ReadAnalog`, or one value of a stream.

    Unit: V, 0 to 5 (obniz reference, section 1.8: clients drop what lies outside).
    """

    channel: int
    voltage_v: float
