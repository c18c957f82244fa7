"""Animations as a function of the board: states of pins that it walks through by itself, exactly in time."""

from collections.abc import Callable, Sequence

from hardwire.drivers.simulated.board.budget import Budget
from hardwire.drivers.simulated.board.function import Tell
from hardwire.model.board.animation import AnimationFinished, PauseAnimation, ResumeAnimation, StartAnimation
from hardwire.model.board.pin import DrivePin, ReadPin, ReleasePin, SetDrive, SetPull, StreamPin
from hardwire.model.board.pwm import ModulateAm, SetPwmFrequency, SetPwmPulse, StartPwm, StopPwm
from hardwire.model.board.system import BoardWarned
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.fact import Happening

ANIMATIONS_LIMIT = 32
STEPS_LIMIT = 1_000
COMMANDS_LIMIT = 1_000
BITS_LIMIT = 10_000
"""All modulations of an animation together."""
SHORTEST_STEP_US = 500
"""A loop whose steps take no time would have no end."""
LONGEST_STEP_US = 2**32
CATCH_UP_US = 1_000_000
"""What a board missed that was not looked at for longer, it has not done: it goes on from there."""
COMMAND_US = 50
COMMANDS_SAVED = 5_000
"""All animations together carry out 20,000 commands a second; what is more comes later."""

STEPPED = (
    DrivePin,
    ReadPin,
    StreamPin,
    SetDrive,
    SetPull,
    ReleasePin,
    StartPwm,
    StopPwm,
    SetPwmFrequency,
    SetPwmPulse,
    ModulateAm,
)
"""What a step may do (obniz reference, section 6.3: modules 2 and 3 only)."""

CarryOut = Callable[[Command, int], None]
"""Carry out a command at that instant. Raises CallerError."""


class _Walk:
    """An animation with the place that it has come to."""

    def __init__(self, plan: StartAnimation, now_us: int) -> None:
        self.plan = plan
        self.walked = 0
        """How many steps have begun."""
        self.due_us: int | None = None if plan.is_paused else now_us
        """When the next step begins; None while it is paused."""
        self.cost = max(1, max(len(step.commands) for step in plan.steps))
        """How many commands a step has at most."""
        self.left_us = 0
        """How long the present step would have gone on when it was paused."""

    def rewind(self) -> None:
        """Be as one that was kept and never begun."""
        self.walked = self.left_us = 0
        self.due_us = None

    def pause(self, now_us: int) -> None:
        """Stop where it is."""
        if self.due_us is not None:
            self.left_us = self.due_us - now_us
            self.due_us = None

    def resume(self, now_us: int) -> None:
        """Go on where it stopped."""
        if self.due_us is None:
            self.due_us = now_us + self.left_us


class Animation:
    """All animations of the board by name.

    One that has walked as many steps as it should is forgotten, unless it was kept at first without being begun.
    """

    commands: Sequence[type[Command]] = (StartAnimation, PauseAnimation, ResumeAnimation)

    def __init__(self, carry_out: CarryOut, tell: Tell) -> None:
        self._carry_out = carry_out
        self._tell = tell
        self._budget = Budget(COMMAND_US, COMMANDS_SAVED)
        self.power_on()

    def power_on(self) -> None:
        """Forget every animation."""
        self._walks: dict[str, _Walk] = {}

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Keep, pause or resume one; a name that is not known is none of its business."""
        match command:
            case StartAnimation(name):
                self._check(command)
                self._walks[name] = _Walk(command, now_us)
                # The first state is there when the command is done.
                self.advance(now_us)
            case PauseAnimation(name):
                if walk := self._walks.get(name):
                    walk.pause(now_us)
            case ResumeAnimation(name):
                if walk := self._walks.get(name):
                    walk.resume(now_us)
        return ()

    def advance(self, now_us: int) -> None:
        """Take every step that is due, in the order of their instants."""
        while (walk := self._next_walk()) is not None and walk.due_us is not None and walk.due_us <= now_us:
            at_us = max(walk.due_us, now_us - CATCH_UP_US)
            if self._budget.take(now_us, walk.cost):
                self._step(walk, at_us)
            else:
                walk.due_us = self._budget.next_us(now_us)

    def next_change_us(self, now_us: int) -> int | None:
        """Return when the next step is due."""
        walk = self._next_walk()
        return None if walk is None else walk.due_us

    def _next_walk(self) -> _Walk | None:
        if not self._walks:
            return None
        walking = [walk for walk in self._walks.values() if walk.due_us is not None]
        return min(walking, key=_due_us, default=None)

    def _step(self, walk: _Walk, at_us: int) -> None:
        """Begin the next step, or be over."""
        plan = walk.plan
        if plan.repeat is not None and walk.walked >= plan.repeat:
            if plan.is_paused:
                walk.rewind()
            else:
                del self._walks[plan.name]
            self._tell(AnimationFinished(plan.name))
            return
        step = plan.steps[walk.walked % len(plan.steps)]
        walk.walked += 1
        walk.due_us = at_us + max(step.duration_us, SHORTEST_STEP_US)
        try:
            for command in step.commands:
                self._carry_out(command, at_us)
        except CallerError as error:
            del self._walks[plan.name]
            self._tell(BoardWarned(f"the animation {plan.name!r} has ended: {error.message}"))

    def _check(self, plan: StartAnimation) -> None:
        if plan.name not in self._walks and len(self._walks) >= ANIMATIONS_LIMIT:
            raise CallerError(f"a board has at most {ANIMATIONS_LIMIT} animations")
        if not 1 <= len(plan.steps) <= STEPS_LIMIT:
            raise BadValueError(f"an animation has 1 to {STEPS_LIMIT} steps", path="steps")
        if plan.repeat is not None and plan.repeat < 1:
            raise BadValueError("an animation takes at least one step", path="repeat")
        commands = [command for step in plan.steps for command in step.commands]
        bits = sum(len(command.bits) for command in commands if isinstance(command, ModulateAm))
        if len(commands) > COMMANDS_LIMIT or bits > BITS_LIMIT:
            problem = f"the steps of an animation have at most {COMMANDS_LIMIT} commands and {BITS_LIMIT} bits"
            raise BadValueError(problem, path="steps")
        for step in plan.steps:
            if not 0 <= step.duration_us <= LONGEST_STEP_US:
                raise BadValueError(f"a step takes 0 to {LONGEST_STEP_US} us", path="duration_us")
            if not all(isinstance(command, STEPPED) for command in step.commands):
                raise BadValueError("a step of an animation can only do things to pins and PWM", path="steps")


def _due_us(walk: _Walk) -> int:
    return walk.due_us or 0
