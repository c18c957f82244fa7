"""Animations: states of pins that the board walks through by itself, exactly in time."""

from msgspec import Struct

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class AnimationStep(Struct, frozen=True):
    """One state of an animation: the commands that bring it about, and how long it lasts.

    Only commands of pins and PWM. Unit: microseconds (obniz reference, section 6.3: u32).
    """

    duration_us: int
    commands: tuple[Command, ...]


class StartAnimation(Command, frozen=True):
    """Keep an animation under a name, in place of an earlier one, and begin it unless `is_paused`. No answer.

    `repeat` counts steps, not rounds; None goes on for ever. When it runs out, `AnimationFinished` is published.

    Source: obniz reference, section 3.4.
    """

    name: str
    steps: tuple[AnimationStep, ...]
    repeat: int | None = None
    is_paused: bool = False


class PauseAnimation(Command, frozen=True):
    """Stop where it is; nothing for a name that is not known. No answer."""

    name: str


class ResumeAnimation(Command, frozen=True):
    """Go on where it was paused, or begin it; nothing for a name that is not known. No answer."""

    name: str


class AnimationFinished(Happening, frozen=True):
    """An animation has walked as many steps as `repeat` asked for."""

    name: str
