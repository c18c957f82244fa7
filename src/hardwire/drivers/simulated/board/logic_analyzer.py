"""The logic analyzer as a function of the board: samples of a pin, taken when a trigger is met."""

from collections.abc import Sequence

from msgspec import Struct

from hardwire.drivers.simulated.board.budget import Budget
from hardwire.drivers.simulated.board.circuit.history import History
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.function import Tell
from hardwire.model.board.logic_analyzer import LogicSampled, StartLogicAnalyzer, StopLogicAnalyzer
from hardwire.model.board.pin import PinOwner
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

SAMPLES_LIMIT = 100_000
"""How many samples one trigger may ask for."""
REST_US = 50_000
REST_PER_SAMPLE_US = 10
"""After its samples it rests, as one that has to send them does: 100,000 of them a second, 20 triggers a second."""
LOOK_US = 10
LOOKS_SAVED = 10_000
"""It looks at 100,000 changes of level a second for a trigger; what comes faster may not meet it."""


class _Watch(Struct):
    """What it is at: looking for the trigger, or taking samples."""

    plan: StartLogicAnalyzer
    next_us: int
    """When the next sample is taken, or the level is looked at next."""
    alike: int = 0
    """How many samples in a row had the level of the trigger."""
    samples: bytearray | None = None
    """What was taken since the trigger was met; None before."""

    @property
    def count(self) -> int:
        """How many samples a trigger asks for."""
        return max(1, self.plan.duration_us // self.plan.interval_us)


class LogicAnalyzer:
    """It listens to one line, whoever drives it, and takes its pin from nobody who uses it."""

    commands: Sequence[type[Command]] = (StartLogicAnalyzer, StopLogicAnalyzer)

    def __init__(self, pins: Pins, tell: Tell) -> None:
        self._pins = pins
        self._tell = tell
        self._looks = Budget(LOOK_US, LOOKS_SAVED)
        self.power_on()

    def power_on(self) -> None:
        """Sample nothing."""
        self._watch: _Watch | None = None

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Begin to look for a trigger, in place of an earlier one, or stop."""
        if isinstance(command, StartLogicAnalyzer):
            self._check(command)
            self._stop()
            if self._pins[command.pin].owner is PinOwner.NOBODY:
                self._pins.take(PinOwner.LOGIC_ANALYZER, command.pin)
            self._watch = _Watch(command, now_us)
        else:
            self._stop()
        return ()

    def advance(self, now_us: int) -> None:
        """Look at what the line did until just before now, and tell the samples that are complete."""
        watch = self._watch
        while watch is not None and watch.next_us < now_us:
            history = self._pins[watch.plan.pin].history
            if watch.samples is None:
                self._look(watch, history, now_us)
            else:
                self._sample(watch, watch.samples, history, now_us)

    def next_change_us(self, now_us: int) -> int | None:
        """Return when the samples are complete, or the trigger may be met at the earliest."""
        watch = self._watch
        if watch is None:
            return None
        interval_us = watch.plan.interval_us
        if watch.samples is not None:
            return watch.next_us + (watch.count - len(watch.samples) - 1) * interval_us + 1
        history = self._pins[watch.plan.pin].history
        if watch.plan.trigger_samples and history.level(now_us) is watch.plan.trigger_level:
            return watch.next_us + (watch.plan.trigger_samples - watch.alike - 1) * interval_us + 1
        edge_us = history.next_edge_us(now_us)
        return None if edge_us is None else max(edge_us, watch.next_us) + 1

    def _check(self, plan: StartLogicAnalyzer) -> None:
        self._pins[plan.pin]
        if plan.interval_us < 1:
            raise BadValueError("samples are at least a microsecond apart", path="interval_us")
        if not 1 <= plan.duration_us <= SAMPLES_LIMIT * plan.interval_us:
            problem = f"one trigger gives 1 to {SAMPLES_LIMIT} samples; choose a shorter duration or a longer interval"
            raise BadValueError(problem, path="duration_us")
        if plan.trigger_samples < 0:
            raise BadValueError("a trigger takes no sample, or some", path="trigger_samples")

    def _stop(self) -> None:
        if self._watch is not None and self._pins.has(PinOwner.LOGIC_ANALYZER, self._watch.plan.pin):
            self._pins.clear(self._watch.plan.pin)
        self._watch = None

    def _sample(self, watch: _Watch, samples: bytearray, history: History, now_us: int) -> None:
        """Take the samples before now; when it has all, tell them and rest."""
        interval_us = watch.plan.interval_us
        passed = (now_us - 1 - watch.next_us) // interval_us + 1
        taken = min(passed, watch.count - len(samples))
        samples += history.sampled(watch.next_us, interval_us, taken)
        watch.next_us += taken * interval_us
        if len(samples) == watch.count:
            self._tell(LogicSampled(bytes(samples)))
            watch.samples = None
            watch.next_us += max(REST_US, watch.count * REST_PER_SAMPLE_US)

    def _look(self, watch: _Watch, history: History, now_us: int) -> None:
        """Look for the trigger until just before now; where it is met, the samples begin with those that met it."""
        plan = watch.plan
        if not plan.trigger_samples:
            edge = next(history.edges(watch.next_us - 1, now_us - 1), None)
            watch.next_us, watch.samples = (now_us, None) if edge is None else (edge.at_us, bytearray())
            return
        while watch.next_us < now_us:
            if not self._looks.take(now_us):
                watch.next_us = now_us
                return
            change_us = history.next_edge_us(watch.next_us)
            end_us = now_us if change_us is None else min(change_us, now_us)
            # As many samples as lie before the next change, or before now, are alike.
            alike = -((watch.next_us - end_us) // plan.interval_us)
            missing = plan.trigger_samples - watch.alike
            if history.level(watch.next_us) is not plan.trigger_level:
                watch.alike = 0
            elif alike < missing:
                watch.alike += alike
            else:
                watch.alike = 0
                watch.samples = bytearray((plan.trigger_level,)) * min(plan.trigger_samples, watch.count)
                watch.next_us += missing * plan.interval_us
                return
            watch.next_us += alike * plan.interval_us
