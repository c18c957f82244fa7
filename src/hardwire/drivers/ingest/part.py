"""How the hub finds the ingest driver."""

from hardwire.contracts.driver import Driver, DriverPart
from hardwire.drivers.ingest.door import IngestDoor
from hardwire.drivers.ingest.driver import Logger
from hardwire.drivers.ingest.settings import Settings, check
from hardwire.drivers.ingest.visit import KIND


def make(id: str, group: str, timezone: str, settings: Settings) -> Driver:
    """Build the driver of one logger.

    Raises:
        BadValueError: a setting is wrong.
    """
    check(settings)
    return Logger(id, group, timezone, settings)


PART = DriverPart(name="ingest", settings=Settings, make=make, door=IngestDoor, key_kind=KIND)
