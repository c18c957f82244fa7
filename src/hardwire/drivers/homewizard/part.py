"""How the hub finds the homewizard driver."""

from hardwire.contracts.driver import Driver, DriverPart
from hardwire.drivers.homewizard.driver import HomeWizardDevice
from hardwire.drivers.homewizard.settings import Settings


def make(id: str, group: str, timezone: str, settings: Settings) -> Driver:
    """Build the driver of one HomeWizard device.

    Raises:
        BadValueError: a setting is wrong.
    """
    return HomeWizardDevice(id, group, timezone, settings)


PART = DriverPart(name="homewizard", settings=Settings, make=make)
