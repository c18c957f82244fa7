"""Every virtual part by the name that is printed on it."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

from hardwire.drivers.simulated.board.parts import bme280, mpu
from hardwire.drivers.simulated.board.parts.adt7310 import Adt7310
from hardwire.drivers.simulated.board.parts.adt7410 import Adt7410
from hardwire.drivers.simulated.board.parts.adxl345 import Adxl345
from hardwire.drivers.simulated.board.parts.ak8963 import Ak8963
from hardwire.drivers.simulated.board.parts.am2320 import Am2320
from hardwire.drivers.simulated.board.parts.amg8833 import Amg8833
from hardwire.drivers.simulated.board.parts.ccs811 import Ccs811
from hardwire.drivers.simulated.board.parts.d6t44l import D6t44l
from hardwire.drivers.simulated.board.parts.dht12 import Dht12
from hardwire.drivers.simulated.board.parts.dht20 import Dht20
from hardwire.drivers.simulated.board.parts.echo import Echo
from hardwire.drivers.simulated.board.parts.eeprom_24lc256 import Eeprom24LC256
from hardwire.drivers.simulated.board.parts.gps import Gps
from hardwire.drivers.simulated.board.parts.hmc5883l import Hmc5883l
from hardwire.drivers.simulated.board.parts.mcp23s08 import Mcp23s08
from hardwire.drivers.simulated.board.parts.mcp4725 import Mcp4725
from hardwire.drivers.simulated.board.parts.part import I2cPart, SpiPart, UartPart
from hardwire.drivers.simulated.board.parts.pca9685 import Pca9685
from hardwire.drivers.simulated.board.parts.registers import Registers
from hardwire.drivers.simulated.board.parts.s11059 import S11059
from hardwire.drivers.simulated.board.parts.sht20 import Sht20
from hardwire.drivers.simulated.board.parts.sht31 import Sht31


class I2cKind(Struct, frozen=True):
    """A kind of part for an I2C bus: how one is made for an address, and which addresses it can have."""

    make: Callable[[int], I2cPart]
    addresses: tuple[int, ...]
    """The first is its address unless another one is set."""


class SpiKind(Struct, frozen=True):
    """A kind of part for an SPI bus."""

    make: Callable[[], SpiPart]


class UartKind(Struct, frozen=True):
    """A kind of module for a serial port: how one is made for a speed, and which speed it has unless another is set."""

    make: Callable[[int], UartPart]
    baud: int


Kind: TypeAlias = I2cKind | SpiKind | UartKind

BOSCH = (0x76, 0x77)
INVENSENSE = (0x68, 0x69)

KINDS: Mapping[str, Kind] = {
    "24LC256": I2cKind(lambda address: Eeprom24LC256(), tuple(range(0x50, 0x58))),
    "ADT7310": SpiKind(Adt7310),
    "ADT7410": I2cKind(lambda address: Registers(Adt7410(address), is_held=True), (0x48, 0x49, 0x4A, 0x4B)),
    "ADXL345": I2cKind(lambda address: Registers(Adxl345()), (0x53, 0x1D)),
    "AK8963": I2cKind(lambda address: Registers(Ak8963()), (0x0C, 0x0D, 0x0E, 0x0F)),
    "AM2320": I2cKind(Am2320, (0x5C,)),
    "AMG8833": I2cKind(lambda address: Registers(Amg8833()), (0x69, 0x68)),
    "BME280": I2cKind(lambda address: Registers(bme280.Bme280(address), is_paired=True), BOSCH),
    "BMP280": I2cKind(lambda address: Registers(bme280.Bme280(address, bme280.BMP280_ID), is_paired=True), BOSCH),
    "CCS811": I2cKind(lambda address: Ccs811(), (0x5B, 0x5A)),
    "D6T44L": I2cKind(D6t44l, (0x0A,)),
    "DHT12": I2cKind(lambda address: Registers(Dht12(address)), (0x5C,)),
    "DHT20": I2cKind(Dht20, (0x38,)),
    "Echo": UartKind(Echo, 115_200),
    "GPS": UartKind(Gps, 9_600),
    "HMC5883L": I2cKind(lambda address: Registers(Hmc5883l()), (0x1E,)),
    "MCP23S08": SpiKind(Mcp23s08),
    "MCP4725": I2cKind(lambda address: Mcp4725(), tuple(range(0x60, 0x68))),
    "MPU6050": I2cKind(lambda address: Registers(mpu.Mpu(mpu.MPU6050)), INVENSENSE),
    "MPU6886": I2cKind(lambda address: Registers(mpu.Mpu(mpu.MPU6886)), INVENSENSE),
    "MPU9250": I2cKind(lambda address: Registers(mpu.Mpu(mpu.MPU9250)), INVENSENSE),
    "PCA9685": I2cKind(lambda address: Pca9685(), tuple(range(0x40, 0x80))),
    "S11059": I2cKind(lambda address: Registers(S11059()), (0x2A,)),
    "SHT20": I2cKind(Sht20, (0x40,)),
    "SHT31": I2cKind(Sht31, (0x44, 0x45)),
}
