"""What the hub has counted since it started: plain numbers, which whoever tells them reads when asked."""

from collections import Counter
from collections.abc import Callable

from hardwire.model.command import Failed, Reply
from hardwire.model.errors import CallerError, DeviceError
from hardwire.model.fact import Fact
from hardwire.model.histogram import Histogram


class HubFigures:
    """One per hub. Nothing here is ever taken back."""

    __slots__ = ("device_errors", "done", "facts", "hub_faults", "refused", "stopwatch", "waits")

    def __init__(self, stopwatch: Callable[[], float] = lambda: 0.0) -> None:
        """`stopwatch` tells seconds from any beginning; they never run back."""
        self.stopwatch = stopwatch
        self.done = 0
        """Commands that were carried out."""
        self.refused = 0
        """Commands that their caller has to change: no such device, not allowed, a value that does not fit."""
        self.device_errors = 0
        """Commands that the device could not carry out."""
        self.hub_faults = 0
        """Commands at which the hub itself failed."""
        self.waits = Histogram()
        """Seconds from a command's coming into its device's queue to its reply."""
        self.facts: Counter[type[Fact]] = Counter()
        """What was published here, by kind."""

    def answered(self, reply: Reply) -> None:
        """Count a command by its outcome."""
        if not isinstance(reply, Failed):
            self.done += 1
        elif isinstance(reply.error, CallerError):
            self.refused += 1
        elif isinstance(reply.error, DeviceError):
            self.device_errors += 1
        else:
            self.hub_faults += 1
