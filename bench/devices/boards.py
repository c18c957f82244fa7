"""Boards that tell a voltage of a streamed analog channel each time."""

from datetime import datetime

from hardwire.dialects.obniz.face import Face
from hardwire.hub.hub import Hub
from hardwire.model.board.analog import AnalogValue
from hardwire.model.device import Device
from hardwire.model.fact import Event


def declare_boards(hub: Hub, count: int) -> None:
    """Make boards `0` to `count - 1` known."""
    for n in range(count):
        hub.declare(Device(id=str(n), kind="board", profile="obnizb1", firmware="7.1.0", is_virtual=True))
        hub.roster.show(str(n), "obniz", f"{n:08}", Face(id=f"{n:08}"))


def voltage(device: int, number: int, at: datetime) -> Event:
    """Return a voltage of up to three decimals."""
    return Event(str(device), at, AnalogValue(0, 1 + number % 900 / 1000))
