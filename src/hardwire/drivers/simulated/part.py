"""How the simulated devices are found: one driver, many kinds of device."""

from hardwire.contracts.driver import Driver, DriverPart
from hardwire.drivers.simulated.battery import driver as battery
from hardwire.drivers.simulated.board import driver as board
from hardwire.drivers.simulated.board.settings import Settings as BoardSettings
from hardwire.drivers.simulated.kwh_meter import driver as kwh_meter
from hardwire.drivers.simulated.meter import driver as meter
from hardwire.drivers.simulated.socket import driver as socket
from hardwire.drivers.simulated.unit import driver as unit
from hardwire.drivers.simulated.unit.settings import Settings as UnitSettings
from hardwire.drivers.simulated.water_meter import driver as water_meter

# The setting `kind` chooses the struct: each is tagged with its own name.
Settings = (
    BoardSettings
    | meter.Settings
    | UnitSettings
    | kwh_meter.Settings
    | battery.Settings
    | socket.Settings
    | water_meter.Settings
)


def make(id: str, group: str, timezone: str, settings: Settings) -> Driver:
    """Build a simulated device of the kind that its settings name. Raises BadValueError naming the setting."""
    match settings:
        case BoardSettings():
            return board.make(id, group, timezone, settings)
        case meter.Settings():
            return meter.make(id, group, timezone, settings)
        case UnitSettings():
            return unit.make(id, group, timezone, settings)
        case kwh_meter.Settings():
            return kwh_meter.make(id, group, timezone, settings)
        case battery.Settings():
            return battery.make(id, group, timezone, settings)
        case socket.Settings():
            return socket.make(id, group, timezone, settings)
        case water_meter.Settings():
            return water_meter.make(id, group, timezone, settings)


PART = DriverPart(name="simulated", settings=Settings, make=make)
