"""The words of a unit whose values are numbers: a logger may send them beside its fields."""

from hardwire.model import unit

_WORDS = {
    unit.SUPPLY_MV,
    unit.BATTERY_MV,
    unit.RAIL_MV,
    unit.LATITUDE_DEG,
    unit.LONGITUDE_DEG,
    unit.ALTITUDE_M,
    unit.POSITION_SIGNAL,
    unit.RSSI_DBM,
    *(unit.input_name(number) for number in range(1, unit.INPUTS + 1)),
    *(unit.output_name(number) for number in range(1, unit.OUTPUTS + 1)),
}
# As many as a unit has (ezeio reference, section 4).
_DEVICES, _REGISTERS = 40, 150


def is_word(name: str) -> bool:
    """Say whether a name is that of an input, an output, a register or a value of the unit itself."""
    register = unit.register_of(name)
    return name in _WORDS or (register is not None and register[0] <= _DEVICES and register[1] <= _REGISTERS)
