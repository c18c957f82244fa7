"""What a plan comes to with the values that its sources have now."""

from collections.abc import Mapping
from datetime import datetime

from hardwire.contracts.driver import Feed
from hardwire.contracts.house import Reading
from hardwire.drivers.computed.evaluation import UncomputableError, evaluated
from hardwire.drivers.computed.plan import Plan
from hardwire.drivers.computed.tree import Reference
from hardwire.model.value import Value


class Readings:
    """The last values of other devices, with the newest instant of those that were used."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._devices: dict[str, Mapping[str, Reading]] = {}
        self.newest: datetime | None = None

    def __call__(self, reference: Reference) -> Value | None:
        """Return the last value of a point, None when it has none."""
        device = reference.device
        if device not in self._devices:
            self._devices[device] = self._feed.readings(device)
        reading = self._devices[device].get(reference.point)
        if reading is None:
            return None
        if self.newest is None or reading.at > self.newest:
            self.newest = reading.at
        return reading.value


def computed(plan: Plan, read: Readings) -> tuple[dict[str, Value], dict[str, UncomputableError]]:
    """Return each point's value, and why some have none."""
    values: dict[str, Value] = {}
    problems: dict[str, UncomputableError] = {}
    for name, node in plan.formulas:
        try:
            values[name] = evaluated(node, read)
        except UncomputableError as problem:
            problems[name] = problem
    for name, reference in plan.mirrors:
        value = read(reference)
        if value is not None:
            values[name] = value
    return values, problems
