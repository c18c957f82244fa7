"""I2C: the board as master or as slave of a bus."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class I2cFault(Enum):
    """What went wrong on a bus (obniz reference, section 6.3)."""

    TIMEOUT = 7
    FAILED = 255


class StartI2cMaster(Command, frozen=True):
    """Open a bus as its master. No answer. Unit: `clock_hz`, 1 to 1,000,000."""

    channel: int
    sda: int
    scl: int
    clock_hz: int


class StartI2cSlave(Command, frozen=True):
    """Be a slave of a bus; what a master writes to the address is published as `I2cWritten`. No answer."""

    channel: int
    sda: int
    scl: int
    address: int
    address_bits: int = 7


class WriteI2c(Command, frozen=True):
    """Write to a part of the bus. No answer but `I2cFailed` where it fails. 10 address bits above address 127."""

    channel: int
    address: int
    octets: bytes
    address_bits: int = 7


class ReadI2c(Command, frozen=True):
    """Read from a part of the bus. Answer: one `I2cRead`, or one `I2cFailed`."""

    channel: int
    address: int
    count: int
    address_bits: int = 7


class StopI2c(Command, frozen=True):
    """Close the bus and give its pins back. No answer."""

    channel: int


class I2cRead(Happening, frozen=True):
    """The answer to `ReadI2c`."""

    channel: int
    address: int
    octets: bytes


class I2cWritten(Happening, frozen=True):
    """A master of the bus has written to the board as its slave; fragmented where more of it follows."""

    channel: int
    address: int
    octets: bytes
    is_fragmented: bool = False
    address_bits: int = 7


class I2cFailed(Happening, frozen=True):
    """A transfer failed: the answer to the `ReadI2c` (`is_read`) or `WriteI2c` that wanted it."""

    channel: int
    fault: I2cFault
    is_read: bool
    message: str


class I2cWarned(Happening, frozen=True):
    """Something about a bus is not as it should be, and it goes on."""

    channel: int
    message: str
