"""What moves by itself in a simulated unit: inputs, registers, supply, position, the signal of its link."""

from collections.abc import Iterator

from hardwire.drivers.simulated.unit.settings import Input, Register, Settings
from hardwire.drivers.simulated.unit.shapes import RESOLUTION_DIGITS, Shape, Wave
from hardwire.model.unit import (
    ALTITUDE_M,
    BATTERY_MV,
    INPUTS,
    LATITUDE_DEG,
    LONGITUDE_DEG,
    POSITION_SIGNAL,
    RAIL_MV,
    RSSI_DBM,
    SUPPLY_MV,
    input_name,
    register_name,
)


def moving(id: str, settings: Settings) -> Iterator[tuple[str, Wave]]:
    """Yield the name of each numeric point that is no field and cannot be written, with how it moves."""
    for number in range(1, INPUTS + 1):
        yield input_name(number), Wave(seed=id, digits=0)
    for entry in settings.inputs:
        name = input_name(entry.input)
        yield name, _wave(f"{id}/{name}", entry, digits=0)
    for register in settings.registers:
        if register.value is None:
            name = register_name(register.device, register.register)
            yield name, _wave(f"{id}/{name}", register, digits=RESOLUTION_DIGITS)
    yield SUPPLY_MV, Wave(seed=id, shape=Shape.NOISE, offset=12_100, amplitude=60, period_s=900, digits=0)
    yield BATTERY_MV, Wave(seed=id, shape=Shape.NOISE, offset=4_120, amplitude=15, period_s=3_600, digits=0)
    yield RAIL_MV, Wave(seed=id, shape=Shape.NOISE, offset=5_010, amplitude=8, period_s=1_200, digits=0)
    yield LATITUDE_DEG, Wave(seed=id, offset=settings.latitude_deg, digits=6)
    yield LONGITUDE_DEG, Wave(seed=id, offset=settings.longitude_deg, digits=6)
    yield ALTITUDE_M, Wave(seed=id, offset=settings.altitude_m, digits=1)
    yield POSITION_SIGNAL, Wave(seed=id, shape=Shape.NOISE, offset=7, amplitude=2, period_s=1_800, digits=0)
    yield RSSI_DBM, Wave(seed=f"{id}/rssi", shape=Shape.NOISE, offset=-87, amplitude=6, period_s=1_500, digits=0)


def _wave(seed: str, entry: Input | Register, *, digits: int) -> Wave:
    return Wave(
        seed=seed,
        shape=entry.shape,
        offset=entry.offset,
        amplitude=entry.amplitude,
        period_s=entry.period_s,
        digits=digits,
    )
