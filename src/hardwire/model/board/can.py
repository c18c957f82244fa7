"""The CAN bus: frames out and in."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class CanMode(Enum):
    """How the board takes part in the bus."""

    NORMAL = "normal"
    NO_ACK = "noack"
    LISTEN = "listen"


class StartCan(Command, frozen=True, kw_only=True):
    """Open the bus on these pins. No answer. Unit: `rate_kbps`, 1 to 1000."""

    channel: int
    mode: CanMode
    tx: int
    rx: int
    rate_kbps: int
    filter_code: int
    filter_mask: int


class SendCan(Command, frozen=True, kw_only=True):
    """Send a frame. No answer. Source: obniz reference, section 3.20."""

    channel: int
    id: int
    octets: bytes
    is_extended: bool = False
    is_remote: bool = False
    is_single_shot: bool = False
    is_self_received: bool = False


class StopCan(Command, frozen=True):
    """Close the bus. No answer."""

    channel: int


class CanReceived(Happening, frozen=True, kw_only=True):
    """A frame has arrived."""

    channel: int
    id: int
    octets: bytes
    is_extended: bool = False
    is_remote: bool = False
