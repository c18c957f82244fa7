"""How the hub finds the computed driver."""

from hardwire.contracts.driver import DriverPart
from hardwire.drivers.computed.driver import ComputedDevice
from hardwire.drivers.computed.settings import Settings, recipe_of


def make(id: str, group: str, timezone: str, settings: Settings) -> ComputedDevice:
    """Build a computed device. Raises BadValueError naming the setting, and in an expression the column."""
    return ComputedDevice(recipe_of(id, settings), group, timezone)


PART = DriverPart(name="computed", settings=Settings, make=make)
