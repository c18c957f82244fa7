"""The words of a logger in the field: what its points that are no fields are called.

All are points of the device with `is_field` false. Clients read them in `status` and write them by `control`.
Source: ezeio reference, sections 2 and 4.
"""

import re

from hardwire.model.point import Point

INPUTS = 8
OUTPUTS = 4

SUPPLY_MV = "vin_mv"
"""Voltage of the supply, `adc.Vin`."""
BATTERY_MV = "vbat_mv"
"""Voltage of the battery, `adc.Vbat`."""
RAIL_MV = "v5_mv"
"""Voltage of the 5 V rail, `adc.V5`."""
LATITUDE_DEG = "latitude_deg"
LONGITUDE_DEG = "longitude_deg"
ALTITUDE_M = "altitude_m"
POSITION_SIGNAL = "position_signal"
LINK = "link"
"""How it is connected, a text: `Cell`, `Ethernet`, `WiFi`."""
RSSI_DBM = "rssi_dbm"
SIM_ICCID = "sim_iccid"

_REGISTER = re.compile(r"register_([1-9][0-9]?)_([1-9][0-9]{0,2})")


def input_name(number: int) -> str:
    """Return the name of an input's point, 1 to 8; its values are whole numbers."""
    return f"input_{number}"


def output_name(number: int) -> str:
    """Return the name of an output's point, 1 to 4; its values are 0 to 100 (percent)."""
    return f"output_{number}"


def register_name(device: int, register: int) -> str:
    """Return the name of the point of a register of a device on the unit's bus: device 1 to 40, register 1 to 150."""
    return f"register_{device}_{register}"


def register_of(point: str) -> tuple[int, int] | None:
    """Return device and register of a register's point; None for another point."""
    found = _REGISTER.fullmatch(point)
    return None if found is None else (int(found[1]), int(found[2]))


def output_point(number: int) -> Point:
    """Return an output as a point."""
    return Point(name=output_name(number), label=f"Output {number}", unit="percent", writable=True, is_field=False)
