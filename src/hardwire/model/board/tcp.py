"""TCP connections that the board opens for its programs."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class TcpResult(Enum):
    """What became of an attempt to connect (obniz reference, section 3.15)."""

    OK = 0
    PORT_USED = 1
    PORT_AREA_ERROR = 2
    LOOKUP_ERROR = 3
    ERROR = 4


class ConnectTcp(Command, frozen=True):
    """Connect to a port of a host. `TcpConnected` and then `TcpAnswered` are published when it is decided."""

    channel: int
    port: int
    host: str


class WriteTcp(Command, frozen=True):
    """Send bytes. No answer."""

    channel: int
    octets: bytes


class CloseTcp(Command, frozen=True):
    """End the connection; `TcpConnected` is published. No answer."""

    channel: int


class TcpConnected(Happening, frozen=True):
    """A connection stands now, or stands no more, whoever ended it."""

    channel: int
    is_connected: bool


class TcpAnswered(Happening, frozen=True):
    """How the attempt to connect ended; the vendor's client waits for this one."""

    channel: int
    result: TcpResult


class TcpReceived(Happening, frozen=True):
    """Bytes have arrived."""

    channel: int
    octets: bytes
