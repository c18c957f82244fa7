"""How the simulated devices are found: one driver, many kinds of device."""

from hardwire.contracts.driver import Driver, DriverPart
from hardwire.drivers.simulated.board import driver as board
from hardwire.drivers.simulated.board.settings import Settings as BoardSettings
from hardwire.drivers.simulated.meter import driver as meter
from hardwire.drivers.simulated.unit import driver as unit

# The setting `kind` chooses the struct: each is tagged with its own name.
Settings = BoardSettings | meter.Settings | unit.Settings


def make(id: str, group: str, timezone: str, settings: Settings) -> Driver:
    """Build a simulated device of the kind that its settings name. Raises BadValueError naming the setting."""
    match settings:
        case BoardSettings():
            return board.make(id, group, timezone, settings)
        case meter.Settings():
            return meter.make(id, group, timezone, settings)
        case unit.Settings():
            return unit.make(id, group, timezone, settings)


PART = DriverPart(name="simulated", settings=Settings, make=make)
