"""SPI: the board as master of a bus."""

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class StartSpi(Command, frozen=True, kw_only=True):
    """Open a bus as its master on these pins, at least one of clk, mosi and miso. No answer.

    Unit: `clock_hz`, 1 to 26,000,000 (obniz reference, section 3.8).
    """

    channel: int
    clock_hz: int
    clk: int | None = None
    mosi: int | None = None
    miso: int | None = None
    cs: int | None = None


class TransferSpi(Command, frozen=True):
    """Send bytes and take as many in. Answer: one `SpiRead` where `is_read`, else none."""

    channel: int
    octets: bytes
    is_read: bool = True


class StopSpi(Command, frozen=True):
    """Close the bus and give its pins back. No answer."""

    channel: int


class SpiRead(Happening, frozen=True):
    """The answer to `TransferSpi`: as many bytes as were sent."""

    channel: int
    octets: bytes
