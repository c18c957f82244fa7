"""Serial ports: start, write, stop; and the bytes that arrive."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class StopBits(Enum):
    """How long the line rests behind each byte, in bits."""

    ONE = 1
    ONE_AND_A_HALF = 1.5
    TWO = 2


class Parity(Enum):
    """Which check bit stands behind each byte."""

    OFF = "off"
    EVEN = "even"
    ODD = "odd"


class FlowControl(Enum):
    """Which lines tell that the other side may send."""

    OFF = "off"
    RTS = "rts"
    CTS = "cts"
    RTS_CTS = "rts-cts"


class StartUart(Command, frozen=True, kw_only=True):
    """Open a serial port on these pins. No answer.

    Source: obniz reference, section 3.7, with its defaults. Unit: `baud` in bits a second.
    """

    channel: int
    rx: int | None
    tx: int | None
    baud: int = 115_200
    stop: StopBits = StopBits.ONE
    bits: int = 8
    parity: Parity = Parity.OFF
    flow: FlowControl = FlowControl.OFF
    rts: int | None = None
    cts: int | None = None


class SetUartDirection(Command, frozen=True):
    """Drive this pin high while the port sends: the DE line of an RS-485 transceiver. No answer."""

    channel: int
    pin: int


class WriteUart(Command, frozen=True):
    """Send bytes. No answer."""

    channel: int
    octets: bytes


class StopUart(Command, frozen=True):
    """Close the port and give its pins back. No answer."""

    channel: int


class UartReceived(Happening, frozen=True):
    """Bytes have arrived at a port; how they are cut into pieces means nothing."""

    channel: int
    octets: bytes
