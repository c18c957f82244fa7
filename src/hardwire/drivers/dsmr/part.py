"""How the hub finds the dsmr driver."""

from hardwire.contracts.driver import Driver, DriverPart
from hardwire.drivers.dsmr.settings import Settings
from hardwire.model.errors import BadValueError

try:
    from hardwire.drivers.dsmr.driver import P1Meter
except ModuleNotFoundError as missing:
    # The extra is optional; without it the hub still has to say what is missing when a device wants it.
    if (missing.name or "").partition(".")[0] not in ("dsmr_parser", "serialx"):
        raise
    IS_INSTALLED = False
else:
    IS_INSTALLED = True


def make(id: str, group: str, timezone: str, settings: Settings) -> Driver:
    """Build the driver of one P1 meter.

    Raises:
        BadValueError: a setting is wrong, or the packages of the extra `dsmr` are not installed.
    """
    if not IS_INSTALLED:
        raise BadValueError(
            "The dsmr driver needs packages that are not installed; run: pip install 'hardwire[dsmr]'", path="driver"
        )
    return P1Meter(id, group, timezone, settings)


PART = DriverPart(name="dsmr", settings=Settings, make=make)
