"""The logic analyzer: samples of a pin, taken when a trigger is met."""

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class StartLogicAnalyzer(Command, frozen=True, kw_only=True):
    """Sample a pin each time the trigger is met, until stopped: published, not answered.

    The trigger is met after `trigger_samples` samples in a row of `trigger_level`; 0 means at any change of level.
    Unit: microseconds (obniz reference, sections 3.10 and 6.3).
    """

    pin: int
    interval_us: int
    duration_us: int
    trigger_level: bool = False
    trigger_samples: int = 0


class StopLogicAnalyzer(Command, frozen=True):
    """Sample no more and give the pin back. No answer."""


class LogicSampled(Happening, frozen=True):
    """The samples of one trigger, one byte, 0 or 1, for each."""

    bits: bytes
