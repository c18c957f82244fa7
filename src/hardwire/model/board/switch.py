"""The board's switch: ask for its position, and hear of its moves."""

from enum import Enum

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class SwitchPosition(Enum):
    """Where the switch stands (obniz reference, section 3.13)."""

    NONE = "none"
    PUSH = "push"
    LEFT = "left"
    RIGHT = "right"


class ReadSwitch(Command, frozen=True):
    """Tell the switch's position. Answer: one `SwitchRead`."""


class SwitchRead(Happening, frozen=True):
    """The answer to `ReadSwitch`."""

    position: SwitchPosition


class SwitchMoved(Happening, frozen=True):
    """The switch was moved; told unasked."""

    position: SwitchPosition
