"""Where the board is."""

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class StartLocation(Command, frozen=True):
    """Tell the position again and again, until stopped: published, not answered."""


class StopLocation(Command, frozen=True):
    """Tell it no more. No answer."""


class Located(Happening, frozen=True):
    """The position, in the units that the vendor's client passes through unnamed (obniz reference, section 3.19)."""

    latitude: float
    longitude: float
    altitude: float
    accuracy: float
    speed: float
